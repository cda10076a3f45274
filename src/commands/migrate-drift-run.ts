import { readAllowedDrift } from '../migrate/allowed-drift.js';
import { findDrift } from '../migrate/drift.js';
import { renderDriftText } from '../report/drift/text.js';
import type { CommandContext } from './command.js';
import { prepareMigrate } from './migrate-run.js';

/** Does what `pgsteward migrate drift` is asked for and gives its exit status. */
export async function runDrift(context: CommandContext): Promise<number> {
  const { settings, signal, progress } = context;
  const allowed = readAllowedDrift(settings.migrate.allowDrift);
  const { url, folder } = await prepareMigrate(settings);
  const step = progress.step('comparing with the migrations');
  const report = await findDrift(url, folder, { ownSchema: settings.schema, allowed, signal });
  step.end(`${report.files} replayed`);
  const { format, output } = settings.migrate;
  await context.writeResult(
    format === 'json' ? `${JSON.stringify(report, null, 2)}\n` : renderDriftText(report),
    output,
  );
  return report.differences.some(({ severity }) => severity === 'error') ? 1 : 0;
}
