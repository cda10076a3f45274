import { StewardError } from '../errors.js';
import type { DriftReport } from '../model/drift.js';
import type { Migration, MigrationFolder } from '../model/migration.js';
import { openSession, type Session } from '../postgres/session.js';
import { quoteRelation } from '../sql/quote.js';
import { currentActor } from './actor.js';
import { recordAttempt } from './attempts.js';
import { explainDatabaseError } from './database-error.js';
import { compareWithReplay, type DriftOptions, type DriftTarget, readDriftTarget } from './drift.js';
import { insertLedgerRow, type LedgerState, readLedger } from './ledger.js';
import { ensureOwnTables, type OwnTables, ownTables } from './own-tables.js';
import { readTakeOver } from './take-over.js';
import { underLease } from './under-lease.js';
import { compareVersions } from './version.js';

export interface BaselineOptions extends DriftOptions {
  /** Which versions the database has already: all up to one, or those that another runner's ledger names. */
  readonly has: { readonly to: string } | { readonly fromLedger: string };
}

/** What became of taking a database over. */
export interface BaselineResult {
  /** Versions that are in the ledger now; none where the database is not what the files make. */
  readonly recorded: readonly string[];
  /** The database against the replay of those files. */
  readonly drift: DriftReport;
  /** The other runner's table that named them, with its schema; null where a version did. */
  readonly ledger: string | null;
}

/**
 * Takes over a database that was built without the ledger: the files up to a version are replayed on a private server,
 * and only where the database is what they make are they written down as applied, without being run.
 */
export async function baseline(
  url: string,
  folder: MigrationFolder,
  options: BaselineOptions,
): Promise<BaselineResult> {
  const { has, ownSchema } = options;
  if ('to' in has) upTo(folder, has.to);
  const tables = ownTables(ownSchema);
  const session = await openSession(url, { applicationName: 'pgsteward migrate' });
  try {
    const target = await readDriftTarget(session, ownSchema);
    refuseLedger(target.ledger, tables);
    const takeOver = 'to' in has ? null : await readTakeOver(session, folder, { from: has.fromLedger, ownSchema });
    const migrations = takeOver?.migrations ?? ('to' in has ? upTo(folder, has.to) : []);
    const ledger = takeOver === null ? null : quoteRelation(takeOver.ledger);
    const compared = await compareWithReplay(asIfApplied(target, migrations), { ...folder, migrations }, options);
    const drift = { ...compared, differences: compared.differences.filter(({ object }) => object !== ledger) };
    if (drift.differences.some(({ severity }) => severity === 'error')) return { recorded: [], drift, ledger };
    await ensureOwnTables(session, tables);
    await record(session, { url, tables, migrations, signal: options.signal ?? null });
    return { recorded: migrations.map(({ version }) => version), drift, ledger };
  } catch (error) {
    throw explainDatabaseError(error, tables);
  } finally {
    await session.close();
  }
}

function upTo(folder: MigrationFolder, to: string): readonly Migration[] {
  const versions = folder.migrations.map(({ version }) => version);
  if (!versions.includes(to)) {
    throw new StewardError('usage', `there is no migration of version ${to}`, {
      hint: versions.length === 0 ? 'see what --dir names' : `the versions are ${versions.join(', ')}`,
    });
  }
  return folder.migrations.filter(({ version }) => compareVersions(version, to) <= 0);
}

function refuseLedger({ applied }: LedgerState, tables: OwnTables): void {
  if (applied.length === 0) return;
  throw new StewardError('configuration', `the ledger ${tables.ledger} has ${applied.length} migrations already`, {
    hint: 'pgsteward migrate up applies what is pending; a baseline is for a database that has no ledger',
  });
}

function asIfApplied(target: DriftTarget, migrations: readonly Migration[]): DriftTarget {
  const applied = migrations.map(({ version, name, checksum }) => ({ version, name, checksum, appliedAt: '' }));
  return { ...target, ledger: { applied, unfinished: [] } };
}

interface Recording {
  readonly url: string;
  readonly tables: OwnTables;
  readonly migrations: readonly Migration[];
  readonly signal: AbortSignal | null;
}

async function record(session: Session, { url, tables, migrations, signal }: Recording): Promise<void> {
  const actor = currentActor();
  await underLease(url, { tables, terms: { actor, signal } }, async (lease) => {
    await session.query('BEGIN');
    refuseLedger(await readLedger(session, tables), tables);
    for (const migration of migrations) {
      const entry = { migration, durationMs: 0, statementsDone: 0, outOfOrder: false };
      await insertLedgerRow(session, tables, { entry, actor });
      await recordAttempt(session, tables, { attempt: { migration, direction: 'up', event: 'skipped' }, actor });
    }
    lease.assertHeld();
    await session.query('COMMIT');
  });
}
