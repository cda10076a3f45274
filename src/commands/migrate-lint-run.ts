import { readApplied } from '../migrate/lint/applied.js';
import { type ProductionSizes, productionSizes } from '../migrate/lint/production.js';
import { lintMigrations } from '../migrate/lint.js';
import { readSnapshotFile } from '../snapshot/read-snapshot.js';
import type { CommandContext } from './command.js';
import { requireWritableFile } from './destination.js';
import { exitStatusOf } from './exit-status.js';
import { migrationDirs } from './migrate-run.js';
import { renderFindings } from './render-findings.js';

/** Does what `pgsteward migrate lint` is asked for and gives its exit status. */
export async function runLint(context: CommandContext): Promise<number> {
  const { settings, flags, version, progress, signal } = context;
  const { major, failOn, output, snapshot } = settings.migrate;
  const dirs = migrationDirs(settings);
  if (output !== undefined) requireWritableFile({ path: output, flag: '--output' });
  // A database that the environment names by the way is not to be asked: linting needs none.
  const url = flags.has('databaseUrl') ? settings.databaseUrl : undefined;
  const known = url === undefined ? null : await readApplied(url, settings.schema);
  const production = snapshot === undefined ? null : await sizesIn(snapshot, signal);
  const now = () => new Date();
  const options = { dirs, major, known, production, version, progress, signal, now };
  const report = await lintMigrations({ ...options, ownSchema: settings.schema });
  await context.writeResult(renderFindings(report, context), output);
  return exitStatusOf(report, failOn);
}

async function sizesIn(file: string, signal: AbortSignal): Promise<ProductionSizes> {
  const { snapshot } = await readSnapshotFile(file, { signal });
  return productionSizes(snapshot.catalog.tables);
}
