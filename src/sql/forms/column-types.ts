import type { Node } from '@pgsql/types';
import { columnIn, type LevelColumn, type QueryLevel, storedColumn } from '../levels/query-level.js';

/** Tells whether columns of tables are of one type, modifiers and collation included: comparisons of them are the same. */
export function areOneType(columns: readonly LevelColumn[]): boolean {
  const types = columns.map((each) => {
    const column = storedColumn(each);
    return column === undefined ? null : JSON.stringify([column.type, column.collation]);
  });
  return !types.includes(null) && new Set(types).size === 1;
}

/** Tells the same of expressions, which have to be columns of a level, or of those around it. */
export function areColumnsOfOneType(nodes: readonly Node[], level: QueryLevel): boolean {
  const columns = nodes.map((node) => columnIn(level, node));
  return !columns.includes(null) && areOneType(columns.flatMap((column) => column ?? []));
}
