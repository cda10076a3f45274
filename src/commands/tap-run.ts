import { renderTapText } from '../report/tap/text.js';
import { startTap } from '../tap/tap.js';
import type { CommandContext } from './command.js';
import { stopOf } from './stop-signal.js';

/** Does what `pgsteward tap` is asked for: records until a signal, and gives 0. */
export async function runTap(
  context: CommandContext,
  { upstream, output }: { readonly upstream: string; readonly output: string },
): Promise<number> {
  const { settings, log, signal, version, progress } = context;
  const { listen, values, sample, rotateBytes, format } = settings.tap;
  const tap = await startTap({ listen, upstream, output, values, sample, rotateBytes, toolVersion: version, log });
  log.info({ address: tap.address, upstream }, 'tap started');
  const step = progress.step(`tap on ${tap.address}`);
  const watch = setInterval(() => step.update(tap.counts.executions, 'statements'), PROGRESS_MS);
  await stopOf(signal);
  clearInterval(watch);
  await tap.stop();
  step.end();
  const { counts, files } = tap;
  log.info({ counts }, 'tap stopped');
  const summary = { files, ...counts };
  await context.writeResult(format === 'json' ? `${JSON.stringify(summary)}\n` : renderTapText(summary), undefined);
  return 0;
}

const PROGRESS_MS = 1000;
