/**
 * How often the bench is wrong: runs of two equal schemas, in which any verdict but equivalent or inconclusive is a
 * false alarm; runs in which one of them is half as slow again, or has the index that is missing; and beside every few
 * of them two runs one after the other, compared as everyone does it. With --hog all of it beside a process that never
 * rests. A line a run goes to stderr, a row a case to stdout; Ctrl-C ends the case under way and prints its row.
 * Exit status 1 when more than 5 of 60 alarms are false, fewer than 38 of 40 slowdowns are caught, or an index is missed;
 * beside the hog a slowdown may stay inconclusive, but not be called the opposite.
 * Usage: tsx benchmarks/verdicts.ts [--runs 60] [--injected 40] [--budget-seconds 20] [--peer-every 4] [--hog] [--case pg_sleep]
 */
import { spawn } from 'node:child_process';
import { parseArgs } from 'node:util';
import { runBench } from '../src/bench/run.js';
import { startServer } from '../src/embedded/server.js';
import type { BenchReport } from '../src/model/bench.js';
import { withSession } from '../src/postgres/with-session.js';
import { changes, fillCommands, unchanged, type VerdictCase } from './verdicts/cases.js';
import { seesSequentialChange } from './verdicts/sequential.js';
import { Tally, tableRow } from './verdicts/tally.js';

const FALSE_SHARE_MOST = 5 / 60;
const CAUGHT_SHARE_LEAST = 38 / 40;

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '60' },
    injected: { type: 'string', default: '40' },
    'budget-seconds': { type: 'string', default: '20' },
    'peer-every': { type: 'string', default: '4' },
    hog: { type: 'boolean', default: false },
    case: { type: 'string' },
  },
});
const budgetMs = Number(values['budget-seconds']) * 1_000;
const stop = new AbortController();
process.once('SIGINT', () => stop.abort());
process.once('SIGTERM', () => stop.abort());
const hog = values.hog ? spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' }) : null;
const server = await startServer({ settings: { shared_buffers: '256MB' } });
try {
  await server.createDatabase('commands');
  const url = server.url('commands');
  await withSession(url, {}, fillCommands);
  let reached = await falseAlarms(url, Number(values.runs));
  const wanted = changes.filter(({ name }) => values.case === undefined || name === values.case);
  for (const change of wanted) reached = (await caught(url, change, Number(values.injected))) && reached;
  process.exitCode = reached ? 0 : 1;
} finally {
  hog?.kill();
  await server.stop();
}

async function falseAlarms(url: string, runs: number): Promise<boolean> {
  const tally = new Tally(unchanged.name);
  const peer = { runs: 0, hits: 0 };
  const peerEvery = Number(values['peer-every']);
  while (tally.runs < runs && !stop.signal.aborted) {
    console.error(tally.add(await benchRun(url, unchanged, tally.runs + 1)));
    if (tally.runs % peerEvery !== 0) continue;
    peer.runs += 1;
    if (await seesSequentialChange(url, unchanged.query, budgetMs / 2)) peer.hits += 1;
  }
  if (tally.runs === 0) return true;
  const wrong = tally.count('improved', 'regressed');
  console.log(tally.row('false', wrong));
  if (peer.runs > 0) console.log(tableRow('  one run after the other', 'false', peer));
  return wrong <= Math.ceil(FALSE_SHARE_MOST * tally.runs);
}

async function caught(url: string, change: VerdictCase, runs: number): Promise<boolean> {
  const tally = new Tally(change.name);
  while (tally.runs < runs && !stop.signal.aborted) {
    console.error(tally.add(await benchRun(url, change, tally.runs + 1)));
  }
  if (tally.runs === 0 || change.expected === 'nothing') return true;
  const right = tally.count(change.expected);
  console.log(tally.row('caught', right));
  if (change.expected === 'improved') return right === tally.runs;
  const opposite = tally.count('improved');
  return hog === null
    ? right >= Math.floor(CAUGHT_SHARE_LEAST * tally.runs)
    : opposite <= Math.ceil(FALSE_SHARE_MOST * tally.runs);
}

async function benchRun(url: string, { name, query, migration }: VerdictCase, seed: number): Promise<BenchReport> {
  const apply = (clone: string) =>
    withSession(clone, {}, async (session) => {
      await session.script(migration);
    });
  const migrations = { names: [name], apply };
  return runBench({ url, queries: [query], migrations, driver: 'pg', budgetMs, seed });
}
