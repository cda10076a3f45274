import type { Table } from '../../model/catalog.js';
import type { Statistics } from '../../model/statistics.js';
import type { KeyExpression } from '../../sql/analysis/table-scan.js';

/** Bytes that a value of unknown width is taken to have. */
const WIDTH_DEFAULT_BYTES = 32;

/** Makes a measure of a column's values by the statistics; by its type where they know nothing of it. */
export function columnWidths(statistics: Statistics): (table: Table, column: string) => number {
  const byColumn = new Map(
    statistics.columns.map((column) => [`${column.schema}.${column.table}.${column.column}`, column.averageWidthBytes]),
  );
  return (table, column) => {
    const known = byColumn.get(`${table.schema}.${table.name}.${column}`);
    const length = table.columns.find(({ name }) => name === column)?.typeLength ?? -1;
    return known ?? (length > 0 ? length : WIDTH_DEFAULT_BYTES);
  };
}

/** Makes a counter of a key's distinct values by the statistics; it gives 0 where they know nothing of the key. */
export function distinctCounter(statistics: Statistics): (table: Table, key: KeyExpression) => number {
  const byColumn = new Map(
    statistics.columns.map((column) => [`${column.schema}.${column.table}.${column.column}`, column.distinct]),
  );
  return (table, key) => {
    const distinct = byColumn.get(`${table.schema}.${table.name}.${key.column ?? ''}`) ?? 0;
    return distinct < 0 ? -distinct * Math.max(table.storage.tuples, 0) : distinct;
  };
}
