import { verifyMigrations } from '../migrate/verify.js';
import type { CommandContext } from './command.js';
import { requireWritableFile } from './destination.js';
import { exitStatusOf } from './exit-status.js';
import { migrationDirs } from './migrate-run.js';
import { renderFindings } from './render-findings.js';

/** Does what `pgsteward migrate verify` is asked for and gives its exit status. */
export async function runVerify(context: CommandContext): Promise<number> {
  const { settings, version, progress, signal } = context;
  const { major, failOn, output } = settings.migrate;
  const dirs = migrationDirs(settings);
  if (output !== undefined) requireWritableFile({ path: output, flag: '--output' });
  const now = () => new Date();
  const report = await verifyMigrations({ dirs, major, ownSchema: settings.schema, version, progress, signal, now });
  await context.writeResult(renderFindings(report, context), output);
  return exitStatusOf(report, failOn);
}
