import { renderDriftText } from '../report/drift/text.js';
import type { CommandContext } from './command.js';
import { driftOf, prepareMigrate } from './migrate-run.js';

/** Does what `pgsteward migrate drift` is asked for and gives its exit status. */
export async function runDrift(context: CommandContext): Promise<number> {
  const { settings } = context;
  const report = await driftOf(context, await prepareMigrate(settings));
  const { format, output } = settings.migrate;
  await context.writeResult(
    format === 'json' ? `${JSON.stringify(report, null, 2)}\n` : renderDriftText(report),
    output,
  );
  return report.differences.some(({ severity }) => severity === 'error') ? 1 : 0;
}
