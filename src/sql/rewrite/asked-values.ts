import type { Node, SelectStmt } from '@pgsql/types';
import type { Catalog } from '../../model/catalog.js';
import { bodyOf } from '../walk.js';
import { emptyValueOf } from './aggregates.js';
import { isPlainBut } from './keyed-subquery.js';
import { columnName, integerNode, referenceOf } from './nodes.js';
import { isWholeDistinct } from './repeats.js';

/** What a query asks that gives the values of a column, each once, or their number. */
export interface AskedValues {
  /** The column. */
  readonly reference: Node;
  /** What the query's one output is called. */
  readonly title: string;
  readonly isCounted: boolean;
}

const CLAUSES = ['distinctClause', 'groupClause', 'sortClause', 'limitCount', 'limitOffset', 'withClause'] as const;

/**
 * Reads `SELECT DISTINCT key`, `SELECT key … GROUP BY key`, `SELECT count(DISTINCT key)`, the first two in whatever order
 * of the key; null for any other query.
 */
export function askedValues(select: SelectStmt, catalog: Catalog): AskedValues | null {
  const [target, second] = (select.targetList ?? []).map((each) => bodyOf(each, 'ResTarget'));
  const counted = countedBy(target?.val, catalog);
  const reference = counted ?? target?.val;
  const key = columnName(reference);
  if (target == null || second !== undefined || reference === undefined || key === null) return null;
  if (counted !== null)
    return isPlainBut(select, ['withClause']) ? { reference, title: target.name ?? 'count', isCounted: true } : null;
  const title = target.name ?? key;
  const { groupClause = [], sortClause = [] } = select;
  const isGrouped = groupClause.length === 1 && (isFirst(groupClause[0]) || columnName(groupClause[0]) === key);
  const isOrderKnown = sortClause.every((node) => {
    const { node: sort, useOp } = bodyOf(node, 'SortBy') ?? {};
    return useOp === undefined && sort !== undefined && (isFirst(sort) || isTitled(sort, { title, key }));
  });
  const isAsked = isGrouped !== isWholeDistinct(select) && isPlainBut(select, CLAUSES);
  return isAsked && isOrderKnown ? { reference, title, isCounted: false } : null;
}

/** The clauses that choose and sort rows, of a query whose one output is what was asked for. */
export function sortedAndCut({
  sortClause,
  limitCount,
  limitOffset,
  limitOption,
}: SelectStmt): Pick<SelectStmt, 'sortClause' | 'limitCount' | 'limitOffset' | 'limitOption'> {
  return {
    ...(sortClause === undefined ? {} : { sortClause: sortClause.map(byPlace) }),
    ...(limitCount === undefined ? {} : { limitCount }),
    ...(limitOffset === undefined ? {} : { limitOffset }),
    ...(limitOption === undefined ? {} : { limitOption }),
  };
}

/** What `count(DISTINCT …)` counts; null for any other expression. */
function countedBy(value: Node | undefined, catalog: Catalog): Node | null {
  const call = bodyOf(value, 'FuncCall');
  const isCount = call?.agg_distinct === true && emptyValueOf(call, catalog) === 'zero';
  const name = bodyOf(call?.funcname?.at(-1), 'String')?.sval;
  const isPlain = isCount && name === 'count' && call.agg_filter === undefined && call.args?.length === 1;
  return isPlain ? (call.args?.[0] ?? null) : null;
}

function isFirst(node: Node | undefined): boolean {
  return bodyOf(node, 'A_Const')?.ival !== undefined;
}

/** A name alone is the output's; one with the table's name is the column's. */
function isTitled(node: Node, { title, key }: { readonly title: string; readonly key: string }): boolean {
  const reference = bodyOf(node, 'ColumnRef');
  const named = reference === null ? null : referenceOf(reference);
  return named !== null && (named.name === key || (named.qualifier === null && named.name === title));
}

/** There is one column to sort by. */
function byPlace(node: Node): Node {
  const sort = bodyOf(node, 'SortBy');
  return sort === null ? node : { SortBy: { ...sort, node: integerNode(1) } };
}
