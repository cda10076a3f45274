import { type LogFormat, LogServer } from './log-server.js';
import { runSeed, type SeedResult } from './run-seed.js';
import { grouped, ratio, tableOf, total } from './tally.js';

const LINKED_PRECISION_LEAST = 0.98;
const LINKED_RECALL_LEAST = 0.9;

/**
 * Runs synthesised applications and prints, by format of the log, by wiring and by what was logged, how much of what is
 * found is right and how much of what loops is found. Gives whether both bars are reached where everything is logged.
 */
export async function judgeSynthesised(options: {
  readonly seeds: readonly number[];
  readonly requests: number;
  readonly formats: readonly LogFormat[];
  readonly isVerbose: boolean;
}): Promise<boolean> {
  const server = await LogServer.start();
  const results: SeedResult[] = [];
  try {
    for (const seed of options.seeds) {
      const result = await runSeed(server, { ...options, seed });
      results.push(result);
      tell(result, options.isVerbose);
    }
  } finally {
    await server.stop();
  }
  const isWhole = ({ conditions }: SeedResult) => conditions.logging === 'all';
  console.log(
    `\nEverything logged, by format:\n${tableOf(grouped(results, (each, format) => (isWhole(each) ? format : null)))}`,
  );
  console.log(
    `\nEverything logged, by connections:\n${tableOf(grouped(results, (each) => (isWhole(each) ? each.conditions.kind : null)))}`,
  );
  console.log(
    `\nBy what is logged:\n${tableOf(grouped(results, (each) => (isWhole(each) ? 'everything' : each.conditions.logging)))}`,
  );
  return reachesBars(results.filter(isWhole));
}

function tell({ seed, conditions, statements, judgements }: SeedResult, isVerbose: boolean): void {
  const { kind, protocol, logging } = conditions;
  const figures = [...judgements].map(([format, { linkedPrecision: found, linkedRecall: wanted }]) => {
    return `${format} ${found.right}/${found.of} right, ${wanted.right}/${wanted.of} found`;
  });
  console.log(`seed ${seed}: ${kind}, ${protocol}, ${logging}, ${statements} statements: ${figures.join('; ')}`);
  if (!isVerbose) return;
  for (const [format, { wrong, missed, unreported, misnamed }] of judgements) {
    for (const text of wrong) console.log(`  ${format} WRONG ${text}`);
    for (const text of unreported) console.log(`  ${format} UNREPORTED ${text}`);
    for (const text of misnamed) console.log(`  ${format} MISNAMED ${text}`);
    for (const text of missed) console.log(`  ${format} MISSED ${text}`);
  }
}

function reachesBars(results: readonly SeedResult[]): boolean {
  const judgements = results.flatMap((each) => [...each.judgements.values()]);
  const [precision, recall] = [total(judgements, 'linkedPrecision'), total(judgements, 'linkedRecall')].map(ratio);
  console.log(`\nlinked precision ${precision?.toFixed(4)}; the bar is ${LINKED_PRECISION_LEAST}`);
  console.log(`linked recall ${recall?.toFixed(4)}; the bar is ${LINKED_RECALL_LEAST}`);
  return (precision ?? 0) >= LINKED_PRECISION_LEAST && (recall ?? 0) >= LINKED_RECALL_LEAST;
}
