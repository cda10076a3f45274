import type { FuncCall, Node, SelectStmt } from '@pgsql/types';
import type { Catalog } from '../../model/catalog.js';
import { deparseStatement } from '../deparse.js';
import { parseStatement } from '../parse.js';
import { isGrouped, isVolatile } from '../rewrite/aggregates.js';
import { keepColumnNames } from '../rewrite/column-names.js';
import { replaceNode, selectNode } from '../rewrite/nodes.js';
import { bodyOf, visit } from '../walk.js';

/**
 * Writes a page that bears a total of all rows, `count(*) OVER ()`, so that the total is a query of its own. Null where a
 * query has none, or counts groups.
 */
export function totalOfPage(sql: string, catalog: Catalog): string | null {
  const { tree } = parseStatement(sql);
  const select = bodyOf(tree, 'SelectStmt');
  if (select === null || select.limitCount === undefined || !isPlain(select) || isVolatile(select, catalog))
    return null;
  const totals = totalsIn(select.targetList);
  if (totals.length === 0 || isGrouped(select, catalog)) return null;
  keepColumnNames(select.targetList, (value) => totalsIn([value]).length > 0);
  const { fromClause, whereClause } = select;
  for (const total of totals) {
    const { over: _, ...call } = bodyOf(total, 'FuncCall') ?? {};
    const rows = selectNode({
      targetList: [{ ResTarget: { val: { FuncCall: call } } }],
      ...(fromClause === undefined ? {} : { fromClause }),
      ...(whereClause === undefined ? {} : { whereClause }),
    });
    replaceNode(total, {
      SubLink: { subLinkType: 'EXPR_SUBLINK', subselect: { SelectStmt: structuredClone(rows) } },
    });
  }
  return deparseStatement(tree);
}

function isPlain({ larg, distinctClause, lockingClause, windowClause, limitOption }: SelectStmt): boolean {
  const clauses = [larg, distinctClause, lockingClause, windowClause];
  return clauses.every((clause) => clause === undefined) && limitOption !== 'LIMIT_OPTION_WITH_TIES';
}

/** Calls over all rows at once, whatever their order. */
function totalsIn(targets: readonly Node[] | undefined): readonly Node[] {
  const found: Node[] = [];
  const read = (value: unknown): void => {
    if (Array.isArray(value)) for (const item of value) read(item);
    if (typeof value !== 'object' || value === null || Array.isArray(value) || 'SubLink' in value) return;
    const call = bodyOf(value as Node, 'FuncCall');
    if (call !== null && isTotal(call)) found.push(value as Node);
    else for (const child of Object.values(value)) read(child);
  };
  read(targets);
  return found;
}

const OF_ALL_ROWS = ['count', 'sum', 'avg', 'min', 'max', 'bool_and', 'bool_or', 'every'];
/** What the parser sets where no frame is written. */
const FRAME_DEFAULT = 1058;

function isTotal({ funcname, over, args }: FuncCall): boolean {
  const name = bodyOf(funcname?.at(-1), 'String')?.sval ?? '';
  if (over === undefined || !OF_ALL_ROWS.includes(name)) return false;
  const { partitionClause, orderClause, name: windowName, refname, frameOptions } = over;
  const clauses = [partitionClause, orderClause, windowName, refname];
  return clauses.every((clause) => clause === undefined) && frameOptions === FRAME_DEFAULT && !callsWithin(args);
}

function callsWithin(args: readonly Node[] | undefined): boolean {
  let found = false;
  visit(args, (_, body) => {
    found ||= body['over'] !== undefined;
    return !found;
  });
  return found;
}
