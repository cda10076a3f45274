import type { MigrateResult, MigrationFolder } from '../model/migration.js';
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
}

/**
 * Applies what is pending, each file once, however many runners start together. A StewardError says by name what
 * stands against it: an edited, missing or late file, or as MigrateFailed the file and line that did not succeed.
 */
export async function migrateUp(
  url: string,
  folder: MigrationFolder,
  options: MigrateUpOptions = {},
): Promise<MigrateResult> {
  const { to, allowOutOfOrder, partOfSet } = options;
  const plan = (ledger: LedgerState) => planUp(folder, ledger, { to, allowOutOfOrder, partOfSet });
  return runMigrations({ url, folder, direction: 'up', options, plan });
}
