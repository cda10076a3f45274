import type { Table } from '../../model/catalog.js';
import type { IndexSpec } from '../../model/planner.js';
import type { TableWrite } from '../../sql/analysis/table-scan.js';
import { quoteIdentifier } from '../../sql/quote.js';
import type { AnalyzedStatement } from '../advisor.js';
import { entriesPerRow } from './entries-per-row.js';
import { mentionsColumn } from './mentions.js';

/**
 * Planner units that one row costs in one btree: a descent through cached inner pages, one leaf page dirtied now and
 * then, its WAL. A convention rather than a measurement: a quarter of a random page at its default of 4.
 */
const COST_PER_INDEX_ROW = 1;

/** Gives what an index costs to keep under a workload's writes, in planner units over all calls. */
export function writeCostOf(spec: IndexSpec, statements: readonly AnalyzedStatement[]): number {
  let rows = 0;
  for (const { statement, analysis } of statements) {
    const rowsPerCall = statement.rows === null || statement.calls === 0 ? 1 : statement.rows / statement.calls;
    for (const write of analysis.writes) {
      if (write.table.name !== spec.table.name || write.table.schema !== spec.table.schema) continue;
      rows += statement.calls * rowsPerCall * entriesWritten(spec, write);
    }
  }
  return rows * COST_PER_INDEX_ROW;
}

/**
 * Gives the entries that one changed row writes because of the index: its own for an insert, for an update of its
 * columns and for an update that is not HOT; and one for each index of the table where it ends HOT updates of a column
 * that no index had named.
 */
function entriesWritten(spec: IndexSpec, { kind, columns, table }: TableWrite): number {
  const own = entriesPerRow(spec);
  if (kind === 'insert') return own;
  if (kind === 'delete') return 0;
  const hotShare = hotShareOf(table);
  if (!columns.some((column) => mentions(spec, column))) return hotShare === null ? 0 : own * (1 - hotShare);
  // BRIN stands in the way of no HOT update since 16.
  const wasHot =
    spec.method !== 'brin' && !columns.some((column) => table.indexes.some((index) => mentions(index, column)));
  return own + (wasHot ? (hotShare ?? 0) * table.indexes.length : 0);
}

/** Fraction of the table's updates that wrote to no index; null where none was counted. */
function hotShareOf({ counters: { rowsUpdated, rowsHotUpdated } }: Table): number | null {
  return rowsUpdated === 0 ? null : rowsHotUpdated / rowsUpdated;
}

function mentions(
  { keys, include, predicate }: Pick<IndexSpec, 'keys' | 'include' | 'predicate'>,
  column: string,
): boolean {
  return [...keys.map((key) => key.sql), ...include.map(quoteIdentifier), predicate ?? ''].some((sql) =>
    mentionsColumn(sql, column),
  );
}
