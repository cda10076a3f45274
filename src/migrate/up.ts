import type { MigrateResult, MigrationFolder } from '../model/migration.js';
import type { Session } from '../postgres/session.js';
import { refuseForeignLedger } from './beside-ledger.js';
import type { LedgerState } from './ledger.js';
import { planUp } from './plan.js';
import { type MigrateOptions, runMigrations } from './runner.js';

export interface MigrateUpOptions extends MigrateOptions {
  /** The last version to apply; all where not given. */
  readonly to?: string;
  /** Applies a version below one that is applied already. */
  readonly allowOutOfOrder?: boolean;
  /**
   * The folder is a part of what the database was built from, as on a bench: applied versions that it does not have are
   * no fault, and none of its own is late.
   */
  readonly partOfSet?: boolean;
  /** Ledgers of other programs in the same database, by table: what they name is not what this folder has. */
  readonly besideLedgers?: readonly string[];
}

/**
 * Applies what is pending, each file once, however many runners start together. A StewardError says by name what
 * stands against it: an edited, missing or late file, another runner's ledger that has them as applied, or as MigrateFailed
 * the file and line that did not succeed.
 */
export async function migrateUp(
  url: string,
  folder: MigrationFolder,
  options: MigrateUpOptions = {},
): Promise<MigrateResult> {
  const { to, allowOutOfOrder, partOfSet, besideLedgers = [] } = options;
  const plan = (ledger: LedgerState) => planUp(folder, ledger, { to, allowOutOfOrder, partOfSet });
  // On a bench the folder is not the one that built the database, whoever kept it.
  const takenByOthers = async (session: Session, ledger: LedgerState) =>
    partOfSet === true || ledger.applied.length > 0
      ? []
      : refuseForeignLedger(session, { folder, ownSchema: options.schema ?? 'steward', beside: besideLedgers });
  return runMigrations({ url, folder, direction: 'up', options, plan, takenByOthers });
}
