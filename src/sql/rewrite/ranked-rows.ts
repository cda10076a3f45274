import type { Node, RangeSubselect, SelectStmt } from '@pgsql/types';
import { bodyOf } from '../walk.js';
import { isGrouped } from './aggregates.js';
import { callsWindow } from './column-names.js';
import { isPlainBut } from './keyed-subquery.js';
import {
  bigintNode,
  columnName,
  columnNode,
  comparisonOf,
  integerNode,
  partsOf,
  rangeNode,
  replaceNode,
  selectNode,
  stringNode,
  targetNode,
} from './nodes.js';
import { besideParents, childOf, type ParentContext, tiedTo } from './parent-keys.js';

/**
 * Writes the queries in FROM that number the rows of each value of a foreign key, of which the first ones are asked for, as
 * a look for these for each row that the key refers to; tells whether there are such.
 */
export function rankFirstRows({ fromClause = [], whereClause }: SelectStmt, context: ParentContext): boolean {
  let isChanged = false;
  for (const { range, quals } of derivedIn(fromClause)) {
    const conditions = [...partsOf(whereClause), ...quals];
    const query = bodyOf(range.subquery, 'SelectStmt');
    const written = query === null ? null : firstOf(query, { range, conditions, context });
    if (query === null || written === null) continue;
    replaceNode(query, written as Node);
    isChanged = true;
  }
  return isChanged;
}

/** Queries of FROM, with the conditions of the inner joins around them. */
function derivedIn(
  items: readonly Node[],
): readonly { readonly range: RangeSubselect; readonly quals: readonly Node[] }[] {
  return items.flatMap((item) => {
    const range = bodyOf(item, 'RangeSubselect');
    if (range !== null) return range.lateral === true ? [] : [{ range, quals: [] }];
    const { larg, rarg, quals, jointype = 'JOIN_INNER' } = bodyOf(item, 'JoinExpr') ?? {};
    const sides = [larg, rarg].map((side) => derivedIn(side === undefined ? [] : [side]));
    const [left = [], right = []] = sides;
    const own = partsOf(quals);
    const isLeft = jointype === 'JOIN_LEFT';
    if (jointype !== 'JOIN_INNER' && !isLeft) return [];
    // What an outer join asks of its right side is asked of its rows as well.
    return [
      ...left.map((each) => (isLeft ? each : { ...each, quals: [...each.quals, ...own] })),
      ...right.map((each) => ({ ...each, quals: [...each.quals, ...own] })),
    ];
  });
}

interface Standing {
  readonly range: RangeSubselect;
  readonly conditions: readonly Node[];
  readonly context: ParentContext;
}

function firstOf(query: SelectStmt, { range, conditions, context }: Standing): SelectStmt | null {
  const { targetList = [], fromClause = [] } = query;
  const ranked = targetList.filter((target) => 'over' in (bodyOf(bodyOf(target, 'ResTarget')?.val, 'FuncCall') ?? {}));
  const [target] = ranked;
  // Another window would see the first rows alone.
  const isOnly = !callsWindow(targetList.filter((each) => each !== target));
  const { name, val } = bodyOf(target, 'ResTarget') ?? {};
  const { funcname, over, args } = bodyOf(val, 'FuncCall') ?? {};
  const { partitionClause = [], orderClause = [] } = over ?? {};
  const [by, further] = partitionClause;
  const isNumber = bodyOf(funcname?.at(-1), 'String')?.sval === 'row_number' && (args ?? []).length === 0;
  const count = mostOf(conditions, { alias: range.alias?.aliasname, name: name ?? 'row_number' });
  if (!isOnly || !isNumber || further !== undefined || orderClause.length === 0 || count === null) return null;
  if (range.alias?.colnames !== undefined || !isPlainBut(query, []) || isGrouped(query, context.catalog)) return null;
  const child = over?.name === undefined ? childOf(query, columnName(by), context) : null;
  if (child === null || val === undefined) return null;
  const title = context.names.next('place');
  const star: Node = { ResTarget: { val: { ColumnRef: { fields: [stringNode(child.alias), { A_Star: {} }] } } } };
  const inOrder: Node = {
    FuncCall: {
      ...bodyOf(val, 'FuncCall'),
      over: { orderClause: structuredClone(orderClause), frameOptions: over?.frameOptions ?? 0 },
    },
  };
  // Beneath a window a sort does not know that one row is enough.
  const number = count === 1 ? bigintNode(integerNode(1)) : inOrder;
  const rows = selectNode({
    ...{ targetList: [star, targetNode(number, title)], fromClause: structuredClone(fromClause) },
    ...{ whereClause: tiedTo(child, query), sortClause: structuredClone(orderClause) },
    ...{ limitCount: integerNode(count), limitOption: 'LIMIT_OPTION_COUNT' },
  });
  const columns = child.table.columns.filter(({ dropped }) => !dropped);
  const targets = targetList.flatMap((each): Node[] => {
    if (each === target) return [targetNode(columnNode(child.alias, title), name ?? 'row_number')];
    // The number is one column more now.
    const fields = bodyOf(bodyOf(each, 'ResTarget')?.val, 'ColumnRef')?.fields ?? [];
    const isStar = fields.some((field) => 'A_Star' in field);
    return isStar ? columns.map((column) => ({ ResTarget: { val: columnNode(child.alias, column.name) } })) : [each];
  });
  return selectNode({
    targetList: targets,
    fromClause: besideParents(child, rangeNode(structuredClone(rows), child.alias, true)),
  });
}

/** How many of the first numbers conditions ask for at most: `rn = 1`, `rn <= 3`; null where they ask for more. */
function mostOf(
  conditions: readonly Node[],
  { alias, name }: { readonly alias: string | undefined; readonly name: string },
): number | null {
  for (const part of conditions) {
    const { operator = '', left, right } = comparisonOf(part) ?? {};
    const fields = bodyOf(left, 'ColumnRef')?.fields ?? [];
    const qualifier = fields.length > 1 ? bodyOf(fields[0], 'String')?.sval : alias;
    const value = bodyOf(right, 'A_Const')?.ival?.ival ?? 0;
    if (columnName(left) !== name || qualifier !== alias || value < 1) continue;
    if (operator === '<=' || (operator === '=' && value === 1)) return value;
    if (operator === '<' && value > 1) return value - 1;
  }
  return null;
}
