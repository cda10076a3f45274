import type { FuncCall, Node, RangeVar } from '@pgsql/types';
import type { Catalog } from '../../model/catalog.js';
import { canonical } from '../canonical.js';
import { bodyOf, visit } from '../walk.js';
import { aggregateCalls, emptyValueOf, isVolatile } from './aggregates.js';
import { holdsQuery } from './column-names.js';
import { givesSettledColumns, isOfGroups } from './grouped-level.js';
import { isPlainBut } from './keyed-subquery.js';
import { refuseLeftOpen } from './left-open.js';
import { type LevelRelation, rangeOf, relationIn, relationOf } from './level-names.js';
import { columnName, integerNode, isOne, operatorNode, referenceOf, referencesIn, stringNode } from './nodes.js';
import { type OwnTies, ownTiesOf } from './own-ties.js';
import { givesRows } from './set-returning.js';
import { spelledSort } from './spelled-sort.js';
import type { Level, SubquerySite } from './subquery-sites.js';
import { GIVES_ROWS, type RewriteContext, refuseJoin } from './technique.js';

/** A subquery about the rows of the same table that the row around it is of. */
export interface OwnRows {
  readonly site: SubquerySite;
  readonly relation: LevelRelation;
  /** All of the relation. */
  readonly columns: readonly string[];
  /** The table in FROM around it, which its rows with the window can take the place of; null in UPDATE and DELETE. */
  readonly range: Node | null;
  readonly ties: OwnTies;
  /** What the subquery gives; for the first row of an order, `last_value` or `first_value` of its window. */
  readonly target: Node;
  /** The calls in it that the window computes. */
  readonly calls: readonly Node[];
  /** It is a row's value, or its rank, which no FILTER can be put to. */
  readonly isRow: boolean;
  /** What it gives for a row that is tied to none by a NULL; undefined for NULL. */
  readonly empty?: Node;
}

/** Reads a subquery that a window of its own table can answer; a text says why it is none. */
export function ownRowsOf(site: SubquerySite, context: RewriteContext): OwnRows | string {
  const { catalog } = context;
  const { level, select, link, references } = site;
  if (link.subLinkType !== 'EXPR_SUBLINK') return 'it gives no single value';
  const refusal = refuseWindow(site, context);
  if (refusal !== null) return refusal;
  const around = new Set(references.map((reference) => relationOf(reference, level.relations)));
  const [relation, second] = around;
  if (relation == null || second !== undefined || relation.columns === null)
    return 'it reads other rows than those around it';
  const inside = onlyTable(select.fromClause);
  const range = level.kind === 'select' ? rangeOf(level.body.fromClause, relation.alias) : null;
  const written = level.kind === 'select' || relation !== level.relations[0] ? undefined : level.body.relation;
  const outer = bodyOf(range ?? undefined, 'RangeVar') ?? written;
  if (inside === null || outer === undefined || sourceOf(inside) !== sourceOf(outer))
    return 'it reads another table than the one around it';
  if (level.kind === 'select' && givesSettledColumns(level.body, { ...level, relation }, catalog))
    return SETTLED_BY_KEY;
  if (isVolatile(select, catalog)) return 'it calls a function that is not the same each time';
  const ties = ownTiesOf(site, catalog);
  if (typeof ties === 'string') return ties;
  if (holdsQuery([ties.rest, select.targetList])) return 'it holds a subquery itself';
  const value = ownValueOf(site, ties, { catalog, nameOf: columnName });
  if (value === null) return 'it is no aggregate that a window computes';
  const open = refuseLeftOpen(site, { value, ties, nameOf: columnName }, catalog);
  if (open !== null) return open;
  return { site, relation, columns: [...relation.columns.keys()], range, ties, ...value };
}

export const SETTLED_BY_KEY = 'the groups around it give what a primary key settles, of which a query in FROM has none';

/** Why what a subquery gives cannot come from a window over the rows around; null where it can. */
export function refuseWindow(site: SubquerySite, context: RewriteContext): string | null {
  const { level, place } = site;
  if (level.kind !== 'select') return refuseJoin(site, context);
  if (place === 'other') return 'it stands where no join of the level reaches';
  if (givesRows(site.select.targetList, context.catalog)) return GIVES_ROWS;
  if (level.body.lockingClause !== undefined) return 'the rows around it are locked';
  if (isOfGroups(site, context.catalog)) return 'it is computed when the rows are grouped';
  if (namesSystemColumns(level)) return 'a column is named that a table alone has';
  if (namesWholeRows(level)) return 'a whole row is named, which the window would be one more column of';
  // The window's column would be one more of those that are joined by their names.
  if (canonical(level.body.fromClause).includes('"isNatural":true')) return 'columns of the same name are joined';
  return place === 'order' && level.body.distinctClause !== undefined
    ? 'DISTINCT sorts by its own columns alone'
    : null;
}

const SYSTEM_COLUMNS: ReadonlySet<string> = new Set(['ctid', 'tableoid', 'xmin', 'xmax', 'cmin', 'cmax']);

function namesSystemColumns({ body }: Level): boolean {
  return referencesIn(body).some(({ ColumnRef }) => SYSTEM_COLUMNS.has(referenceOf(ColumnRef)?.name ?? ''));
}

/** `row_to_json(o)`, `count(o.*)`; a star among the columns that are given is none. */
function namesWholeRows({ body, relations }: Level): boolean {
  const given = new Set<unknown>();
  let isFound = false;
  visit(body, (kind, node) => {
    if (kind === 'ResTarget') given.add(bodyOf(node['val'] as Node | undefined, 'ColumnRef'));
    if (kind !== 'ColumnRef') return !isFound;
    const named = referenceOf(node);
    if (named === null) isFound ||= !given.has(node);
    else
      isFound ||=
        named.qualifier === null &&
        relations.some(({ alias }) => alias === named.name) &&
        relationIn(relations, named) === null;
    return !isFound;
  });
  return isFound;
}

function onlyTable(items: readonly Node[] | undefined): RangeVar | null {
  const [first, second] = items ?? [];
  return second === undefined ? bodyOf(first, 'RangeVar') : null;
}

/** What a table in FROM reads, whatever it is called there; its columns have their own names. */
export function sourceOf({ schemaname, relname, inh, alias }: RangeVar): string {
  return canonical([schemaname, relname, inh, alias?.colnames]);
}

/** What a subquery gives, and the calls in it that a window computes. */
export type OwnValue = Pick<OwnRows, 'target' | 'calls' | 'isRow' | 'empty'>;

/** What a value is read with. */
interface ValueReading {
  readonly catalog: Catalog;
  /** Names a column so that those of the rows around and those inside that are alike have one name. */
  readonly nameOf: (node: Node | undefined) => string | null;
}

/** Reads the one value of a subquery; null where no window computes it. */
export function ownValueOf({ select }: SubquerySite, ties: OwnTies, reading: ValueReading): OwnValue | null {
  const { catalog } = reading;
  const [target, second] = select.targetList ?? [];
  const value = bodyOf(target, 'ResTarget')?.val;
  if (value === undefined || second !== undefined) return null;
  const calls = aggregateCalls(value, catalog);
  const rank = calls[0] === value && isPlainBut(select, []) ? rankOf(value, ties, reading) : null;
  if (rank !== null) return rank;
  if (calls.length > 0) {
    const isFit = calls.every(
      (call) => !isUnfit(call) && emptyValueOf(bodyOf(call, 'FuncCall') ?? {}, catalog) !== null,
    );
    return isFit && isPlainBut(select, []) ? { target: value, calls, isRow: false } : null;
  }
  const isFirst = isPlainBut(select, ['sortClause', 'limitCount']) && isOne(select.limitCount);
  const name = isFirst ? endOf(spelledSort(select), ties, reading) : null;
  if (name === null) return null;
  const call: Node = {
    FuncCall: { funcname: [stringNode(name)], args: [value], funcformat: 'COERCE_EXPLICIT_CALL' },
  };
  return { target: call, calls: [call], isRow: true };
}

/** The distinct values of the ordering column up to the row around count as its rank does. */
function rankOf(call: Node, { order }: OwnTies, { catalog, nameOf }: ValueReading): OwnValue | null {
  const { funcname, args = [], agg_distinct, agg_filter, agg_order }: FuncCall = bodyOf(call, 'FuncCall') ?? {};
  const [column, second] = order?.columns ?? [];
  const isCount = bodyOf(funcname?.at(-1), 'String')?.sval === 'count' && agg_distinct === true;
  const isPlain = agg_filter === undefined && agg_order === undefined && args.length === 1;
  const isKnown = funcname !== undefined && emptyValueOf({ funcname }, catalog) === 'zero';
  const isOfOrder = column !== undefined && second === undefined && nameOf(args[0]) === nameOf(column);
  if (order === null || !isCount || !isPlain || !isKnown || !isOfOrder) return null;
  const rank: Node = { FuncCall: { funcname: [stringNode('dense_rank')], funcformat: 'COERCE_EXPLICIT_CALL' } };
  const target = order.operator.endsWith('=') ? rank : operatorNode('-', rank, integerNode(1));
  return { target, calls: [rank], isRow: true, empty: integerNode(0) };
}

/** Which end of the window is the first row of the subquery's order; null where it is neither. */
function endOf(
  sort: readonly Node[],
  { order }: OwnTies,
  { nameOf }: ValueReading,
): 'first_value' | 'last_value' | null {
  const sorts = sort.map((node) => bodyOf(node, 'SortBy'));
  const [first] = sorts;
  if (order === null || first == null || sorts.length > order.columns.length) return null;
  const isAlike = sorts.every((each, place) => {
    const name = nameOf(each?.node);
    const isSameWay = (each?.sortby_dir === 'SORTBY_DESC') === (first.sortby_dir === 'SORTBY_DESC');
    return name !== null && name === nameOf(order.columns[place]) && isSameWay && each?.useOp === undefined;
  });
  if (!isAlike) return null;
  const isWindowDescending = order.operator.startsWith('>');
  return (first.sortby_dir === 'SORTBY_DESC') === isWindowDescending ? 'first_value' : 'last_value';
}

function isUnfit(call: Node): boolean {
  const { agg_distinct, agg_order, agg_within_group } = bodyOf(call, 'FuncCall') ?? {};
  return agg_distinct === true || agg_order !== undefined || agg_within_group === true;
}
