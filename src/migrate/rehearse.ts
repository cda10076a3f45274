import type { EmbeddedServer } from '../embedded/server.js';
import { messageOf, StewardError } from '../errors.js';
import type { MigrateResult, Migration, MigrationFolder, Rehearsal, RehearsedFile } from '../model/migration.js';
import type { Progress } from '../model/progress.js';
import { openSession } from '../postgres/session.js';
import { quoteIdentifier, quoteRelation } from '../sql/quote.js';
import { MigrateFailed } from './failure.js';
import { readLedger } from './ledger.js';
import { type LintFile, lintFileOf } from './lint/lint-file.js';
import type { LintRelation, Observed, ReplayedFile } from './lint/observation.js';
import { replay as replayFiles } from './lint/replay.js';
import { ownTables } from './own-tables.js';
import { ScratchReplay } from './scratch-replay.js';

export interface RehearsalOptions {
  /** Schema of the ledger. */
  readonly ownSchema: string;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  /** A private server of the database's major that runs already; one of its own where not given. */
  readonly server?: EmbeddedServer;
}

/**
 * Runs what a dry run has planned on a private server of the database's major, on the schema that the files applied so
 * far make, with made-up rows; says of each statement what it locks, reads, rewrites or fails with. The database itself
 * is asked for its ledger alone. Where there can be no such server, the result says why in `notTried`.
 */
export async function rehearse(
  url: string,
  { folder, planned, direction }: Pick<MigrateResult, 'planned' | 'direction'> & { readonly folder: MigrationFolder },
  options: RehearsalOptions,
): Promise<Rehearsal> {
  const { major, applied } = await readBase(url, options.ownSchema);
  const byVersion = new Map(folder.migrations.map((migration) => [migration.version, migration]));
  const files = planned.flatMap(({ version }) => {
    const migration = byVersion.get(version);
    return migration === undefined ? [] : [lintFileOf(migration, direction)];
  });
  const before = folder.migrations.filter(({ version }) => applied.has(version));
  try {
    return await tryOut({ major, before, files, folder }, options);
  } catch (error) {
    const cannot = error instanceof MigrateFailed || (error instanceof StewardError && error.code === 'runtime');
    options.signal.throwIfAborted();
    if (!cannot) throw error;
    return { server: null, notTried: messageOf(error), files: [] };
  }
}

interface Base {
  readonly major: number;
  readonly applied: ReadonlySet<string>;
}

async function readBase(url: string, ownSchema: string): Promise<Base> {
  const session = await openSession(url, { applicationName: 'pgsteward migrate' });
  try {
    await session.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const { applied } = await readLedger(session, ownTables(ownSchema));
    const { rows } = await session.query<{ major: number }>(
      `SELECT pg_catalog.current_setting('server_version_num')::int / 10000 AS major`,
    );
    return { major: rows[0]?.major ?? 0, applied: new Set(applied.map(({ version }) => version)) };
  } finally {
    await session.close();
  }
}

interface Trial {
  readonly major: number;
  readonly before: readonly Migration[];
  readonly files: readonly LintFile[];
  readonly folder: MigrationFolder;
}

async function tryOut({ major, before, files, folder }: Trial, options: RehearsalOptions): Promise<Rehearsal> {
  const { ownSchema, signal } = options;
  const scratch = await ScratchReplay.start({ major, ownSchema, signal, server: options.server });
  try {
    if (before.length > 0) await scratch.up({ ...folder, migrations: before });
    const sessions = await scratch.open();
    try {
      // The runner's own tables are none that the files may touch.
      await sessions.main.query(`DROP SCHEMA IF EXISTS ${quoteIdentifier(ownSchema)} CASCADE`);
      const replayed = await replayFiles(sessions, files, { ...options, twice: false });
      return { server: scratch.version, notTried: null, files: replayed.files.map(rehearsedFile) };
    } finally {
      await sessions.main.close();
      await sessions.watch.close();
    }
  } finally {
    await scratch.stop();
  }
}

function rehearsedFile({ file, observed }: ReplayedFile): RehearsedFile {
  const statements = observed.map(({ statement, outcome, reason, dataError, effects }: Observed) => ({
    ...{ line: statement.line, outcome, reason },
    failsOnRows: dataError?.message ?? null,
    locks: effects.locks
      .filter(({ by }) => by === statement)
      .map(({ relation, mode }) => ({ relation: quoteRelation(relation), mode })),
    rewrites: effects.rewrites.map(quoteRelation),
    scans: effects.scans.map(({ relation }) => quoteRelation(relation)),
    indexBuilds: effects.indexBuilds.map(({ index }) => quoteRelation(index)),
    drops: effects.dropped.filter((each) => !goesWithTable(each, effects.dropped)).map(quoteRelation),
    empties: effects.truncated.map(quoteRelation),
  }));
  return { version: file.version, path: file.path, statements };
}

function goesWithTable({ tableOid }: LintRelation, dropped: readonly LintRelation[]): boolean {
  return tableOid !== null && dropped.some(({ oid }) => oid === tableOid);
}
