import { compareResults } from '../bench/compare.js';
import { readBenchResults } from '../bench/outside/outside-results.js';
import type { BeforeAfter } from '../model/before-after.js';
import type { BenchComparison } from '../model/bench-comparison.js';
import { renderComparisonJson, renderComparisonMarkdown, renderComparisonText } from '../report/bench/comparison.js';
import type { Settings } from '../settings-schema.js';
import type { CommandContext } from './command.js';

/** Does what `pgsteward bench compare` is asked for and gives its exit status. */
export async function runBenchCompare(context: CommandContext, files: BeforeAfter<string>): Promise<number> {
  const comparison = compareResults(readBenchResults(files.before), readBenchResults(files.after));
  const { format, output } = context.settings.benchCompare;
  await context.writeResult(RENDERERS[format](comparison), output);
  if (comparison.queries.some(({ verdict }) => verdict === 'regressed')) return 1;
  return comparison.queries.some(({ verdict }) => verdict === 'inconclusive') ? 4 : 0;
}

const RENDERERS: Readonly<Record<Settings['benchCompare']['format'], (comparison: BenchComparison) => string>> = {
  text: renderComparisonText,
  json: renderComparisonJson,
  markdown: renderComparisonMarkdown,
};
