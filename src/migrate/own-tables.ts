import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { StewardError } from '../errors.js';
import type { Migration } from '../model/migration.js';
import type { Session } from '../postgres/session.js';
import { quoteIdentifier, quoteLiteral } from '../sql/quote.js';
import { toolVersion } from '../tool-version.js';
import { readMigrations } from './files.js';

/** Names of pgsteward's own tables as SQL, with their schema. */
export interface OwnTables {
  /** The schema's name, unquoted. */
  readonly schema: string;
  readonly versions: string;
  readonly ledger: string;
  readonly attempts: string;
  readonly progress: string;
  readonly leases: string;
}

/** Src and dist both stand one folder below the package. */
const PACKAGE = new URL('../../', import.meta.url);
const POLL_MS = 50;
const VERSIONS = 'steward_versions';

/** Gives the names of the own tables in a schema. */
export function ownTables(schema: string): OwnTables {
  const named = (table: string) => `${quoteIdentifier(schema)}.${table}`;
  return {
    schema,
    versions: named(VERSIONS),
    ledger: named('schema_migrations'),
    attempts: named('schema_migration_attempts'),
    progress: named('schema_migration_progress'),
    leases: named('leases'),
  };
}

/**
 * Tells whether the own tables are there at all. It reads the catalog by a query: to_regclass answers from a cache that
 * may not know yet what another session committed while this one waited for the advisory lock.
 */
export async function ownTablesExist(session: Session, { schema }: OwnTables): Promise<boolean> {
  const found = await session.query(
    `SELECT FROM pg_catalog.pg_class AS class
     JOIN pg_catalog.pg_namespace AS namespace ON namespace.oid = class.relnamespace
     WHERE namespace.nspname = $1 AND class.relname = $2`,
    [schema, VERSIONS],
  );
  return found.rowCount > 0;
}

/**
 * Creates the own tables or brings them to this program's version. Several programs that start together are safe:
 * the work is one transaction under an advisory lock that ends with it, and waiting for it holds no snapshot.
 */
export async function ensureOwnTables(session: Session, tables: OwnTables): Promise<void> {
  const { migrations } = await readMigrations([fileURLToPath(new URL('migrations/steward', PACKAGE))]);
  const newest = migrations.at(-1)?.version ?? '';
  while ((await versionOf(session, tables)) !== newest) {
    await session.query('BEGIN');
    try {
      if (await tryLock(session, tables)) await upgrade(session, tables, migrations);
      await session.query('COMMIT');
    } catch (error) {
      await session.query('ROLLBACK').catch(() => undefined);
      throw error;
    }
    if ((await versionOf(session, tables)) === newest) return;
    await pause(POLL_MS);
  }
}

async function versionOf(session: Session, tables: OwnTables): Promise<string | null> {
  if (!(await ownTablesExist(session, tables))) return null;
  const newest = await session.query<{ version: string | null }>(
    `SELECT pg_catalog.max(version) AS version FROM ${tables.versions}`,
  );
  return newest.rows[0]?.version ?? null;
}

async function tryLock(session: Session, tables: OwnTables): Promise<boolean> {
  const tried = await session.query<{ locked: boolean }>(
    'SELECT pg_catalog.pg_try_advisory_xact_lock(pg_catalog.hashtextextended($1, 0)) AS locked',
    [`pgsteward:${tables.schema}`],
  );
  return tried.rows[0]?.locked === true;
}

async function upgrade(session: Session, tables: OwnTables, migrations: readonly Migration[]): Promise<void> {
  const current = await versionOf(session, tables);
  const newest = migrations.at(-1)?.version ?? '';
  if (current !== null && current > newest) throw newerThanProgram(tables, { current, newest });
  if (current === null) await session.script(await createSchemaSql(session, tables));
  await session.query(`SET LOCAL search_path TO ${quoteIdentifier(tables.schema)}`);
  for (const { version, checksum, up } of migrations) {
    if (current !== null && version <= current) continue;
    await session.script(up.text);
    const values = [version, checksum, toolVersion()].map(quoteLiteral).join(', ');
    await session.query(`INSERT INTO ${tables.versions} (version, checksum, tool_version) VALUES (${values})`);
  }
}

/** CREATE SCHEMA IF NOT EXISTS asks for the right to create schemas even where the schema is there. */
async function createSchemaSql(session: Session, tables: OwnTables): Promise<string> {
  const found = await session.query('SELECT FROM pg_catalog.pg_namespace WHERE nspname = $1', [tables.schema]);
  const schema = found.rowCount > 0 ? '' : `CREATE SCHEMA ${quoteIdentifier(tables.schema)};`;
  return `${schema}
    CREATE TABLE ${tables.versions} (
      version text COLLATE "C" PRIMARY KEY,
      checksum text NOT NULL,
      tool_version text NOT NULL,
      applied_at timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp()
    )`;
}

function newerThanProgram(tables: OwnTables, { current, newest }: { current: string; newest: string }): StewardError {
  const own = `pgsteward's tables in schema ${tables.schema}`;
  return new StewardError('database', `${own} have version ${current}, this program knows them up to ${newest}`, {
    hint: 'run the pgsteward that upgraded them, or a newer one: npm install pgsteward@latest',
  });
}
