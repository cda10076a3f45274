import { randomBytes } from 'node:crypto';
import { messageOf, StewardError, sqlStateOf } from '../errors.js';
import { openSession, type Session } from '../postgres/session.js';
import { quoteIdentifier } from '../sql/quote.js';
import { analyze, newOwners, readStatisticsOwners, settleStatistics } from './clone-statistics.js';
import { withDatabase } from './database-url.js';
import { type CloneMigration, migrateClone } from './migrate-clone.js';
import { occupied, openAdminSession, readConnected, requireNoSessions, type Source } from './source.js';

/** The migrations under test, as the caller runs them. */
export interface BenchMigrations {
  /** Migrates the database behind the URL; its error names the file that fails. */
  apply(url: string): Promise<void>;
  /** File names, for the report. */
  readonly names: readonly string[];
}

/** Two databases of the same rows, one of them migrated. */
export interface BenchDatabases {
  readonly beforeUrl: string;
  readonly afterUrl: string;
  readonly beforeName: string;
  readonly afterName: string;
  /** What the migrations took on the clone; null where the databases were given. */
  readonly migration: CloneMigration | null;
  /** Drops what was made for the bench, also while sessions are connected to it; a second call does nothing. */
  drop(): Promise<void>;
}

export interface CloneOptions {
  readonly url: string;
  readonly source: Source;
  readonly migrations: BenchMigrations;
  readonly onStep?: (note: string) => void;
  readonly signal?: AbortSignal;
}

/**
 * Makes two clones that differ by the migrations and by nothing else.
 *
 * The first clone is copied from the source file by file (FILE_COPY), so that its pages, dead rows and free space
 * are the source's; autovacuum is switched off for its tables and they are analyzed. The second is copied from the
 * first, so that both hold the same statistics to the byte and a plan cannot differ by the luck of a sample. Then
 * the migrations run on the second; tables for which they made extended statistics or indexes on expressions are
 * analyzed on both. Nothing is vacuumed: visibility is as it was in the source, on both.
 */
export async function makeClones(options: CloneOptions): Promise<BenchDatabases> {
  const admin = await openAdminSession(options.url);
  const stem = `pgsteward_bench_${randomBytes(4).toString('hex')}`;
  const clones = new ClonePair(admin, options, stem);
  try {
    await clones.create();
    return clones;
  } catch (error) {
    await clones.drop();
    throw error;
  }
}

class ClonePair implements BenchDatabases {
  readonly beforeName: string;
  readonly afterName: string;
  readonly beforeUrl: string;
  readonly afterUrl: string;
  migration: CloneMigration | null = null;
  private readonly admin: Session;
  private readonly options: CloneOptions;
  private dropping: Promise<void> | null = null;

  constructor(admin: Session, options: CloneOptions, stem: string) {
    this.admin = admin;
    this.options = options;
    this.beforeName = `${stem}_before`;
    this.afterName = `${stem}_after`;
    this.beforeUrl = withDatabase(options.url, this.beforeName);
    this.afterUrl = withDatabase(options.url, this.afterName);
  }

  async create(): Promise<void> {
    const { source, onStep, signal } = this.options;
    await requireNoSessions(this.admin, source.database);
    signal?.throwIfAborted();
    onStep?.('copying the database');
    await this.copy(source.database, this.beforeName);
    await this.copySettings(source.database, this.beforeName);
    signal?.throwIfAborted();
    onStep?.('analyzing the copy');
    await onClone(this.beforeUrl, settleStatistics);
    signal?.throwIfAborted();
    onStep?.('copying the copy');
    await this.copy(this.beforeName, this.afterName);
    await this.copySettings(source.database, this.afterName);
    signal?.throwIfAborted();
    onStep?.('migrating the second copy');
    this.migration = await migrateClone(this.afterUrl, this.options.migrations, signal);
    await this.analyzeNewStatistics();
    signal?.throwIfAborted();
  }

  drop(): Promise<void> {
    this.dropping ??= this.dropBoth();
    return this.dropping;
  }

  private async copy(from: string, to: string): Promise<void> {
    // Before 15 there is one strategy, and it is this one.
    const strategy = this.options.source.major >= 15 ? ' STRATEGY FILE_COPY' : '';
    try {
      await this.admin.query(`CREATE DATABASE ${quoteIdentifier(to)} TEMPLATE ${quoteIdentifier(from)}${strategy}`);
    } catch (error) {
      throw await this.explainCopyError(from, error);
    }
  }

  /** A template's copy does not inherit what ALTER DATABASE … SET gave the template. */
  private async copySettings(from: string, to: string): Promise<void> {
    const { rows } = await this.admin.query<{ name: string; value: string }>(
      `SELECT pg_catalog.split_part(entry, '=', 1) AS name, pg_catalog.substr(entry, pg_catalog.strpos(entry, '=') + 1) AS value
         FROM pg_catalog.pg_db_role_setting s
         JOIN pg_catalog.pg_database d ON d.oid = s.setdatabase, pg_catalog.unnest(s.setconfig) AS entry
        WHERE d.datname = $1 AND s.setrole = 0 ORDER BY name`,
      [from],
    );
    for (const { name, value } of rows) await this.copySetting(to, name, value);
  }

  private async copySetting(to: string, name: string, value: string): Promise<void> {
    await this.admin.query('BEGIN');
    try {
      await this.admin.query('SELECT pg_catalog.set_config($1, $2, true)', [name, value]);
      await this.admin.query(`ALTER DATABASE ${quoteIdentifier(to)} SET ${name} FROM CURRENT`);
      await this.admin.query('COMMIT');
    } catch (error) {
      await this.admin.query('ROLLBACK');
      // What only a superuser may set, such as logging, is no part of a comparison that misses it on both sides.
      if (sqlStateOf(error) !== '42501') throw error;
    }
  }

  private async explainCopyError(from: string, error: unknown): Promise<unknown> {
    const state = sqlStateOf(error);
    if (state === '55006') return occupied(from, await readConnected(this.admin, from));
    if (state === '53100') {
      const sizeMB = Math.ceil(this.options.source.sizeBytes / 1_000_000);
      return new StewardError('database', `the server's disk has no room for two clones of ${sizeMB} MB each`, {
        hint: 'free the space, or bench a smaller copy of the database',
        cause: error,
      });
    }
    return new StewardError('database', `database "${from}" cannot be cloned: ${messageOf(error)}`, { cause: error });
  }

  private async analyzeNewStatistics(): Promise<void> {
    const known = await onClone(this.beforeUrl, readStatisticsOwners);
    const tables = newOwners(known, await onClone(this.afterUrl, readStatisticsOwners));
    for (const url of [this.beforeUrl, this.afterUrl]) await onClone(url, (session) => analyze(session, tables));
  }

  private async dropBoth(): Promise<void> {
    try {
      for (const name of [this.afterName, this.beforeName]) {
        await this.admin.query(`DROP DATABASE IF EXISTS ${quoteIdentifier(name)} WITH (FORCE)`);
      }
    } finally {
      await this.admin.close();
    }
  }
}

async function onClone<Value>(url: string, act: (session: Session) => Promise<Value>): Promise<Value> {
  const session = await openSession(url, { applicationName: 'pgsteward bench' });
  try {
    return await act(session);
  } finally {
    await session.close();
  }
}
