import { StewardError } from '../errors.js';
import { readAllowedDrift } from '../migrate/allowed-drift.js';
import { migrateDown } from '../migrate/down.js';
import { findDrift } from '../migrate/drift.js';
import { withDriftCheck } from '../migrate/drift-gate.js';
import { readMigrations } from '../migrate/files.js';
import { newMigration } from '../migrate/new.js';
import { rehearse } from '../migrate/rehearse.js';
import { migrationStatus } from '../migrate/status.js';
import { migrateUp } from '../migrate/up.js';
import type { DriftReport } from '../model/drift.js';
import type { MigrateResult, MigrationFolder } from '../model/migration.js';
import { renderRunText, renderStatusText } from '../report/migrate/text.js';
import type { Settings } from '../settings-schema.js';
import type { CommandContext } from './command.js';
import { requireDatabase } from './database.js';
import { requireWritableFile } from './destination.js';

/** Does what `pgsteward migrate status` is asked for and gives its exit status. */
export async function runStatus(context: CommandContext): Promise<number> {
  const { format, output, exitCode, drift } = context.settings.migrate;
  const prepared = await prepareMigrate(context.settings);
  const { url, folder } = prepared;
  const status = await migrationStatus(url, folder, { schema: context.settings.schema });
  const report = drift ? await withDriftCheck(status, () => driftOf(context, prepared)) : status;
  await context.writeResult(
    format === 'json' ? `${JSON.stringify(report, null, 2)}\n` : renderStatusText(report),
    output,
  );
  return exitCode && !report.gate.open ? 1 : 0;
}

/** Compares a database with its migrations, and says on the progress that it does. */
export async function driftOf(
  { settings, signal, progress }: CommandContext,
  { url, folder }: PreparedMigrate,
): Promise<DriftReport> {
  const allowed = readAllowedDrift(settings.migrate.allowDrift);
  const step = progress.step('comparing with the migrations');
  const report = await findDrift(url, folder, { ownSchema: settings.schema, allowed, signal });
  step.end(`${report.files} replayed`);
  return report;
}

/** Does what `pgsteward migrate up` is asked for and gives its exit status. */
export async function runUp(context: CommandContext): Promise<number> {
  const { to, dryRun, allowOutOfOrder, besideLedger: besideLedgers } = context.settings.migrate;
  const { progress, signal } = context;
  const { url, folder } = await prepareMigrate(context.settings);
  const { schema } = context.settings;
  const run = { dryRun, allowOutOfOrder, besideLedgers, progress, signal, schema };
  const options = { ...run, ...(to === undefined ? {} : { to }) };
  return writeRun(context, await tried(context, { url, folder }, await migrateUp(url, folder, options)));
}

/** Does what `pgsteward migrate down` is asked for and gives its exit status. */
export async function runDown(context: CommandContext): Promise<number> {
  const { to, steps, dryRun } = context.settings.migrate;
  const { progress, signal } = context;
  const { url, folder } = await prepareMigrate(context.settings);
  const target = { ...(to === undefined ? {} : { to }), ...(steps === undefined ? {} : { steps }) };
  const { schema } = context.settings;
  const result = await migrateDown(url, folder, { dryRun, progress, signal, schema, ...target });
  return writeRun(context, await tried(context, { url, folder }, result));
}

/** Does what `pgsteward migrate new` is asked for and gives its exit status. */
export async function runNew(context: CommandContext): Promise<number> {
  requirePlainFormat(context.settings);
  const { format, output } = context.settings.migrate;
  const files = await newMigration(migrationDirs(context.settings), context.operands.join(' '), new Date());
  const text = format === 'json' ? `${JSON.stringify({ files }, null, 2)}\n` : `${files.join('\n')}\n`;
  await context.writeResult(text, output);
  return 0;
}

/** Reads the folders, and refuses what cannot be done before anything is. */
export async function prepareMigrate(settings: Settings): Promise<PreparedMigrate> {
  requirePlainFormat(settings);
  const folder = await readMigrations(migrationDirs(settings));
  const url = requireDatabase(settings);
  const { output } = settings.migrate;
  if (output !== undefined) requireWritableFile({ path: output, flag: '--output' });
  return { folder, url };
}

interface PreparedMigrate {
  readonly folder: MigrationFolder;
  readonly url: string;
}

/** Gives the folders of migrations that are asked for, or those of the configuration. */
export function migrationDirs(settings: Settings): readonly string[] {
  const dirs = settings.migrate.dir.length > 0 ? settings.migrate.dir : settings.migrations.dirs;
  if (dirs.length > 0) return dirs;
  throw new StewardError('usage', 'no folder of migrations is named', {
    hint: 'pass --dir DIR, or set migrations.dirs in pgsteward.yaml',
  });
}

function requirePlainFormat({ migrate: { format } }: Settings): void {
  if (format === 'text' || format === 'json') return;
  throw new StewardError('usage', `--format ${format} is for findings, and this command has none`, {
    hint: 'use --format text or --format json',
  });
}

/** Runs what a dry run has planned on a private server. */
async function tried(
  { settings, progress, signal }: CommandContext,
  { url, folder }: PreparedMigrate,
  result: MigrateResult,
): Promise<MigrateResult> {
  if (!result.dryRun || result.planned.length === 0) return result;
  const options = { ownSchema: settings.schema, progress, signal };
  return { ...result, rehearsal: await rehearse(url, { ...result, folder }, options) };
}

async function writeRun(context: CommandContext, result: MigrateResult): Promise<number> {
  const { format, output } = context.settings.migrate;
  await context.writeResult(format === 'json' ? `${JSON.stringify(result, null, 2)}\n` : renderRunText(result), output);
  const statements = result.rehearsal?.files.flatMap((file) => file.statements) ?? [];
  return statements.some(({ outcome }) => outcome === 'failed') ? 1 : 0;
}
