import { StewardError } from '../errors.js';
import { readAllowedDrift } from '../migrate/allowed-drift.js';
import { type BaselineResult, baseline } from '../migrate/baseline.js';
import { renderDriftText } from '../report/drift/text.js';
import { plural } from '../report/units.js';
import type { CommandContext } from './command.js';
import { prepareMigrate } from './migrate-run.js';

/** Does what `pgsteward migrate baseline` is asked for and gives its exit status. */
export async function runBaseline(context: CommandContext): Promise<number> {
  const { settings, signal, progress } = context;
  const { to, fromLedger, format, output, allowDrift } = settings.migrate;
  if ((to === undefined) === (fromLedger === undefined))
    throw new StewardError('usage', 'migrate baseline needs to know what the database has already, from one side', {
      hint: 'pgsteward migrate baseline --to VERSION, or --from-ledger auto where another runner kept it so far',
    });
  const has = to === undefined ? { fromLedger: fromLedger ?? 'auto' } : { to };
  const allowed = readAllowedDrift(allowDrift);
  const { url, folder } = await prepareMigrate(settings);
  const step = progress.step('comparing with the migrations');
  const result = await baseline(url, folder, { has, ownSchema: settings.schema, allowed, signal });
  step.end(`${result.drift.files} replayed`);
  await context.writeResult(format === 'json' ? `${JSON.stringify(result, null, 2)}\n` : render(result), output);
  return result.recorded.length > 0 ? 0 : 1;
}

function render({ recorded, drift, ledger }: BaselineResult): string {
  if (recorded.length > 0) {
    const source = ledger === null ? '' : `; ${ledger}, which named them, is not needed any more`;
    return `${plural(recorded.length, 'migration')} written down as applied, up to ${recorded.at(-1)}${source}\n`;
  }
  return `${renderDriftText(drift)}\nNothing was written down: the database is not what the files make.\n`;
}
