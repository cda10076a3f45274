import type { MigrationFolder, MigrationGate, MigrationStatusReport } from '../model/migration.js';
import { openSession, type Session } from '../postgres/session.js';
import { readLastAttempts } from './attempts.js';
import { explainDatabaseError } from './database-error.js';
import { describeForeignLedger, findForeignLedgers } from './foreign-ledger.js';
import { readLedger } from './ledger.js';
import { type OwnTables, ownTables, ownTablesExist } from './own-tables.js';
import { warningsOf } from './plan.js';
import { type KnownState, type VersionState, versionStates } from './version-state.js';

export interface MigrationStatusOptions {
  /** Schema of the ledger; `steward` where not given. */
  readonly schema?: string;
}

/** Compares the files with a database's ledger; reads only, and creates nothing where there is no ledger yet. */
export async function migrationStatus(
  url: string,
  folder: MigrationFolder,
  options: MigrationStatusOptions = {},
): Promise<MigrationStatusReport> {
  const tables = ownTables(options.schema ?? 'steward');
  const session = await openSession(url, { applicationName: 'pgsteward migrate status' });
  try {
    // A read-only transaction, not a read-only session: behind a pooler that setting would reach other clients.
    await session.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const known = await readKnownState(session, tables);
    const states = versionStates(folder, known);
    const foreign = known.ledger.applied.length > 0 ? [] : await findForeignLedgers(session, tables.schema);
    return {
      files: states.map(({ version, name, status, row, wayOut }) => ({
        ...{ version, name, status, wayOut },
        appliedAt: row?.appliedAt ?? null,
      })),
      gate: gateOf(states),
      warnings: [
        ...foreign.map(
          (each) =>
            `${describeForeignLedger(each)}: pgsteward migrate baseline --from-ledger ${each.name} takes over what it says`,
        ),
        ...warningsOf(folder),
      ],
    };
  } catch (error) {
    throw explainDatabaseError(error, tables);
  } finally {
    await session.close();
  }
}

/** Reads what is applied, and how each version's history ends. */
export async function readKnownState(session: Session, tables: OwnTables): Promise<KnownState> {
  const ledger = await readLedger(session, tables);
  const attempts = (await ownTablesExist(session, tables)) ? await readLastAttempts(session, tables) : [];
  return { ledger, attempts };
}

function gateOf(states: readonly VersionState[]): MigrationGate {
  const reasons = states.flatMap(({ reason }) => (reason === null ? [] : [reason]));
  return { open: reasons.length === 0, reasons };
}
