import { StewardError } from '../errors.js';
import type { DatabaseLocale, Extension, Server, Setting } from '../model/server.js';
import type { Session } from './session.js';
import { utc } from './utc.js';

/** Which server answers, which database, and its clock. */
export interface ServerIdentity {
  readonly version: Server;
  readonly database: string;
  readonly readAt: string;
  /** ISO-8601, or null where the database's counters were never reset. */
  readonly countersSince: string | null;
}

/** Settings outside the category Query Tuning that change a plan, what a statement's text means, or when rows are cleaned up. */
const SETTINGS_THAT_MATTER = [
  'autovacuum',
  'autovacuum_analyze_scale_factor',
  'autovacuum_analyze_threshold',
  'autovacuum_freeze_max_age',
  'autovacuum_multixact_freeze_max_age',
  'autovacuum_vacuum_scale_factor',
  'autovacuum_vacuum_threshold',
  'block_size',
  'datestyle',
  'default_text_search_config',
  'effective_cache_size',
  'hash_mem_multiplier',
  'intervalstyle',
  'jit',
  'max_parallel_workers',
  'max_parallel_workers_per_gather',
  'search_path',
  'standard_conforming_strings',
  'timezone',
  'work_mem',
];

/** Gives the session's settings that the planner reads. */
export async function readSettings(session: Session): Promise<readonly Setting[]> {
  const { rows } = await session.query<Setting>(
    // "$user" means another schema to another role, and a schema that is not there means nothing.
    `SELECT s.name,
            CASE WHEN s.name = 'search_path'
                 THEN (SELECT coalesce(pg_catalog.string_agg(pg_catalog.quote_ident(p.schema), ', ' ORDER BY p.place), '')
                         FROM pg_catalog.unnest(pg_catalog.current_schemas(false)) WITH ORDINALITY AS p (schema, place))
                 ELSE s.setting END AS value
       FROM pg_catalog.pg_settings s
      WHERE s.category ~ '^Query Tuning' OR pg_catalog.lower(s.name) = ANY ($1::text[])
      ORDER BY s.name`,
    [SETTINGS_THAT_MATTER],
  );
  return rows;
}

/** Gives the server's version, the database's name and the present time by the database's clock. */
export async function readServer(session: Session): Promise<ServerIdentity> {
  const { rows } = await session.query<ServerRow>(
    `SELECT pg_catalog.current_setting('server_version_num')::int AS number,
            pg_catalog.current_setting('server_version') AS version,
            pg_catalog.current_database() AS database,
            ${utc('pg_catalog.now()')} AS now,
            (SELECT ${utc('s.stats_reset')} FROM pg_catalog.pg_stat_database s
              WHERE s.datname = pg_catalog.current_database()) AS counters_since`,
  );
  const row = rows[0];
  if (row === undefined) throw new StewardError('database', 'the server did not say which version it is');
  // Debian appends its package's name: `15.18 (Debian 15.18-0+deb12u1)`.
  const version = row.version.split(' ')[0] ?? row.version;
  const server = { version, major: Math.floor(row.number / 10_000), versionNumber: row.number };
  return { version: server, database: row.database, readAt: row.now, countersSince: row.counters_since };
}

interface ServerRow {
  readonly number: number;
  readonly version: string;
  readonly database: string;
  readonly now: string;
  readonly counters_since: string | null;
}

/** Gives the extensions by name. */
export async function readExtensions(session: Session): Promise<readonly Extension[]> {
  const { rows } = await session.query<Extension>(
    `SELECT e.extname AS name, e.extversion AS version, n.nspname AS schema
       FROM pg_catalog.pg_extension e
       JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace
      ORDER BY e.extname`,
  );
  return rows;
}

/** Gives the database's own encoding and locale. */
export async function readLocale(session: Session, versionNumber: number): Promise<DatabaseLocale> {
  // The column was called daticulocale until 16.
  const locale = versionNumber >= 170_000 ? 'd.datlocale' : 'd.daticulocale';
  const { rows } = await session.query<DatabaseLocale>(
    `SELECT pg_catalog.pg_encoding_to_char(d.encoding) AS encoding,
            CASE d.datlocprovider WHEN 'i' THEN 'icu' WHEN 'b' THEN 'builtin' ELSE 'libc' END AS provider,
            d.datcollate AS collate, d.datctype AS ctype, ${locale} AS locale
       FROM pg_catalog.pg_database d
      WHERE d.datname = pg_catalog.current_database()`,
  );
  const row = rows[0];
  if (row === undefined) throw new StewardError('database', 'pg_database has no row of the current database');
  return row;
}
