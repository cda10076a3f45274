import type { FuncCall, Node, SelectStmt } from '@pgsql/types';
import type { Catalog } from '../../model/catalog.js';
import { MIRRORED } from '../mirrored.js';
import { bodyOf } from '../walk.js';
import { aggregateCalls, emptyValueOf, isGrouped } from './aggregates.js';
import { equalCounts } from './equal-counts.js';
import { existsOf } from './exists-query.js';
import { namesRange } from './group-sources.js';
import { isNeverNull, isPlainBut } from './keyed-subquery.js';
import { relationsOf } from './level-names.js';
import { comparisonOf, existsNode, isNotNull, isOne, notNode, partsOf, replaceNode } from './nodes.js';
import { isTruthAsked, type SubquerySite } from './subquery-sites.js';
import type { RewriteContext } from './technique.js';

/** Writes as EXISTS a value that is only asked whether there is a row: a count held against none, an IS NOT NULL. */
export function presenceToExists(site: SubquerySite, { catalog }: RewriteContext): string | null {
  const [target, second] = site.select.targetList ?? [];
  const value = bodyOf(target, 'ResTarget')?.val;
  if (value === undefined || second !== undefined) return 'it gives no single value';
  const presence =
    countedOutside(site, value, catalog) ??
    countedInside(site, value, catalog) ??
    countedTwice(site, catalog) ??
    testedForNull(site, value, catalog);
  if (presence === null) return 'it is compared with something else than none';
  const { node, isAsked, conditions, select = site.select } = presence;
  const own = presence.select === undefined ? partsOf(select.whereClause) : [];
  const query = existsNode(existsOf(select, [...own, ...conditions]));
  replaceNode(node, isAsked ? query : notNode(query));
  return null;
}

interface Presence {
  /** What EXISTS takes the place of. */
  readonly node: Node;
  /** False where it is asked for there being none. */
  readonly isAsked: boolean;
  /** Of the rows that count. */
  readonly conditions: readonly Node[];
  /** The query of the rows, of which the conditions are all; not given where it is the subquery. */
  readonly select?: SelectStmt;
}

/** `(SELECT count(*) …) = (SELECT count(*) … AND more)`: there is none that does not meet more. */
function countedTwice(site: SubquerySite, catalog: Catalog): Presence | null {
  return equalCounts(site, catalog, (select) => {
    const [target, second] = select.targetList ?? [];
    const value = second === undefined && isPlainBut(select, []) ? bodyOf(target, 'ResTarget')?.val : undefined;
    // Of repeated values one may meet more that the others do not.
    const isOfValues = bodyOf(value, 'FuncCall')?.agg_distinct === true;
    return value === undefined || isOfValues ? null : countedRows(value, select, catalog);
  });
}

/** `(SELECT count(*) …) > 0`, the count cast or with a coalesce around it or not. */
function countedOutside(site: SubquerySite, value: Node, catalog: Catalog): Presence | null {
  const conditions = countedRows(value, site.select, catalog);
  if (conditions === null || !isPlainBut(site.select, [])) return null;
  const path = [site.node, ...site.around];
  let at = 0;
  for (let next = path[1]; next !== undefined && passesOn(next, path[at] as Node); next = path[at + 1]) at += 1;
  const [count, node] = [path[at], path[at + 1]];
  const isAsked = node === undefined || count === undefined ? null : presenceOf(node, count);
  return node === undefined || isAsked === null ? null : { node, isAsked, conditions };
}

/** A count is never NULL, and the numbers that it may be cast to keep it apart from 0. */
function passesOn(around: Node, count: Node): boolean {
  if (bodyOf(around, 'CoalesceExpr')?.args?.[0] === count) return true;
  const name = bodyOf(bodyOf(around, 'TypeCast')?.typeName?.names?.at(-1), 'String')?.sval ?? '';
  return ['int4', 'int8', 'numeric', 'float8'].includes(name);
}

/** `(SELECT count(*) > 0 …)`. */
function countedInside({ node, select }: SubquerySite, value: Node, catalog: Catalog): Presence | null {
  const comparison = comparisonOf(value);
  const [call, further] = aggregateCalls(value, catalog);
  if (comparison === null || call === undefined || further !== undefined || !isPlainBut(select, [])) return null;
  const isAsked = presenceOf(value, call);
  const conditions = countedRows(call, select, catalog);
  return isAsked === null || conditions === null ? null : { node, isAsked, conditions };
}

/** What the rows that a plain count counts have to meet; null for anything else. */
function countedRows(value: Node, select: SelectStmt, catalog: Catalog): readonly Node[] | null {
  const call = bodyOf(value, 'FuncCall');
  const isCount = call !== null && emptyValueOf(call, catalog) === 'zero' && call.over === undefined;
  if (!isCount || call.agg_within_group === true) return null;
  return filledRows(call, select);
}

function filledRows({ args = [], agg_filter }: FuncCall, { fromClause }: SelectStmt): readonly Node[] | null {
  const [argument, further] = args;
  if (further !== undefined || (argument !== undefined && isWholeRow(argument, fromClause))) return null;
  return [...(argument === undefined ? [] : [isNotNull(argument)]), ...(agg_filter === undefined ? [] : [agg_filter])];
}

/** A row that is there IS NOT NULL where none of its fields is NULL alone. */
function isWholeRow(argument: Node, items: readonly Node[] = []): boolean {
  const { fields = [] } = bodyOf(argument, 'ColumnRef') ?? {};
  const [first, second] = fields.map((field) => bodyOf(field, 'String')?.sval);
  const isStar = fields.some((field) => 'A_Star' in field);
  return isStar || (first !== undefined && second === undefined && items.some((item) => namesRange(item, first)));
}

/** True where a comparison of a count asks for some, false where it asks for none, null for anything else. */
function presenceOf(around: Node, count: Node): boolean | null {
  const comparison = comparisonOf(around);
  if (comparison === null) return null;
  const isLeft = comparison.left === count;
  const other = isLeft ? comparison.right : comparison.left;
  const constant = bodyOf(other, 'A_Const');
  if (constant?.ival === undefined) return null;
  const number = constant.ival.ival ?? 0;
  const operator = isLeft ? comparison.operator : (MIRRORED[comparison.operator] ?? comparison.operator);
  return PRESENCE[`${operator} ${number}`] ?? null;
}

const PRESENCE: Readonly<Record<string, boolean>> = {
  ...{ '> 0': true, '>= 1': true, '<> 0': true, '!= 0': true },
  ...{ '= 0': false, '< 1': false, '<= 0': false },
};

/** Aggregates that give NULL where no value was given, and nowhere else. */
const OF_VALUES: ReadonlySet<string> = new Set(['min', 'max', 'sum', 'avg', 'bool_and', 'bool_or', 'every']);

/** `(SELECT x … LIMIT 1) IS NOT NULL`, `(SELECT max(x) …) IS NULL`, and a constant true that is asked for. */
function testedForNull(site: SubquerySite, value: Node, catalog: Catalog): Presence | null {
  const [around] = site.around;
  const test = bodyOf(around, 'NullTest');
  const rows =
    test === null
      ? constantRow(site, value, catalog)
      : (aggregatedRows(site, value, catalog) ?? firstRow(site, value, catalog));
  if (rows === null) return null;
  if (test === null || around === undefined) return { node: site.node, isAsked: true, conditions: rows };
  return { node: around, isAsked: test.nulltesttype === 'IS_NOT_NULL', conditions: rows };
}

function aggregatedRows({ select }: SubquerySite, value: Node, catalog: Catalog): readonly Node[] | null {
  const call = bodyOf(value, 'FuncCall');
  const name = bodyOf(call?.funcname?.at(-1), 'String')?.sval ?? '';
  const isKnown =
    call !== null && OF_VALUES.has(name) && emptyValueOf(call, catalog) === 'null' && call.over === undefined;
  return isKnown && isPlainBut(select, []) ? filledRows(call, select) : null;
}

function firstRow({ select, level }: SubquerySite, value: Node, catalog: Catalog): readonly Node[] | null {
  const relations = relationsOf(select.fromClause ?? [], { catalog, commonTables: level.commonTables });
  const isFirst = isPlainBut(select, ['sortClause', 'limitCount']) && isOne(select.limitCount);
  return isFirst && !isGrouped(select, catalog) && isNeverNull(value, relations) ? [] : null;
}

function constantRow(site: SubquerySite, value: Node, catalog: Catalog): readonly Node[] | null {
  const { select } = site;
  const isTrue = bodyOf(value, 'A_Const')?.boolval?.boolval === true;
  const isFirst = isPlainBut(select, ['sortClause', 'limitCount']) && isOne(select.limitCount);
  return isTrue && isFirst && !isGrouped(select, catalog) && isTruthAsked(site) ? [] : null;
}
