import type { Catalog, Table } from '../model/catalog.js';
import type { ColumnStatistics, PartialStatistics } from '../model/statistics.js';
import type { Session } from './session.js';

/** First version whose pg_stats shows the histograms of ranges. */
const SHOWN_SINCE = 170_000;

/** SQL of the three statistics of ranges as columns of pg_stats, which older servers lack. */
export function rangeColumns(versionNumber: number): string {
  return versionNumber >= SHOWN_SINCE
    ? `s.range_length_histogram::text AS "rangeLengthHistogram", s.range_empty_frac AS "rangeEmptyFraction",
       s.range_bounds_histogram::text AS "rangeBoundsHistogram"`
    : `NULL AS "rangeLengthHistogram", NULL::real AS "rangeEmptyFraction", NULL AS "rangeBoundsHistogram"`;
}

type RangeStatistics = Pick<ColumnStatistics, 'rangeLengthHistogram' | 'rangeEmptyFraction' | 'rangeBoundsHistogram'>;

/** What is known of ranges beyond pg_stats, and columns of which that is hidden. */
export interface RangeReading {
  readonly partial: readonly PartialStatistics[];
  /** Gives a column's statistics with those of its ranges. */
  complete(column: ColumnStatistics): ColumnStatistics;
}

/** Reads the histograms of ranges where pg_stats does not show them, as far as the role may. */
export async function readRangeStatistics(session: Session, catalog: Catalog): Promise<RangeReading> {
  const columns = catalog.server.versionNumber >= SHOWN_SINCE ? [] : await readRangeColumns(session, catalog.tables);
  if (columns.length === 0) return { partial: [], complete: (column) => column };
  if (!(await mayReadStatistics(session))) return { partial: columns.map(hidden), complete: (column) => column };
  const { rows } = await session.query<RangeRow>(HISTOGRAMS, [catalog.tables.map(({ oid }) => oid)]);
  const known = new Map(rows.map((row) => [columnKey(row), row]));
  return {
    partial: [],
    complete: (column) => {
      const row = known.get(columnKey(column));
      if (row === undefined) return column;
      const { rangeLengthHistogram, rangeEmptyFraction, rangeBoundsHistogram } = row;
      return { ...column, rangeLengthHistogram, rangeEmptyFraction, rangeBoundsHistogram } satisfies RangeStatistics;
    },
  };
}

interface RangeColumn {
  readonly schema: string;
  readonly table: string;
  readonly column: string;
}

interface RangeRow extends RangeColumn, Required<RangeStatistics> {
  readonly inherited: boolean;
}

function columnKey(row: { schema: string; table: string; column: string; inherited: boolean }): string {
  return JSON.stringify([row.schema, row.table, row.column, row.inherited]);
}

function hidden({ schema, table, column }: RangeColumn): PartialStatistics {
  const reason =
    `the statistics of the ranges in ${schema}.${table}.${column} are visible to superusers and members of ` +
    'pg_read_all_data alone before PostgreSQL 17';
  return { table: { schema, name: table }, column, reason };
}

async function mayReadStatistics(session: Session): Promise<boolean> {
  const { rows } = await session.query<{ allowed: boolean }>(
    `SELECT pg_catalog.has_table_privilege('pg_catalog.pg_statistic', 'select') AS allowed`,
  );
  return rows[0]?.allowed === true;
}

/** Columns of ranges and multiranges, also under a domain, of tables that were analyzed. */
async function readRangeColumns(session: Session, tables: readonly Table[]): Promise<readonly RangeColumn[]> {
  const analyzed = tables.filter(({ storage }) => storage.tuples > 0).map(({ oid }) => oid);
  const { rows } = await session.query<RangeColumn>(
    `SELECT n.nspname AS schema, c.relname AS table, a.attname AS column
       FROM pg_catalog.pg_attribute a
       JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
       JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
       JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
       -- Only a domain has a base type.
       LEFT JOIN pg_catalog.pg_type b ON b.oid = t.typbasetype
      WHERE a.attrelid = ANY ($1::oid[]) AND a.attnum > 0 AND NOT a.attisdropped
        AND coalesce(b.typtype, t.typtype) IN ('r', 'm')
      ORDER BY a.attrelid, a.attnum`,
    [analyzed],
  );
  return rows;
}

/** Slots of kind 6 hold lengths and the fraction of empty ranges, those of kind 7 ranges of lower and upper bounds. */
const HISTOGRAMS = `
  SELECT n.nspname AS schema, c.relname AS table, a.attname AS column, s.stainherit AS inherited,
         pg_catalog.max(p.slot_values) FILTER (WHERE p.kind = 6) AS "rangeLengthHistogram",
         pg_catalog.max(p.numbers[1]) FILTER (WHERE p.kind = 6) AS "rangeEmptyFraction",
         pg_catalog.max(p.slot_values) FILTER (WHERE p.kind = 7) AS "rangeBoundsHistogram"
    FROM pg_catalog.pg_statistic s
    JOIN pg_catalog.pg_class c ON c.oid = s.starelid
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_catalog.pg_attribute a ON a.attrelid = s.starelid AND a.attnum = s.staattnum
    CROSS JOIN LATERAL (VALUES (s.stakind1, s.stanumbers1, s.stavalues1::text), (s.stakind2, s.stanumbers2, s.stavalues2::text),
                               (s.stakind3, s.stanumbers3, s.stavalues3::text), (s.stakind4, s.stanumbers4, s.stavalues4::text),
                               (s.stakind5, s.stanumbers5, s.stavalues5::text)) AS p (kind, numbers, slot_values)
   WHERE s.starelid = ANY ($1::oid[]) AND p.kind IN (6, 7)
   GROUP BY 1, 2, 3, 4
   ORDER BY 1, 2, 3, 4`;
