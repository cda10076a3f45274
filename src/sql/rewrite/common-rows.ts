import type { Node, SelectStmt } from '@pgsql/types';
import type { Catalog } from '../../model/catalog.js';
import { deparseStatement } from '../deparse.js';
import { parseStatement } from '../parse.js';
import { bodyOf, visit } from '../walk.js';
import { isVolatile } from './aggregates.js';
import { FreshNames } from './column-names.js';
import { isNeverNull, isWrittenOneWay } from './keyed-subquery.js';
import { columnIn } from './level-names.js';
import { allOf, columnNode, existsNode, integerNode, notNode, operatorNode, referenceOf, selectNode } from './nodes.js';
import { type SelectLevel, selectLevels } from './select-levels.js';

/** Most statements have neither, and need no parsing for that. */
const EITHER = /\b(intersect|except)\b/i;

/**
 * Writes INTERSECT and EXCEPT as EXISTS and NOT EXISTS, which look for the rows of one query alone among those of the other.
 * Null where there is none, or NULL or values that are equal and yet differ might tell the two apart.
 */
export function commonRows(sql: string, catalog: Catalog): string | null {
  if (!EITHER.test(sql)) return null;
  const { tree } = parseStatement(sql);
  if (isVolatile(tree, catalog)) return null;
  const levels = selectLevels(tree, catalog);
  const names = new FreshNames(tree);
  let isChanged = false;
  // An arm of another set operation is its fields alone, under no kind.
  visit(tree, (_, body) => {
    const select = body as SelectStmt;
    const written = withoutSetOperation(select, { levels, names });
    if (written === null) return;
    for (const field of ['op', 'all', 'larg', 'rarg'] as const) delete select[field];
    Object.assign(select, written);
    isChanged = true;
  });
  return isChanged ? deparseStatement(tree) : null;
}

interface Surroundings {
  readonly levels: readonly SelectLevel[];
  readonly names: FreshNames;
}

function withoutSetOperation(
  { op, all, larg, rarg }: SelectStmt,
  { levels, names }: Surroundings,
): Partial<SelectStmt> | null {
  if (op !== 'SETOP_INTERSECT' && op !== 'SETOP_EXCEPT') return null;
  const left = levels.find(({ select }) => select === larg);
  const right = levels.find(({ select }) => select === rarg);
  const titles = all === true || left === undefined || right === undefined ? null : titlesOf(left, right);
  // INTO belongs to the whole, and stands in its first query.
  if (titles === null || larg === undefined || rarg === undefined || larg.intoClause !== undefined) return null;
  const [one, other] = [names.next('one'), names.next('other')];
  const columns = titles.map(() => names.next('value'));
  const ties = columns.map((name) => operatorNode('=', columnNode(other, name), columnNode(one, name)));
  const tied = allOf(ties) as Node;
  const rows = selectNode({
    targetList: [{ ResTarget: { val: integerNode(1) } }],
    fromClause: [namedRange(rarg, other, columns)],
    whereClause: tied,
  });
  const isThere = existsNode(rows);
  return {
    distinctClause: [{}] as Node[],
    targetList: columns.map((name, place) => ({
      ResTarget: { val: columnNode(one, name), name: titles[place] as string },
    })),
    fromClause: [namedRange(larg, one, columns)],
    whereClause: op === 'SETOP_INTERSECT' ? isThere : notNode(isThere),
    op: 'SETOP_NONE',
  };
}

/** `(query) AS alias(columns)`. */
function namedRange(select: SelectStmt, aliasname: string, columns: readonly string[]): Node {
  const colnames = columns.map((sval): Node => ({ String: { sval } }));
  return { RangeSubselect: { subquery: { SelectStmt: select }, alias: { aliasname, colnames } } };
}

/** What the columns of the first query are called; null where `=` does not say of all of them that they are the same. */
function titlesOf(left: SelectLevel, right: SelectLevel): readonly string[] | null {
  const [ones, others] = [columnsOf(left), columnsOf(right)];
  if (ones === null || others === null || ones.length !== others.length || ones.length === 0) return null;
  const isAlike = ones.every(({ node, type }, place) => {
    const other = others[place];
    const isFilled =
      isNeverNull(node, left.relations) || (other !== undefined && isNeverNull(other.node, right.relations));
    const areExact =
      other !== undefined && isWrittenOneWay(node, left.relations) && isWrittenOneWay(other.node, right.relations);
    return areExact && isFilled && other.type === type;
  });
  return isAlike ? ones.map(({ title }) => title) : null;
}

interface OutputColumn {
  readonly node: Node;
  readonly title: string;
  readonly type: string;
}

/** The outputs of a query that gives columns of its tables alone; null for any other. */
function columnsOf({ select, relations }: SelectLevel): readonly OutputColumn[] | null {
  const outputs = (select.targetList ?? []).map((target): OutputColumn | null => {
    const { val, name } = bodyOf(target, 'ResTarget') ?? {};
    const named = val !== undefined && 'ColumnRef' in val ? referenceOf(val.ColumnRef) : null;
    const column = named === null ? null : columnIn(relations, named);
    if (val === undefined || named === null || column === null) return null;
    return { node: val, title: name ?? named.name, type: column.type };
  });
  return outputs.every((output) => output !== null) ? outputs : null;
}
