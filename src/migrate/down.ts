import type { MigrateResult, MigrationFolder } from '../model/migration.js';
import type { LedgerState } from './ledger.js';
import { planDown } from './plan.js';
import { type MigrateOptions, runMigrations } from './runner.js';

export interface MigrateDownOptions extends MigrateOptions {
  /** This version stays applied, everything above it is taken back. */
  readonly to?: string;
  /** How many of the last migrations are taken back. */
  readonly steps?: number;
}

/**
 * Takes migrations back, last first, by their down files: down to a version that stays, or a number of steps. A
 * StewardError of code `usage` where neither is given: never everything by default.
 */
export async function migrateDown(
  url: string,
  folder: MigrationFolder,
  options: MigrateDownOptions,
): Promise<MigrateResult> {
  const { to, steps } = options;
  const plan = (ledger: LedgerState) => planDown(folder, ledger, { to, steps });
  return runMigrations({ url, folder, direction: 'down', options, plan });
}
