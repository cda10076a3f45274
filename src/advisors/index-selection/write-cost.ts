import type { Table } from '../../model/catalog.js';
import type { IndexSpec } from '../../model/planner.js';
import type { StatementAnalysis, TableWrite } from '../../sql/analysis/table-scan.js';
import type { AnalyzedStatement } from '../advisor.js';
import { entriesPerRow } from './entries-per-row.js';
import { indexMentions, mentionsColumn } from './mentions.js';
import { scansOf } from './relevance.js';
import { entersIndex } from './row-entry.js';

/**
 * Planner units that one row costs in one btree: a descent through cached inner pages, one leaf page dirtied now and
 * then, its WAL. A convention rather than a measurement: a quarter of a random page at its default of 4.
 */
const COST_PER_INDEX_ROW = 1;

/**
 * Gives what an index costs to keep under a workload's writes, in planner units over all calls. `share` is the part of
 * the table's rows that it holds, 0–1.
 */
export function writeCostOf(spec: IndexSpec, statements: readonly AnalyzedStatement[], share = 1): number {
  const writers = statements.flatMap((writer) => writer.analysis.writes.map((write) => ({ ...writer, write })));
  const ofTable = writers.filter(
    ({ write: { table } }) => table.name === spec.table.name && table.schema === spec.table.schema,
  );
  const isMoved = ofTable.some(({ write }) => write.columns.some((column) => isPredicateColumn(spec, column)));
  let rows = 0;
  for (const { statement, analysis, write } of ofTable) {
    const rowsPerCall = statement.rows === null || statement.calls === 0 ? 1 : statement.rows / statement.calls;
    const held = isWithin(spec, analysis) ? 1 : share;
    rows += statement.calls * rowsPerCall * entriesWritten(spec, write, { share: held, isMoved });
  }
  return rows * COST_PER_INDEX_ROW;
}

/** The part of the written rows that the index holds, and whether updates bring rows into it or out of it. */
interface HeldRows {
  readonly share: number;
  readonly isMoved: boolean;
}

/**
 * Gives the entries that one changed row writes because of the index: its own for an insert, for an update of its
 * columns and for an update that is not HOT, as far as its predicate lets the row in; and one for each index of the
 * table where it ends HOT updates of a column that no index had named.
 */
function entriesWritten(spec: IndexSpec, write: TableWrite, held: HeldRows): number {
  const { kind, columns, table } = write;
  const own = entriesPerRow(spec);
  if (kind === 'insert') return own * shareEntering(spec, write, held);
  if (kind === 'delete') return 0;
  const hotShare = hotShareOf(table);
  if (!columns.some((column) => indexMentions(spec, column)))
    return hotShare === null ? 0 : own * held.share * (1 - hotShare);
  // BRIN stands in the way of no HOT update since 16.
  const wasHot =
    spec.method !== 'brin' && !columns.some((column) => table.indexes.some((index) => indexMentions(index, column)));
  return own * shareEntering(spec, write, held) + (wasHot ? (hotShare ?? 0) * table.indexes.length : 0);
}

/**
 * Gives the part of the written rows for which there is a new entry. Where the statement does not tell, it is the part
 * of all rows that the index holds; but every one where updates move rows in or out, since then many have passed.
 */
function shareEntering(spec: IndexSpec, { columns, kind, values }: TableWrite, { share, isMoved }: HeldRows): number {
  if (spec.predicate === null) return 1;
  const enters = entersIndex(spec.predicate, values);
  if (enters !== null) return enters ? 1 : 0;
  const isDecided = kind === 'insert' ? isMoved : columns.some((column) => isPredicateColumn(spec, column));
  return isDecided ? 1 : share;
}

function isPredicateColumn({ predicate }: IndexSpec, column: string): boolean {
  return predicate !== null && mentionsColumn(predicate, column);
}

/** True when the statement itself looks for rows of the index alone. */
function isWithin(spec: IndexSpec, analysis: StatementAnalysis): boolean {
  return scansOf(analysis, spec).some(({ predicates }) =>
    predicates.some(({ constantSql }) => constantSql !== null && constantSql === spec.predicate),
  );
}

/** Fraction of the table's updates that wrote to no index; null where none was counted. */
function hotShareOf({ counters: { rowsUpdated, rowsHotUpdated } }: Table): number | null {
  return rowsUpdated === 0 ? null : rowsHotUpdated / rowsUpdated;
}
