import type { Table } from '../../model/catalog.js';
import type { RelationName } from '../../model/relation-name.js';
import type { ColumnStatistics, Statistics } from '../../model/statistics.js';
import { rowsOfTable } from './own-tables.js';

/** Gives what ANALYZE left of a column, or null where it has not seen it. */
export function statisticsOf({ columns }: Statistics, table: RelationName, column: string): ColumnStatistics | null {
  return (
    columns.find((each) => each.schema === table.schema && each.table === table.name && each.column === column) ?? null
  );
}

/** Gives how many different values a column has by its statistics. */
export function distinctValues({ distinct }: ColumnStatistics, table: Table): number {
  return distinct < 0 ? -distinct * rowsOfTable(table) : distinct;
}
