import type { Catalog } from '../model/catalog.js';
import type { ExpressionStatistics, ExtendedStatistics, Statistics } from '../model/statistics.js';
import { typeOidsOf } from './most-common-list.js';
import type { Session } from './session.js';
import { readViewedStatistics } from './statistics-extended-views.js';

/** Extended statistics, and the OIDs of tables whose extended statistics the role may not see whole. */
export interface ExtendedReading extends Pick<Statistics, 'extended' | 'typeNames'> {
  readonly unreadableTables: readonly number[];
}

/** Reads the extended statistics of the catalog's tables. */
export async function readExtendedStatistics(session: Session, catalog: Catalog): Promise<ExtendedReading> {
  const tableOids = catalog.tables.map(({ oid }) => oid);
  if (catalog.statisticsObjects.length === 0) return { extended: [], typeNames: [], unreadableTables: [] };
  if (!(await mayReadAll(session))) return { typeNames: [], ...(await readViewedStatistics(session, catalog)) };
  const extended = await readAll(session, tableOids);
  const oids = extended.flatMap(({ mostCommonHex }) => (mostCommonHex === null ? [] : typeOidsOf(mostCommonHex)));
  return { extended, typeNames: await readTypeNames(session, [...new Set(oids)]), unreadableTables: [] };
}

/** Superusers and members of pg_read_all_data may; the views show all others only parts. */
async function mayReadAll(session: Session): Promise<boolean> {
  const { rows } = await session.query<{ allowed: boolean }>(
    `SELECT pg_catalog.has_table_privilege('pg_catalog.pg_statistic_ext_data', 'select') AS allowed`,
  );
  return rows[0]?.allowed === true;
}

const SLOTS = [1, 2, 3, 4, 5];

/** JSON of one pg_statistic row `x` of stxdexpr, as ExpressionStatistics. */
const EXPRESSION = `pg_catalog.json_build_object(
  'nullFraction', x.stanullfrac, 'widthBytes', x.stawidth, 'distinct', x.stadistinct,
  'slots', pg_catalog.json_build_array(${SLOTS.map(
    (slot) => `pg_catalog.json_build_object(
      'kind', x.stakind${slot}, 'operator', x.staop${slot}::pg_catalog.regoperator::text,
      'collationOid', x.stacoll${slot}::int8, 'numbers', x.stanumbers${slot}::text, 'values', x.stavalues${slot}::text)`,
  ).join(', ')}))`;

async function readAll(session: Session, tableOids: readonly number[]): Promise<readonly ExtendedStatistics[]> {
  const { rows } = await session.query<ExtendedStatistics>(
    `SELECT n.nspname AS schema, s.stxname AS name, d.stxdinherit AS inherited,
            pg_catalog.encode(d.stxdndistinct::bytea, 'hex') AS "distinctHex",
            pg_catalog.encode(d.stxddependencies::bytea, 'hex') AS "dependenciesHex",
            pg_catalog.encode(d.stxdmcv::bytea, 'hex') AS "mostCommonHex",
            (SELECT pg_catalog.json_agg(${EXPRESSION} ORDER BY x.place)
               FROM pg_catalog.unnest(d.stxdexpr) WITH ORDINALITY AS x (${STATISTIC_COLUMNS}, place)) AS expressions
       FROM pg_catalog.pg_statistic_ext s
       JOIN pg_catalog.pg_namespace n ON n.oid = s.stxnamespace
       JOIN pg_catalog.pg_statistic_ext_data d ON d.stxoid = s.oid
      WHERE s.stxrelid = ANY ($1::oid[])
      ORDER BY s.oid`,
    [tableOids],
  );
  return rows.map((row) => ({ ...row, expressions: row.expressions?.map(withoutEmptySlots) ?? null }));
}

function withoutEmptySlots(expression: ExpressionStatistics): ExpressionStatistics {
  return { ...expression, slots: expression.slots.filter(({ kind }) => kind !== 0) };
}

/** Columns of pg_statistic in order: unnest of a composite array gives them one by one. */
const STATISTIC_COLUMNS = [
  'starelid, staattnum, stainherit, stanullfrac, stawidth, stadistinct',
  ...['stakind', 'staop', 'stacoll', 'stanumbers', 'stavalues'].map((name) =>
    SLOTS.map((slot) => `${name}${slot}`).join(', '),
  ),
].join(', ');

async function readTypeNames(session: Session, oids: readonly number[]): Promise<Statistics['typeNames']> {
  const { rows } = await session.query<{ oid: number; name: string }>(
    `SELECT t.oid, pg_catalog.format_type(t.oid, -1) AS name
       FROM pg_catalog.pg_type t WHERE t.oid = ANY ($1::oid[]) ORDER BY t.oid`,
    [oids],
  );
  return rows;
}
