import { StewardError } from '../errors.js';
import { repairMigration } from '../migrate/repair.js';
import { renderRepairText } from '../report/migrate/text.js';
import type { CommandContext } from './command.js';
import { prepareMigrate } from './migrate-run.js';

const USAGE = 'pgsteward migrate repair VERSION --reason TEXT; pgsteward migrate status shows which versions need it';

/** Does what `pgsteward migrate repair` is asked for and gives its exit status. */
export async function runRepair(context: CommandContext): Promise<number> {
  const { settings, operands, signal } = context;
  const { reason, format, output } = settings.migrate;
  const [version, second] = operands;
  if (version === undefined || second !== undefined) {
    throw new StewardError('usage', `migrate repair needs one version, and ${operands.length} are given`, {
      hint: USAGE,
    });
  }
  if (reason === undefined || reason.trim() === '') {
    throw new StewardError('usage', 'migrate repair needs a reason for the history', { hint: USAGE });
  }
  const { url, folder } = await prepareMigrate(settings);
  const result = await repairMigration(url, folder, { version, reason, ownSchema: settings.schema, signal });
  await context.writeResult(
    format === 'json' ? `${JSON.stringify(result, null, 2)}\n` : renderRepairText(result),
    output,
  );
  return 0;
}
