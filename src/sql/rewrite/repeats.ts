import type { SelectStmt } from '@pgsql/types';
import type { Catalog } from '../../model/catalog.js';
import { bodyOf } from '../walk.js';
import { aggregateCalls, emptyValueOf, isGrouped, isSameForRepeats } from './aggregates.js';
import { callsWindow } from './column-names.js';

/** Tells of SELECT DISTINCT, of rows that are not grouped. */
export function isPlainDistinct({ distinctClause, groupClause, havingClause }: SelectStmt): boolean {
  const isWhole = distinctClause?.length === 1 && Object.keys(distinctClause[0] ?? {}).length === 0;
  return isWhole && groupClause === undefined && havingClause === undefined;
}

/** Tells whether a query groups its rows, and takes of each group what is the same however often a row is repeated. */
export function groupsWithoutCount(select: SelectStmt, catalog: Catalog): boolean {
  const outside = [select.targetList, select.havingClause, select.sortClause];
  if (!isGrouped(select, catalog) || callsWindow(outside)) return false;
  return aggregateCalls(outside, catalog).every((node) => {
    const call = bodyOf(node, 'FuncCall');
    return call !== null && isSameForRepeats(call) && emptyValueOf(call, catalog) !== null;
  });
}

/** Tells whether a query gives the same rows however often those that it reads are repeated. */
export function hidesRepeats(select: SelectStmt, catalog: Catalog): boolean {
  if (groupsWithoutCount(select, catalog)) return true;
  return isPlainDistinct(select) && !isGrouped(select, catalog) && !callsWindow([select.targetList, select.sortClause]);
}
