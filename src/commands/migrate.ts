import type { Command } from './command.js';

const FORM = ['format', 'output'];

/** `pgsteward migrate status`: what is applied and pending, and whether the gate is open. */
export const migrateStatusCommand: Command = {
  name: 'migrate status',
  summary: 'show every migration’s state and whether the gate is open',
  section: 'migrate',
  flags: ['dir', 'exitCode', 'drift', ...FORM],
  async run(context) {
    const { runStatus } = await import('./migrate-run.js');
    return runStatus(context);
  },
};

/** `pgsteward migrate up`: apply what is pending. */
export const migrateUpCommand: Command = {
  name: 'migrate up',
  summary: 'apply pending migrations',
  section: 'migrate',
  flags: ['dir', 'to', 'dryRun', 'allowOutOfOrder', 'besideLedger', ...FORM],
  async run(context) {
    const { runUp } = await import('./migrate-run.js');
    return runUp(context);
  },
};

/** `pgsteward migrate down`: take migrations back, newest first. */
export const migrateDownCommand: Command = {
  name: 'migrate down',
  summary: 'take applied migrations back',
  section: 'migrate',
  flags: ['dir', 'to', 'steps', 'dryRun', ...FORM],
  async run(context) {
    const { runDown } = await import('./migrate-run.js');
    return runDown(context);
  },
};

/** `pgsteward migrate lint`: what each migration does to a database in use. */
export const migrateLintCommand: Command = {
  name: 'migrate lint',
  summary: 'run every migration on an embedded server with made-up rows, and report what would hurt',
  section: 'migrate',
  flags: ['dir', 'major', 'snapshot', 'failOn', ...FORM],
  notes:
    'It needs no database. With --database-url it also reads what that one has applied and which roles it has.\nExit status: 1 when a finding is at least as severe as --fail-on says.',
  async run(context) {
    const { runLint } = await import('./migrate-lint-run.js');
    return runLint(context);
  },
};

/** `pgsteward migrate drift`: in what a database is not what its migrations make of it. */
export const migrateDriftCommand: Command = {
  name: 'migrate drift',
  summary: 'compare a database’s schema with its migrations, replayed on an embedded server',
  section: 'migrate',
  flags: ['dir', ...FORM],
  notes: 'The database is only read. The exit status is 1 when something differs that is more than a note.',
  async run(context) {
    const { runDrift } = await import('./migrate-drift-run.js');
    return runDrift(context);
  },
};

/** `pgsteward migrate verify`: whether each migration can be taken back and applied again. */
export const migrateVerifyCommand: Command = {
  name: 'migrate verify',
  summary: 'take each migration up, down and up again on an embedded server, and compare the schemas',
  section: 'migrate',
  flags: ['dir', 'major', 'failOn', ...FORM],
  notes: 'It needs no database. What a row loses on its way down is not looked at.',
  async run(context) {
    const { runVerify } = await import('./migrate-verify-run.js');
    return runVerify(context);
  },
};

/** `pgsteward migrate new`: the two files of a new migration. */
export const migrateNewCommand: Command = {
  name: 'migrate new',
  summary: 'make the up and the down file of a new migration, numbered behind the last',
  section: 'migrate',
  operands: 'NAME',
  flags: ['dir', ...FORM],
  async run(context) {
    const { runNew } = await import('./migrate-run.js');
    return runNew(context);
  },
};

/** `pgsteward migrate baseline`: take over a database that was built without the ledger. */
export const migrateBaselineCommand: Command = {
  name: 'migrate baseline',
  summary: 'write migrations down as applied that the database has already, once it is seen to have them',
  section: 'migrate',
  flags: ['dir', 'to', 'fromLedger', ...FORM],
  notes:
    'The files up to --to, or those that the other ledger names, are replayed on an embedded server; where the database\ndiffers from that, the exit status is 1 and nothing is written.',
  async run(context) {
    const { runBaseline } = await import('./migrate-baseline-run.js');
    return runBaseline(context);
  },
};

/** `pgsteward migrate repair`: put the ledger right where it and the files do not agree. */
export const migrateRepairCommand: Command = {
  name: 'migrate repair',
  summary: 'put the ledger right for one version that was edited, is missing, failed or was broken off',
  section: 'migrate',
  operands: 'VERSION',
  flags: ['dir', 'reason', ...FORM],
  notes:
    'It changes the ledger alone: an edited file is taken as it is now, a missing one struck off, a failed one pending again.\nThe reason is kept in the history of attempts.',
  async run(context) {
    const { runRepair } = await import('./migrate-repair-run.js');
    return runRepair(context);
  },
};
