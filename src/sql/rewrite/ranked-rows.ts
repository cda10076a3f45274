import type { Node, RangeSubselect, SelectStmt, SortBy } from '@pgsql/types';
import type { Catalog } from '../../model/catalog.js';
import { canonical } from '../canonical.js';
import { bodyOf } from '../walk.js';
import { isGrouped } from './aggregates.js';
import { callsWindow } from './column-names.js';
import type { Sight } from './group-sources.js';
import { isPlainBut } from './keyed-subquery.js';
import { qualified, relationsOf } from './level-names.js';
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
  const numbered = numberedOf(query, { range, conditions, catalog: context.catalog });
  if (numbered === null || !isPlainBut(query, [])) return null;
  const { target, title: name, key, count, number, order } = numbered;
  const child = childOf(query, columnName(key), context);
  if (child === null) return null;
  context.names.keepFrom(child.table.columns.map((column) => column.name));
  const title = context.names.next('place');
  const star: Node = { ResTarget: { val: { ColumnRef: { fields: [stringNode(child.alias), { A_Star: {} }] } } } };
  const rows = selectNode({
    ...{ targetList: [star, targetNode(number, title)], fromClause: structuredClone(query.fromClause ?? []) },
    ...{ whereClause: tiedTo(child, query), ...firstIn(order, count) },
  });
  const columns = child.table.columns.filter(({ dropped }) => !dropped);
  const targets = (query.targetList ?? []).flatMap((each): Node[] => {
    if (each === target) return [targetNode(columnNode(child.alias, title), name)];
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

/** A query that numbers the rows of each key, of which the first ones are asked for. */
interface Numbered {
  /** The number among what it gives, and its name there. */
  readonly target: Node;
  readonly title: string;
  readonly key: Node;
  /** So many are asked for. */
  readonly count: number;
  /** The number in a query for the rows of one key. */
  readonly number: Node;
  readonly order: readonly Node[];
}

function numberedOf(
  query: SelectStmt,
  { range, conditions, catalog }: Omit<Standing, 'context'> & { readonly catalog: Catalog },
): Numbered | null {
  const { targetList = [] } = query;
  const target = targetList.find((each) => 'over' in (bodyOf(bodyOf(each, 'ResTarget')?.val, 'FuncCall') ?? {}));
  // Another window would see the first rows alone.
  const isOnly = !callsWindow(targetList.filter((each) => each !== target));
  const { name = 'row_number', val } = bodyOf(target, 'ResTarget') ?? {};
  const { funcname, over, args } = bodyOf(val, 'FuncCall') ?? {};
  const { partitionClause = [], orderClause: order = [] } = over ?? {};
  const [key, further] = partitionClause;
  const isNumber = bodyOf(funcname?.at(-1), 'String')?.sval === 'row_number' && (args ?? []).length === 0;
  const count = mostOf(conditions, { alias: range.alias?.aliasname, name });
  if (target === undefined || !isOnly || !isNumber || order.length === 0 || count === null) return null;
  if (key === undefined || further !== undefined || over?.name !== undefined) return null;
  if (range.alias?.colnames !== undefined || isGrouped(query, catalog)) return null;
  const inOrder: Node = {
    FuncCall: {
      ...bodyOf(val, 'FuncCall'),
      over: { orderClause: structuredClone(order), frameOptions: over?.frameOptions ?? 0 },
    },
  };
  // Beneath a window a sort does not know that one row is enough.
  const number = count === 1 ? bigintNode(integerNode(1)) : inOrder;
  return { target, title: name, key, count, number, order };
}

function firstIn(order: readonly Node[], count: number): Partial<SelectStmt> {
  return {
    ...{ sortClause: structuredClone([...order]), limitCount: integerNode(count) },
    limitOption: 'LIMIT_OPTION_COUNT',
  };
}

/** Ends a query that numbers the rows of one key, and of no other, with the first ones where these alone are asked for. */
export function cutNumbered(range: RangeSubselect, conditions: readonly Node[], sight: Sight): void {
  const query = bodyOf(range.subquery, 'SelectStmt');
  const { catalog } = sight;
  const numbered = query === null || !isPlainBut(query, []) ? null : numberedOf(query, { range, conditions, catalog });
  if (query === null || numbered === null) return;
  const { target, title, number, order, count } = numbered;
  // Functions may give several rows, and ORDER BY takes a bare name for an output’s and a number for a place.
  const others = (query.targetList ?? []).filter((each) => each !== target);
  const relations = relationsOf(query.fromClause ?? [], sight);
  const sorted = order.flatMap((node) => {
    const { SortBy: sort } = structuredClone(node) as { readonly SortBy?: SortBy };
    const by = sort?.node === undefined || 'A_Const' in sort.node ? null : qualified(sort.node, relations, []);
    return by === null ? [] : [{ SortBy: { ...sort, node: by } }];
  });
  if (sorted.length < order.length || canonical(others).includes('"FuncCall"')) return;
  replaceNode(target, targetNode(number, title));
  Object.assign(query, firstIn(sorted, count));
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
