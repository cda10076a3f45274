import { StewardError } from '../errors.js';
import type { Migration, MigrationFolder, RepairResult } from '../model/migration.js';
import { openSession, type Session } from '../postgres/session.js';
import { currentActor } from './actor.js';
import { recordAttempt } from './attempts.js';
import { explainDatabaseError } from './database-error.js';
import { deleteLedgerRow, deleteUnfinished, updateLedgerRow } from './ledger.js';
import { ensureOwnTables, type OwnTables, ownTables } from './own-tables.js';
import { readKnownState } from './status.js';
import { underLease } from './under-lease.js';
import { type VersionState, versionStates } from './version-state.js';

export interface RepairOptions {
  readonly version: string;
  /** Kept in the history. */
  readonly reason: string;
  /** Schema of the ledger. */
  readonly ownSchema: string;
  readonly signal?: AbortSignal;
}

/**
 * Puts the ledger right where it and the files do not agree about one version, and writes into the history why. It
 * changes the ledger alone, nothing of the schema; a StewardError of code `usage` where there is nothing to be put right.
 */
export async function repairMigration(
  url: string,
  folder: MigrationFolder,
  options: RepairOptions,
): Promise<RepairResult> {
  const tables = ownTables(options.ownSchema);
  const actor = currentActor();
  const session = await openSession(url, { applicationName: 'pgsteward migrate' });
  try {
    await findFault(session, { tables, folder, version: options.version });
    await ensureOwnTables(session, tables);
    const terms = { actor, signal: options.signal ?? null };
    return await underLease(url, { tables, terms }, async (lease) => {
      await session.query('BEGIN');
      const fault = await findFault(session, { tables, folder, version: options.version });
      const did = await repair(session, tables, fault);
      const migration = fault.migration ?? fault.row ?? { version: fault.version, name: fault.name, checksum: '' };
      const direction = fault.unfinished?.direction ?? 'up';
      const attempt = { migration, direction, event: 'repaired', reason: options.reason } as const;
      await recordAttempt(session, tables, { attempt, actor });
      lease.assertHeld();
      await session.query('COMMIT');
      return { version: fault.version, name: fault.name, was: fault.status, did, reason: options.reason };
    });
  } catch (error) {
    throw explainDatabaseError(error, tables);
  } finally {
    await session.close();
  }
}

interface Search {
  readonly tables: OwnTables;
  readonly folder: MigrationFolder;
  readonly version: string;
}

async function findFault(session: Session, { tables, folder, version }: Search): Promise<VersionState> {
  const states = versionStates(folder, await readKnownState(session, tables));
  const state = states.find((each) => each.version === version);
  if (state === undefined) {
    const known = states.filter(isRepairable).map((each) => each.version);
    throw new StewardError('usage', `there is no migration ${version}, neither a file nor in the ledger`, {
      hint: known.length === 0 ? 'no version needs a repair' : `those that need a repair are ${known.join(', ')}`,
    });
  }
  if (isRepairable(state)) return state;
  throw new StewardError('usage', `${state.version}_${state.name} needs no repair: it is ${state.status}`, {
    hint: state.wayOut ?? 'pgsteward migrate status shows which versions do',
  });
}

function isRepairable({ status }: VersionState): boolean {
  return status === 'edited' || status === 'missing' || status === 'failed';
}

/** Gives what was done, as a sentence about the version. */
async function repair(session: Session, tables: OwnTables, fault: VersionState): Promise<string> {
  const { migration, row, unfinished, version } = fault;
  if (migration === null) {
    await deleteLedgerRow(session, tables, version);
    await deleteUnfinished(session, tables, version);
    return 'is struck off the ledger';
  }
  if (unfinished !== null) {
    await deleteUnfinished(session, tables, version);
    const state = row === null ? 'pending' : 'applied';
    return `is ${state} again: that ${unfinished.statementsDone} of its statements are done is forgotten`;
  }
  if (row === null) return 'is pending again';
  await takeAsItIs(session, tables, migration);
  return 'is taken as the file has it now';
}

async function takeAsItIs(session: Session, tables: OwnTables, migration: Migration): Promise<void> {
  if (await updateLedgerRow(session, tables, migration)) return;
  throw new StewardError('database', `${migration.version} is not in ${tables.ledger} any more`, {
    hint: 'look at pgsteward migrate status, then run the command again',
  });
}
