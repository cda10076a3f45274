import type { FuncCall, Node, SelectStmt } from '@pgsql/types';
import type { Catalog } from '../../model/catalog.js';
import { canonical } from '../canonical.js';
import { bodyOf } from '../walk.js';
import { aggregateCalls, emptyValueOf, isAggregateCall, isGrouped } from './aggregates.js';
import { holdsQuery } from './column-names.js';
import { isNeverNull, isPlainBut } from './keyed-subquery.js';
import { type LevelRelation, relationsOf } from './level-names.js';
import { coalesceNode, integerNode, isOne, partsOf, referencesIn, replaceNode, stringNode } from './nodes.js';
import { spelledSort } from './spelled-sort.js';
import type { SubquerySite } from './subquery-sites.js';

/** What a subquery that gives an aggregate of rows selects. */
export interface Aggregated {
  /** Its expression, the aggregates in it not yet replaced. */
  readonly target: Node;
  readonly calls: readonly Node[];
  /** By which its rows are grouped; none where all of them make one, be there no row. */
  readonly groups: readonly Node[];
  /** References to the row around that stand beside the aggregates, and may stay where these are replaced. */
  readonly left: readonly Node[];
}

/** Reads a subquery that gives an aggregate of rows; null for any other one, and where what it gives for none is not known. */
export function aggregatedOf({ select, link, level, references }: SubquerySite, catalog: Catalog): Aggregated | null {
  const isArray = link.subLinkType === 'ARRAY_SUBLINK';
  if (!isArray && link.subLinkType !== 'EXPR_SUBLINK') return null;
  const relations = relationsOf(select.fromClause ?? [], { catalog, commonTables: level.commonTables });
  const target = isArray ? arrayTarget(select, catalog) : aggregateTarget(select, relations);
  const calls = aggregateCalls(target, catalog);
  const isKnown = calls.every((call) => emptyValueOf(bodyOf(call, 'FuncCall') ?? {}, catalog) !== null);
  if (target === null || calls.length === 0 || !isKnown) return null;
  const left = besideCalls(target, catalog).filter((node) => references.includes(node));
  return { target, calls, groups: select.groupClause ?? [], left };
}

/** What a plain aggregate query selects; the first row of an order in which NULL is not first is its extreme. */
function aggregateTarget(select: SelectStmt, relations: readonly LevelRelation[]): Node | null {
  const [target, second] = select.targetList ?? [];
  const value = bodyOf(target, 'ResTarget')?.val;
  if (value === undefined || second !== undefined || holdsQuery([value, select.havingClause])) return null;
  if (isPlainBut(select, ['groupClause', 'havingClause'])) return havingAsked(select, value);
  const [sort, further] = select.sortClause ?? [];
  const { node, sortby_dir, sortby_nulls, useOp } = bodyOf(sort, 'SortBy') ?? {};
  const isFirst = isPlainBut(select, ['sortClause', 'limitCount']) && isOne(select.limitCount);
  if (!isFirst || node === undefined || further !== undefined || useOp !== undefined) return null;
  const isDescending = sortby_dir === 'SORTBY_DESC';
  const isNullLast = sortby_nulls === 'SORTBY_NULLS_LAST' || (!isDescending && sortby_nulls !== 'SORTBY_NULLS_FIRST');
  const [by] = spelledSort(select).map((each) => bodyOf(each, 'SortBy')?.node);
  const isOfValue = canonical(by) === canonical(value);
  if (!isOfValue || !(isNullLast || isNeverNull(value, relations) || isAskedNotNull(value, select))) return null;
  const name = isDescending ? 'max' : 'min';
  return { FuncCall: { funcname: [stringNode(name)], args: [value], funcformat: 'COERCE_EXPLICIT_CALL' } };
}

/** Tells whether a query leaves out the rows for which an expression is NULL. */
export function isAskedNotNull(value: Node, { whereClause }: SelectStmt): boolean {
  return partsOf(whereClause).some((part) => {
    const test = bodyOf(part, 'NullTest');
    return test?.nulltesttype === 'IS_NOT_NULL' && canonical(test.arg) === canonical(value);
  });
}

function havingAsked({ havingClause }: SelectStmt, value: Node): Node {
  if (havingClause === undefined) return value;
  return { CaseExpr: { args: [{ CaseWhen: { expr: havingClause, result: value } }] } };
}

/** What `ARRAY (SELECT …)` puts together, as an aggregate. */
function arrayTarget(select: SelectStmt, catalog: Catalog): Node | null {
  const value = bodyOf(select.targetList?.[0], 'ResTarget')?.val;
  const isPlain = isPlainBut(select, ['sortClause']) && !isGrouped(select, catalog);
  if (value === undefined || !isPlain || holdsQuery(value)) return null;
  const sort = spelledSort(select);
  const call: Node = {
    FuncCall: {
      ...{ funcname: [stringNode('array_agg')], args: [value], funcformat: 'COERCE_EXPLICIT_CALL' },
      ...(sort.length === 0 ? {} : { agg_order: [...sort] }),
    },
  };
  // Of no rows it is an array of none, and no NULL.
  return coalesceNode([call, { A_Const: { sval: { sval: '{}' } } }]);
}

/** References of an expression that stand in no aggregate call. */
function besideCalls(expression: Node, catalog: Catalog): readonly Node[] {
  return referencesIn(expression, (node) => isAggregateCall(node, catalog));
}

/**
 * Gives what a subquery gave, of the columns that its aggregates have become. Without GROUP BY a count of no rows is 0,
 * and no row was joined.
 */
export function writtenValue({ target, groups }: Aggregated, columns: readonly Node[], catalog: Catalog): Node {
  const value = structuredClone(target);
  const calls = aggregateCalls(value, catalog);
  const written = calls.map((call, place) => {
    const isCount = emptyValueOf((bodyOf(call, 'FuncCall') ?? {}) as FuncCall, catalog) === 'zero';
    const column = columns[place] ?? { A_Const: { isnull: true } };
    return isCount && groups.length === 0 ? coalesceNode([column, integerNode(0)]) : column;
  });
  if (calls[0] === value) return written[0] ?? value;
  for (const [place, call] of calls.entries()) replaceNode(call, written[place] ?? call);
  return value;
}
