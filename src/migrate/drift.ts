import type { EmbeddedServer } from '../embedded/server.js';
import { messageOf, StewardError, sqlStateOf } from '../errors.js';
import type { AllowedDrift, DriftReport, ObservedSchema } from '../model/drift.js';
import type { Migration, MigrationFolder } from '../model/migration.js';
import { openSession, type Session } from '../postgres/session.js';
import { quoteIdentifier } from '../sql/quote.js';
import { judgeDrift } from './allowed-drift.js';
import { type LedgerState, readLedger } from './ledger.js';
import { ownTables } from './own-tables.js';
import { refuseMissing, warningsOf } from './plan.js';
import { compareSchemas } from './schema/compare.js';
import { asOfOneMoment, observeInTransaction } from './schema/observe.js';
import { ScratchReplay } from './scratch-replay.js';

export interface DriftOptions {
  readonly ownSchema: string;
  readonly allowed: readonly AllowedDrift[];
  readonly signal?: AbortSignal;
  /** A private server of the database's major that runs already; one of its own where not given. */
  readonly server?: EmbeddedServer;
}

/** A database as it is found. */
export interface DriftTarget {
  readonly major: number;
  /** Role that applied the migrations, as far as can be told: what it made is its own. */
  readonly runner: string;
  readonly ledger: LedgerState;
  readonly schema: ObservedSchema;
}

/** Compares a database with its migrations, replayed on a private server of the same major; the database is only read. */
export async function findDrift(url: string, folder: MigrationFolder, options: DriftOptions): Promise<DriftReport> {
  const session = await openSession(url, { applicationName: 'pgsteward migrate drift' });
  let target: DriftTarget;
  try {
    target = await readDriftTarget(session, options.ownSchema);
  } finally {
    await session.close();
  }
  return compareWithReplay(target, folder, options);
}

/** Reads, as of one moment, all that a comparison needs; a StewardError says what stands in the way. */
export async function readDriftTarget(session: Session, ownSchema: string): Promise<DriftTarget> {
  try {
    return await asOfOneMoment(session, async () => {
      const { rows } = await session.query<{ major: number; runner: string }>(
        `SELECT pg_catalog.current_setting('server_version_num')::int / 10000 AS major, ${RUNNER} AS runner`,
        [ownSchema],
      );
      const { major, runner } = rows[0] ?? { major: 0, runner: 'postgres' };
      const ledger = await readLedger(session, ownTables(ownSchema));
      return { major, runner, ledger, schema: await observeInTransaction(session, ownSchema) };
    });
  } catch (error) {
    throw explainReadError(error, quoteIdentifier(ownSchema));
  }
}

function explainReadError(error: unknown, schema: string): unknown {
  const state = sqlStateOf(error);
  if (state === null) return error;
  const message = `the schema and its ledger cannot be read: ${messageOf(error)} (SQLSTATE ${state})`;
  return new StewardError('database', message, { hint: READ_HINTS[state]?.(schema) ?? LATER, cause: error });
}

const LATER = 'see the server log, then run it again';
const READ_HINTS: Readonly<Record<string, (schema: string) => string>> = {
  '42501': (schema) =>
    `let the owner run GRANT USAGE ON SCHEMA ${schema} TO <this role>; GRANT SELECT ON ALL TABLES IN SCHEMA ${schema} TO <this role>`,
  '55P03': () => 'another session holds a lock on a table: wait until its migration is done, then run it again',
};

/**
 * Replays the files that the database has applied, or all where it has no ledger, and compares what they make with what
 * it has. A StewardError says which applied file is not there, or where the replay ended.
 */
export async function compareWithReplay(
  target: DriftTarget,
  folder: MigrationFolder,
  { ownSchema, allowed, signal, server }: DriftOptions,
): Promise<DriftReport> {
  const { ledger, major, runner } = target;
  refuseMissing(folder, ledger);
  const checksums = new Map(ledger.applied.map(({ version, checksum }) => [version, checksum]));
  const isExpected = ({ version }: Migration) => checksums.size === 0 || checksums.has(version);
  const migrations = folder.migrations.filter(isExpected);
  const own = runner.startsWith('pg_') ? {} : { runner };
  const terms = { major, ownSchema, server, ...own, ...(signal === undefined ? {} : { signal }) };
  const replay = await ScratchReplay.start(terms);
  try {
    if (migrations.length > 0) await replay.up({ ...folder, migrations });
    const differences = compareSchemas(await replay.observe(), target.schema);
    const judged = judgeDrift(differences, allowed, target.schema.readAt);
    const edited = migrations.filter(({ version, checksum }) => (checksums.get(version) ?? checksum) !== checksum);
    return {
      ...judged,
      pending: folder.migrations.filter((migration) => !isExpected(migration)).map(titleOf),
      files: migrations.length,
      replayedOn: replay.version,
      warnings: [
        ...warningsOf(folder),
        ...(checksums.size === 0 ? ['the database has no ledger of migrations: it is compared with all files'] : []),
        ...edited.map((file) => `${titleOf(file)} was edited after it was applied; it is compared as it is now`),
        ...judged.warnings,
      ],
    };
  } finally {
    await replay.stop();
  }
}

function titleOf({ version, name }: Migration): string {
  return `${version}_${name}`;
}

/** The ledger's owner where it owns other tables too, for a worker of another role may have made it; else who owns most. */
const RUNNER = `
  coalesce((SELECT pg_catalog.pg_get_userbyid(class.relowner)
              FROM pg_catalog.pg_class AS class
              JOIN pg_catalog.pg_namespace AS space ON space.oid = class.relnamespace
             WHERE class.relkind IN ('r', 'p') AND space.nspname !~ '^pg_' AND space.nspname <> 'information_schema'
               AND space.nspname <> $1
             GROUP BY class.relowner
             ORDER BY class.relowner IN (SELECT ledger.relowner
                                           FROM pg_catalog.pg_class AS ledger
                                           JOIN pg_catalog.pg_namespace AS own ON own.oid = ledger.relnamespace
                                          WHERE own.nspname = $1 AND ledger.relname = 'schema_migrations') DESC,
                      pg_catalog.count(*) DESC, class.relowner
             LIMIT 1), current_user::pg_catalog.text)`;
