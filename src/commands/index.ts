import { adviseCommand } from './advise.js';
import { auditVerifyCommand } from './audit.js';
import { benchCommand, benchCompareCommand, benchExportCommand } from './bench.js';
import type { Command } from './command.js';
import { demoCommand } from './demo.js';
import { eventsIngestCommand } from './events.js';
import { jobsListCommand, jobsRunCommand } from './jobs.js';
import {
  migrateBaselineCommand,
  migrateDownCommand,
  migrateDriftCommand,
  migrateLintCommand,
  migrateNewCommand,
  migrateRepairCommand,
  migrateStatusCommand,
  migrateUpCommand,
  migrateVerifyCommand,
} from './migrate.js';
import { rulesCommand } from './rules.js';
import { snapshotCommand } from './snapshot.js';
import { tapCommand } from './tap.js';
import { workerCommand } from './worker.js';

/** Every command, in the order in which help lists them. */
export const commands: readonly Command[] = [
  demoCommand,
  adviseCommand,
  benchCommand,
  benchCompareCommand,
  benchExportCommand,
  migrateStatusCommand,
  migrateUpCommand,
  migrateDownCommand,
  migrateLintCommand,
  migrateVerifyCommand,
  migrateDriftCommand,
  migrateBaselineCommand,
  migrateRepairCommand,
  migrateNewCommand,
  workerCommand,
  jobsListCommand,
  jobsRunCommand,
  eventsIngestCommand,
  auditVerifyCommand,
  snapshotCommand,
  tapCommand,
  rulesCommand,
];
