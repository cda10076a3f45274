import type { Node, SelectStmt } from '@pgsql/types';
import type { Catalog } from '../../model/catalog.js';
import { bodyOf } from '../walk.js';
import { aggregateCalls, emptyValueOf, isGrouped, isSameForRepeats } from './aggregates.js';
import { callsWindow } from './column-names.js';

/** Tells of SELECT DISTINCT, and not DISTINCT ON. */
export function isWholeDistinct({ distinctClause = [] }: Pick<SelectStmt, 'distinctClause'>): boolean {
  const [first, second] = distinctClause;
  return first !== undefined && second === undefined && Object.keys(first).length === 0;
}

/** Tells of SELECT DISTINCT, of rows that are not grouped. */
export function isPlainDistinct(select: SelectStmt): boolean {
  return isWholeDistinct(select) && select.groupClause === undefined && select.havingClause === undefined;
}

/** Tells whether a query groups its rows, and takes of each group what is the same however often a row is repeated. */
export function groupsWithoutCount(select: SelectStmt, catalog: Catalog): boolean {
  const outside = [select.targetList, select.havingClause, select.sortClause, select.distinctClause];
  if (!isGrouped(select, catalog) || callsWindow(outside)) return false;
  const calls = aggregateCalls(outside, catalog);
  const isSame = calls.every((node) => {
    const call = bodyOf(node, 'FuncCall');
    return call !== null && isSameForRepeats(call) && emptyValueOf(call, catalog) !== null;
  });
  return isSame && !mayAggregate(outside, { calls, catalog });
}

/** Functions of one row; what an extension calls its aggregates is not known. */
const OF_ONE_ROW: ReadonlySet<string> = new Set(
  `lower upper initcap length concat left right btrim date_trunc date_part extract to_char date timezone
   round floor ceil ceiling trunc abs`.split(/\s+/),
);

/** Tells whether there is a call besides known aggregates that may be one: around those there is none. */
function mayAggregate(value: unknown, known: { readonly calls: readonly Node[]; readonly catalog: Catalog }): boolean {
  if (Array.isArray(value)) return value.some((item) => mayAggregate(item, known));
  if (typeof value !== 'object' || value === null || known.calls.includes(value as Node)) return false;
  if ('JsonArrayAgg' in value || 'JsonObjectAgg' in value) return true;
  const { funcname, args } = bodyOf(value as Node, 'FuncCall') ?? {};
  const name = bodyOf(funcname?.at(-1), 'String')?.sval;
  const isKnown = name === undefined || OF_ONE_ROW.has(name) || aggregateCalls(args, known.catalog).length > 0;
  return !isKnown || mayAggregate(Object.values(value), known);
}

/** Tells whether a query gives the same rows however often those that it reads are repeated. */
export function hidesRepeats(select: SelectStmt, catalog: Catalog): boolean {
  if (groupsWithoutCount(select, catalog)) return true;
  return isPlainDistinct(select) && !isGrouped(select, catalog) && !callsWindow([select.targetList, select.sortClause]);
}
