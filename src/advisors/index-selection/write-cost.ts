import type { Table } from '../../model/catalog.js';
import type { IndexSpec } from '../../model/planner.js';
import type { AnalyzedStatement } from '../advisor.js';
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
      rows += statement.calls * rowsPerCall * shareWritten(spec, write.kind, write.columns, write.table);
    }
  }
  return rows * COST_PER_INDEX_ROW;
}

/** Which share of the changed rows writes to the index: all inserts, updates of its columns, other updates unless HOT. */
function shareWritten(
  spec: IndexSpec,
  kind: 'insert' | 'update' | 'delete',
  columns: readonly string[],
  table: Table,
): number {
  if (kind === 'insert') return 1;
  if (kind === 'delete') return 0;
  if (columns.some((column) => mentions(spec, column))) return 1;
  const { rowsUpdated, rowsHotUpdated } = table.counters;
  return rowsUpdated === 0 ? 0 : 1 - rowsHotUpdated / rowsUpdated;
}

function mentions(spec: IndexSpec, column: string): boolean {
  return [...spec.keys.map((key) => key.sql), ...spec.include, spec.predicate ?? ''].some((sql) =>
    mentionsColumn(sql, column),
  );
}
