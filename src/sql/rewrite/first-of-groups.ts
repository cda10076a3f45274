import type { Node, SelectStmt, WindowDef } from '@pgsql/types';
import type { Catalog } from '../../model/catalog.js';
import { canonical } from '../canonical.js';
import { bodyOf } from '../walk.js';
import { isGrouped } from './aggregates.js';
import { callsWindow, holdsQuery, keepColumnNames } from './column-names.js';
import { holdsGroupingSet } from './grouped-level.js';
import { expressionType, isPlainBut } from './keyed-subquery.js';
import type { LevelRelation } from './level-names.js';
import { columnName, targetNode } from './nodes.js';
import { isWholeDistinct } from './repeats.js';
import { ascending } from './row-join.js';
import { type LevelContext, rewriteLevels, type SelectLevel } from './select-levels.js';

/**
 * Writes queries that compute the first row of each group for every row, by first_value and DISTINCT, or that put all rows
 * of a group in an array to take the first, with DISTINCT ON. Null where there are none.
 */
export function firstOfGroups(sql: string, catalog: Catalog): string | null {
  return rewriteLevels(sql, catalog, pickFirst);
}

/** The first value of an order within groups. */
interface FirstValue {
  readonly value: Node;
  readonly order: readonly Node[];
  /** By which the rows of its window are parted; null for an array of a group. */
  readonly parts: readonly Node[] | null;
}

function pickFirst({ select, relations }: SelectLevel, { catalog }: LevelContext): boolean {
  const { targetList = [], groupClause } = select;
  const isDistinct = isWholeDistinct(select);
  if (holdsQuery(targetList) || holdsGroupingSet(select)) return false;
  const outputs = targetList.map((target) => bodyOf(target, 'ResTarget')?.val);
  const firsts = outputs.map((value) => (isDistinct ? firstInWindow(value) : firstInArray(value)));
  const [first] = firsts.flatMap((each) => each ?? []);
  const keys = first?.parts ?? groupClause ?? [];
  const isWhole = isPlainBut(select, isDistinct ? ['distinctClause', 'withClause'] : ['groupClause', 'withClause']);
  if (first === undefined || keys.length === 0 || !isWhole || keys.some((key) => !('ColumnRef' in key))) return false;
  const window = canonical([first.parts, first.order]);
  const known = keys.map(canonical);
  const isFit = outputs.every((value, place) => {
    const own = firsts[place];
    if (own != null) return canonical([own.parts, own.order]) === window;
    return value !== undefined && known.includes(canonical(value));
  });
  // Each key stands among the outputs, or DISTINCT would leave out groups that are alike.
  const isTold = !isDistinct || known.every((key) => outputs.some((value) => canonical(value) === key));
  if (!isFit || !isTold || callsWindow([first.value, ...first.order]) || isGrouped(valuesOnly(first), catalog))
    return false;
  if (firsts.some((each) => each?.parts === null && givesLists(each.value, relations))) return false;
  keepColumnNames(targetList, () => true);
  const titles = targetList.map((target) => bodyOf(target, 'ResTarget')?.name ?? '');
  const given = outputs.map((value, place) => firsts[place]?.value ?? value);
  if ([...keys, ...first.order.map(sortedBy)].some((node) => meansOutput(node, titles, given))) return false;
  select.targetList = outputs.flatMap((value, place) => {
    const node = firsts[place]?.value ?? value;
    return node === undefined ? [] : [targetNode(node, titles[place] ?? '')];
  });
  select.distinctClause = structuredClone([...keys]);
  select.sortClause = structuredClone([...keys.map(ascending), ...first.order]);
  delete select.groupClause;
  return true;
}

function sortedBy(sort: Node): Node | undefined {
  return bodyOf(sort, 'SortBy')?.node;
}

/** A bare name in the order of a query means what it gives under it, and in that of a window does not. */
function meansOutput(node: Node | undefined, titles: readonly string[], given: readonly (Node | undefined)[]): boolean {
  const { fields = [] } = bodyOf(node, 'ColumnRef') ?? {};
  const name = fields.length === 1 ? columnName(node) : null;
  return titles.some((title, place) => title === name && canonical(given[place]) !== canonical(node));
}

/** Of an array of arrays one subscript gives no element. */
function givesLists(value: Node, relations: readonly LevelRelation[]): boolean {
  return /\[\]$/.test(expressionType(value, relations) ?? '');
}

function valuesOnly({ value }: FirstValue): SelectStmt {
  return { targetList: [{ ResTarget: { val: value } }] };
}

/** `first_value(value) OVER (PARTITION BY … ORDER BY …)`, whose frame begins with the part's first row. */
function firstInWindow(node: Node | undefined): FirstValue | null {
  const { funcname, args = [], over, agg_filter } = bodyOf(node, 'FuncCall') ?? {};
  const { partitionClause, orderClause, name, refname, frameOptions }: WindowDef = over ?? {};
  const [value, second] = args;
  const isFirst = bodyOf(funcname?.at(-1), 'String')?.sval === 'first_value' && second === undefined;
  const isPlain =
    name === undefined && refname === undefined && frameOptions === UP_TO_EQUALS && agg_filter === undefined;
  return isFirst && isPlain && value !== undefined && partitionClause !== undefined && orderClause !== undefined
    ? { value, order: orderClause, parts: partitionClause }
    : null;
}

/** FRAMEOPTION_DEFAULTS of the parser. */
const UP_TO_EQUALS = 1058;

/** `(array_agg(value ORDER BY …))[1]`. */
function firstInArray(node: Node | undefined): FirstValue | null {
  const { arg, indirection = [] } = bodyOf(node, 'A_Indirection') ?? {};
  const [subscript, further] = indirection;
  const { uidx, lidx } = bodyOf(subscript, 'A_Indices') ?? {};
  const isFirst = bodyOf(uidx, 'A_Const')?.ival?.ival === 1 && lidx === undefined && further === undefined;
  const { funcname, args = [], agg_order, agg_filter, agg_distinct } = bodyOf(arg, 'FuncCall') ?? {};
  const [value, second] = args;
  const isArray = bodyOf(funcname?.at(-1), 'String')?.sval === 'array_agg' && second === undefined;
  const isPlain = agg_filter === undefined && agg_distinct !== true;
  return isFirst && isArray && isPlain && value !== undefined && agg_order !== undefined
    ? { value, order: agg_order, parts: null }
    : null;
}
