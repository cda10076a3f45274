import { LogServer, type Source } from './log-server.js';
import { runSeed, type SeedResult } from './run-seed.js';
import type { Judgement } from './score.js';
import { grouped, ratio, tableOf, total } from './tally.js';

const LINKED_PRECISION_LEAST = 0.98;
const LINKED_RECALL_LEAST = { logs: 0.9, tap: 0.95 };

/**
 * Runs synthesised applications and prints, by format of the log, by wiring and by what was logged, how much of what is
 * found is right and how much of what loops is found. Gives whether both bars are reached where everything is logged.
 */
export async function judgeSynthesised(options: {
  readonly seeds: readonly number[];
  readonly requests: number;
  readonly formats: readonly Source[];
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
  const isSeen = (each: SeedResult, format: string) => format === 'tap' || isWhole(each);
  console.log(
    `\nEverything logged, by format:\n${tableOf(grouped(results, (each, format) => (isSeen(each, format) ? format : null)))}`,
  );
  console.log(
    `\nThrough the tap, by connections:\n${tableOf(grouped(results, ({ conditions }, format) => (format === 'tap' ? conditions.kind : null)))}`,
  );
  console.log(
    `\nEverything logged, by connections:\n${tableOf(grouped(results, (each, format) => (format !== 'tap' && isWhole(each) ? each.conditions.kind : null)))}`,
  );
  console.log(
    `\nBy what is logged:\n${tableOf(grouped(results, (each, format) => (format === 'tap' ? null : isWhole(each) ? 'everything' : each.conditions.logging)))}`,
  );
  const judged = (isTap: boolean, from: readonly SeedResult[]) =>
    from.flatMap(({ judgements }) =>
      [...judgements].flatMap(([format, each]) => ((format === 'tap') === isTap ? [each] : [])),
    );
  const isWell = [
    reachesBars('logs', judged(false, results.filter(isWhole))),
    reachesBars('tap', judged(true, results)),
  ];
  return isWell.every(Boolean);
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

function reachesBars(of: keyof typeof LINKED_RECALL_LEAST, judgements: readonly Judgement[]): boolean {
  if (judgements.length === 0) return true;
  const [precision = 0, recall = 0] = [total(judgements, 'linkedPrecision'), total(judgements, 'linkedRecall')].map(
    ratio,
  );
  const recallLeast = LINKED_RECALL_LEAST[of];
  console.log(`\n${of}: linked precision ${precision.toFixed(4)}; the bar is ${LINKED_PRECISION_LEAST}`);
  console.log(`${of}: linked recall ${recall.toFixed(4)}; the bar is ${recallLeast}`);
  return precision >= LINKED_PRECISION_LEAST && recall >= recallLeast;
}
