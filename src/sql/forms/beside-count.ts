import { deparseStatement } from '../deparse.js';
import { parseStatement } from '../parse.js';
import { rangeNode, rowCountNode, selectNode } from '../rewrite/nodes.js';
import { bodyOf, type NodeBody, visit } from '../walk.js';

/** Writes the one row of a query beside the number of rows of the first table that it reads: yes or no alone shows little. */
export function besideCount(sql: string): string {
  const { tree } = parseStatement(sql);
  const query = bodyOf(tree, 'SelectStmt');
  const own = new Set<unknown>();
  visit(tree, (kind, body) => {
    if (kind === 'CommonTableExpr') own.add(body['ctename']);
  });
  let table: NodeBody<'RangeVar'> | null = null;
  visit(tree, (kind, body) => {
    if (kind === 'RangeVar' && !own.has(body['relname'])) table ??= body as NodeBody<'RangeVar'>;
    return table === null;
  });
  if (query === null || table === null) return sql;
  const count = selectNode({
    targetList: [{ ResTarget: { val: rowCountNode() } }],
    fromClause: [{ RangeVar: structuredClone(table) }],
  });
  const both = selectNode({
    targetList: [{ ResTarget: { val: { ColumnRef: { fields: [{ A_Star: {} }] } } } }],
    fromClause: [rangeNode(query, 'answer'), rangeNode(count, 'counted')],
  });
  return deparseStatement({ SelectStmt: both }) ?? sql;
}
