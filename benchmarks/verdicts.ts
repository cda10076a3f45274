/**
 * How often the bench is wrong: runs of two equal schemas, in which any verdict but equivalent or inconclusive is a
 * false alarm; runs in which one of them is half as slow again, or has the index that is missing; and beside them two
 * runs one after the other, compared as everyone does it. With --hog all of it beside a process that never rests.
 * Exit status 1 when more than 5 of 60 alarms are false, fewer than 38 of 40 slowdowns are caught, or an index is missed;
 * beside the hog a slowdown may stay inconclusive, but not be called the opposite.
 * Usage: tsx benchmarks/verdicts.ts [--runs 60] [--injected 40] [--budget-seconds 20] [--hog] [--case pg_sleep]
 */
import { spawn } from 'node:child_process';
import { parseArgs } from 'node:util';
import { runBench } from '../src/bench/run.js';
import { startServer } from '../src/embedded/server.js';
import type { Verdict } from '../src/model/bench.js';
import { openSession } from '../src/postgres/session.js';
import { changes, fillCommands, unchanged, type VerdictCase } from './verdicts/cases.js';
import { exactInterval } from './verdicts/exact-interval.js';
import { medianOfRun, seesSequentialChange } from './verdicts/sequential.js';

const FALSE_SHARE_MOST = 5 / 60;
const CAUGHT_SHARE_LEAST = 38 / 40;

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '60' },
    injected: { type: 'string', default: '40' },
    'budget-seconds': { type: 'string', default: '20' },
    hog: { type: 'boolean', default: false },
    case: { type: 'string' },
  },
});
const budgetMs = Number(values['budget-seconds']) * 1_000;
const hog = values.hog ? spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' }) : null;
const server = await startServer({ settings: { shared_buffers: '256MB' } });
try {
  await server.createDatabase('commands');
  const url = server.url('commands');
  const session = await openSession(url);
  await fillCommands(session);
  await session.close();
  const quiet = await falseAlarms(url, Number(values.runs));
  let reached = quiet;
  const wanted = changes.filter(({ name }) => values.case === undefined || name === values.case);
  for (const change of wanted) reached = (await caught(url, change, Number(values.injected))) && reached;
  process.exitCode = reached ? 0 : 1;
} finally {
  hog?.kill();
  await server.stop();
}

async function falseAlarms(url: string, runs: number): Promise<boolean> {
  const verdicts: Verdict[] = [];
  let sequential = 0;
  for (let run = 0; run < runs; run += 1) {
    verdicts.push(await verdictOf(url, unchanged, run));
    if (await seesSequentialChange(url, unchanged.query, budgetMs)) sequential += 1;
  }
  const wrong = verdicts.filter((verdict) => verdict === 'improved' || verdict === 'regressed').length;
  console.log(row(unchanged.name, 'false', wrong, runs, verdicts));
  console.log(row('  one run after the other', 'false', sequential, runs, []));
  return wrong <= Math.ceil(FALSE_SHARE_MOST * runs);
}

async function caught(url: string, change: VerdictCase, runs: number): Promise<boolean> {
  const verdicts: Verdict[] = [];
  for (let run = 0; run < runs; run += 1) verdicts.push(await verdictOf(url, change, run));
  const right = verdicts.filter((verdict) => verdict === change.expected).length;
  console.log(row(change.name, 'caught', right, runs, verdicts));
  const opposite = change.expected === 'regressed' ? 'improved' : 'regressed';
  const wrong = verdicts.filter((verdict) => verdict === opposite).length;
  if (change.expected === 'improved') return right === runs;
  return hog === null ? right >= Math.floor(CAUGHT_SHARE_LEAST * runs) : wrong <= Math.ceil(FALSE_SHARE_MOST * runs);
}

async function verdictOf(url: string, change: VerdictCase, run: number): Promise<Verdict> {
  const latencyMs = await medianOfRun(url, change.query, 300);
  const apply = async (clone: string) => {
    const session = await openSession(clone);
    try {
      await session.script(change.migration(latencyMs));
    } finally {
      await session.close();
    }
  };
  const report = await runBench({
    url,
    queries: [change.query],
    migrations: { names: [change.name], apply },
    driver: 'pg',
    budgetMs,
    seed: run + 1,
  });
  const [query] = report.queries;
  if (query === undefined) throw new Error(`${change.name} was not measured`);
  const { point, low, high } = query.latencyRatio;
  console.error(
    `${change.name} ${run + 1}: ${query.verdict} × ${point.toFixed(3)} (${low.toFixed(3)}–${high.toFixed(3)}), margin ${query.changeMargin?.toFixed(3)}, floor ${query.floorRatio?.point.toFixed(3)}, CPU ${query.cpuRatio?.point.toFixed(3)}, ${(report.durationMs / 1_000).toFixed(1)} s`,
  );
  return query.verdict;
}

function row(name: string, what: string, hits: number, runs: number, verdicts: readonly Verdict[]): string {
  const [low, high] = exactInterval(hits, runs);
  const interval = `${(100 * low).toFixed(1)}–${(100 * high).toFixed(1)} %`;
  const counts = [...new Set(verdicts)].map(
    (verdict) => `${verdicts.filter((each) => each === verdict).length} ${verdict}`,
  );
  return `${name.padEnd(26)} ${what} ${String(hits).padStart(2)}/${runs}  ${interval.padEnd(14)} ${counts.join(', ')}`;
}
