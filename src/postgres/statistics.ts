import type { Catalog } from '../model/catalog.js';
import type { Progress } from '../model/progress.js';
import type { ColumnStatistics, Statistics } from '../model/statistics.js';
import type { Session } from './session.js';
import { columnKey, readColumnEnds } from './statistics-ends.js';
import { readExtendedStatistics } from './statistics-extended.js';
import { rangeColumns, readRangeStatistics } from './statistics-ranges.js';
import { readUnreadableTables } from './statistics-rights.js';

/** Reads what ANALYZE left behind of the catalog's tables, in the transaction in which the catalog was read. */
export async function readStatistics(session: Session, catalog: Catalog, progress: Progress): Promise<Statistics> {
  const ranges = await readRangeStatistics(session, catalog);
  const columns = (await readColumnStatistics(session, catalog, progress)).map(ranges.complete);
  const ends = await readColumnEnds(session, catalog, columns, progress);
  const { extended, typeNames, unreadableTables } = await readExtendedStatistics(session, catalog);
  const hidden = await readUnreadableTables(session, catalog.tables);
  const unreadable = [...hidden, ...unreadableTables];
  return {
    columns: columns.map((column) => ({ ...column, ...ends.get(columnKey(column)) })),
    extended,
    typeNames,
    unreadable: catalog.tables
      .filter(({ oid }) => unreadable.includes(oid))
      .map(({ schema, name }) => ({ schema, name })),
    partial: ranges.partial,
  };
}

async function readColumnStatistics(session: Session, catalog: Catalog, progress: Progress) {
  const relations = new Set(
    catalog.tables.flatMap((table) => [table, ...table.indexes]).map(({ schema, name }) => `${schema}.${name}`),
  );
  const step = progress.step('reading statistics');
  const columns: ColumnStatistics[] = [];
  for await (const row of session.stream<StatisticsRow>(pgStats(catalog), [catalog.schemas])) {
    if (!relations.has(`${row.schema}.${row.table}`)) continue;
    columns.push({ ...row, minimum: null, maximum: null });
    if (columns.length % 500 === 0) step.update(columns.length, 'columns');
  }
  step.end(`${columns.length} columns`);
  return columns;
}

type StatisticsRow = Omit<ColumnStatistics, 'minimum' | 'maximum'>;

/** Statistics of index expressions stand under the index's name. */
function pgStats({ server }: Catalog): string {
  return `
  SELECT s.schemaname AS schema, s.tablename AS table, s.attname AS column, s.inherited,
         s.null_frac AS "nullFraction", s.avg_width AS "averageWidthBytes", s.n_distinct AS distinct,
         s.most_common_vals::text AS "mostCommonValues", s.most_common_freqs AS "mostCommonFrequencies",
         s.histogram_bounds::text AS "histogramBounds", s.correlation,
         s.most_common_elems::text AS "mostCommonElements",
         s.most_common_elem_freqs AS "mostCommonElementFrequencies",
         s.elem_count_histogram AS "elementCountHistogram",
         ${rangeColumns(server.versionNumber)}
    FROM pg_catalog.pg_stats s
   WHERE s.schemaname = ANY ($1::text[])
   ORDER BY s.schemaname, s.tablename, s.attname, s.inherited`;
}
