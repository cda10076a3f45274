import { StewardError } from '../errors.js';
import { migrateDown } from '../migrate/down.js';
import { readMigrations } from '../migrate/files.js';
import { migrationStatus } from '../migrate/status.js';
import { migrateUp } from '../migrate/up.js';
import type { MigrateResult, MigrationFolder } from '../model/migration.js';
import { renderRunText, renderStatusText } from '../report/migrate/text.js';
import type { Settings } from '../settings-schema.js';
import { requireDatabase } from './advise.js';
import type { Command, CommandContext } from './command.js';

const FORM = ['format', 'output'];

/** `pgsteward migrate status`: what is applied and pending, and whether the gate is open. */
export const migrateStatusCommand: Command = {
  name: 'migrate status',
  summary: 'show every migration’s state and whether the gate is open',
  section: 'migrate',
  flags: ['dir', 'exitCode', ...FORM],
  async run(context) {
    const { settings } = context;
    const report = await migrationStatus(requireDatabase(settings), await folderOf(settings));
    const text = settings.migrate.format === 'json' ? `${JSON.stringify(report, null, 2)}\n` : renderStatusText(report);
    await context.writeResult(text, settings.migrate.output);
    return settings.migrate.exitCode && !report.gate.open ? 1 : 0;
  },
};

/** `pgsteward migrate up`: apply what is pending. */
export const migrateUpCommand: Command = {
  name: 'migrate up',
  summary: 'apply pending migrations',
  section: 'migrate',
  flags: ['dir', 'to', 'dryRun', 'allowOutOfOrder', ...FORM],
  async run(context) {
    const { to, dryRun, allowOutOfOrder } = context.settings.migrate;
    const folder = await folderOf(context.settings);
    const options = {
      dryRun,
      allowOutOfOrder,
      progress: context.progress,
      signal: context.signal,
      ...(to === undefined ? {} : { to }),
    };
    return writeRun(context, await migrateUp(requireDatabase(context.settings), folder, options));
  },
};

/** `pgsteward migrate down`: take migrations back, newest first. */
export const migrateDownCommand: Command = {
  name: 'migrate down',
  summary: 'take applied migrations back',
  section: 'migrate',
  flags: ['dir', 'to', 'steps', 'dryRun', ...FORM],
  async run(context) {
    const { to, steps, dryRun } = context.settings.migrate;
    const folder = await folderOf(context.settings);
    const target = { ...(to === undefined ? {} : { to }), ...(steps === undefined ? {} : { steps }) };
    return writeRun(
      context,
      await migrateDown(requireDatabase(context.settings), folder, {
        dryRun,
        progress: context.progress,
        signal: context.signal,
        ...target,
      }),
    );
  },
};

async function folderOf(settings: Settings): Promise<MigrationFolder> {
  const dirs = settings.migrate.dir.length > 0 ? settings.migrate.dir : settings.migrations.dirs;
  if (dirs.length > 0) return readMigrations(dirs);
  throw new StewardError('usage', 'no folder of migrations is named', {
    hint: 'pass --dir DIR, or set migrations.dirs in pgsteward.yaml',
  });
}

async function writeRun(context: CommandContext, result: MigrateResult): Promise<number> {
  const { format, output } = context.settings.migrate;
  await context.writeResult(format === 'json' ? `${JSON.stringify(result, null, 2)}\n` : renderRunText(result), output);
  return 0;
}
