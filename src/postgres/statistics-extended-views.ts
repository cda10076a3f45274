import type { Catalog } from '../model/catalog.js';
import type { ExtendedStatistics } from '../model/statistics.js';
import type { Session } from './session.js';

/** What the views show of extended statistics, and the OIDs of tables of which they show less than the planner reads. */
export interface ViewedStatistics {
  readonly extended: readonly ExtendedStatistics[];
  readonly unreadableTables: readonly number[];
}

/**
 * Reads the extended statistics that the views show a role, those of its own tables, in the shapes that the server
 * stores. Statistics of expressions are left out: the views do not tell their types.
 */
export async function readViewedStatistics(session: Session, catalog: Catalog): Promise<ViewedStatistics> {
  const { rows } = await session.query<ViewRow>(
    `SELECT s.stxrelid AS table_oid, n.nspname AS schema, s.stxname AS name, v.inherited,
            v.n_distinct::text AS n_distinct, v.dependencies::text AS dependencies,
            pg_catalog.to_json(v.most_common_vals) AS "values", pg_catalog.to_json(v.most_common_val_nulls) AS nulls,
            v.most_common_freqs AS frequencies, v.most_common_base_freqs AS base_frequencies,
            s.stxexprs IS NULL AND (v.inherited IS NOT NULL OR pg_catalog.pg_has_role(c.relowner, 'USAGE')) AS whole
       FROM pg_catalog.pg_statistic_ext s
       JOIN pg_catalog.pg_namespace n ON n.oid = s.stxnamespace
       JOIN pg_catalog.pg_class c ON c.oid = s.stxrelid
       -- No row where ANALYZE has left nothing, or where the role may not see it.
       LEFT JOIN pg_catalog.pg_stats_ext v ON v.statistics_schemaname = n.nspname AND v.statistics_name = s.stxname
      WHERE s.stxrelid = ANY ($1::oid[])
      ORDER BY s.oid, v.inherited`,
    [catalog.tables.map(({ oid }) => oid)],
  );
  return {
    extended: rows.filter(({ whole, inherited }) => whole && inherited !== null).map(statisticsOf),
    unreadableTables: [...new Set(rows.filter(({ whole }) => !whole).map(({ table_oid }) => table_oid))],
  };
}

interface ViewRow {
  readonly table_oid: number;
  readonly schema: string;
  readonly name: string;
  /** Null where the view has no row. */
  readonly inherited: boolean | null;
  readonly n_distinct: string | null;
  readonly dependencies: string | null;
  readonly values: readonly (readonly (string | null)[])[] | null;
  readonly nulls: readonly (readonly boolean[])[] | null;
  readonly frequencies: readonly number[] | null;
  readonly base_frequencies: readonly number[] | null;
  readonly whole: boolean;
}

function statisticsOf(row: ViewRow): ExtendedStatistics {
  const { values, nulls, frequencies, base_frequencies: baseFrequencies } = row;
  return {
    schema: row.schema,
    name: row.name,
    inherited: row.inherited ?? false,
    distinctHex: row.n_distinct === null ? null : distinctHex(row.n_distinct),
    dependenciesHex: row.dependencies === null ? null : dependenciesHex(row.dependencies),
    mostCommonHex: null,
    mostCommonItems:
      values?.map((item, place) => ({
        values: item.map((value, dimension) => (nulls?.[place]?.[dimension] === true ? null : value)),
        frequency: frequencies?.[place] ?? 0,
        baseFrequency: baseFrequencies?.[place] ?? 0,
      })) ?? null,
    expressions: null,
  };
}

/** Serialized forms begin with a magic number, a type and the count of items: src/include/statistics/statistics.h. */
const DISTINCT_MAGIC = 0xa3_52_bf_a4;
const DEPENDENCIES_MAGIC = 0xb4_54_9a_2c;
const TYPE_BASIC = 1;

/** Gives `{"1, 2": 11}` as pg_ndistinct is stored: a float8, the count of columns as int32, their positions as int2. */
function distinctHex(text: string): string {
  return serialized(DISTINCT_MAGIC, text, (positions, distinct) => {
    const item = Buffer.alloc(12 + positions.length * 2);
    item.writeDoubleLE(distinct, 0);
    item.writeInt32LE(positions.length, 8);
    for (const [place, position] of positions.entries()) item.writeInt16LE(position, 12 + place * 2);
    return item;
  });
}

/** Gives `{"1 => 2": 0.5}` as pg_dependencies is stored: a float8, the count of columns and their positions as int2. */
function dependenciesHex(text: string): string {
  return serialized(DEPENDENCIES_MAGIC, text, (positions, degree) => {
    const item = Buffer.alloc(10 + positions.length * 2);
    item.writeDoubleLE(degree, 0);
    for (const [place, position] of [positions.length, ...positions].entries())
      item.writeInt16LE(position, 8 + place * 2);
    return item;
  });
}

function serialized(magic: number, text: string, itemOf: (positions: readonly number[], figure: number) => Buffer) {
  const items = Object.entries(JSON.parse(text) as Readonly<Record<string, number>>).map(([columns, figure]) =>
    itemOf((columns.match(/-?\d+/g) ?? []).map(Number), figure),
  );
  const header = Buffer.alloc(12);
  for (const [place, field] of [magic, TYPE_BASIC, items.length].entries()) header.writeUInt32LE(field, place * 4);
  return Buffer.concat([header, ...items]).toString('hex');
}
