/**
 * What a purge does to a table and to those who use it, beside its peers, each on a copy of the same table under paced
 * traffic: rows a second, WAL, the p99 of point reads and updates in interleaved windows with and without it, waits for
 * its locks, its speed under a held snapshot, and which way it takes where few rows are dead. Speeds that a bar compares
 * are medians of rounds in turning order, with their range: on a machine that others use too one run of the same work is
 * twice as fast as the next. Exit status 1 where a bar is missed, 4 where the noise leaves one open.
 * Usage: tsx benchmarks/purge.ts [--rows 5000000] [--rounds 3] [--part speeds|felt|few]
 */
import { availableParallelism, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { median, type RatioBlock } from '../src/bench/statistics.js';
import { startServer } from '../src/embedded/server.js';
import { openSession } from '../src/postgres/session.js';
import { type LockWaits, watchLocks } from './purge/lock-watch.js';
import { FULL_DUTY, force, PURGER, runOwn } from './purge/own-run.js';
import { ctidBatches, keyBatches, oneDelete, type Peer } from './purge/peers.js';
import { countDead, TokenDatabases, using, walBytes } from './purge/tokens.js';
import { now, runTraffic, Traffic } from './purge/traffic.js';
import { comparePairs, p99, pairsOf, restsOf, takeTurns } from './purge/turns.js';

const BARS = {
  rowsPerSecond: 150_000,
  shareOfOneDelete: 0.5,
  p99Ratio: 1.2,
  lockWaitMs: 150,
  walRatio: 1.1,
  heldShare: 0.8,
  /** The way that is taken may be this much slower than the other: so much do two runs of one way differ. */
  strategyShare: 0.8,
};
/** Rows that the traffic may move from under a purge: the next run takes them. */
const MOVED_MOST = 100;
const DEAD_SHARE = 0.4;
const FEW_DEAD_SHARE = 0.013;
/** Pairs of a window with the purge and one without. */
const PAIRS_MOST = 12;
const SETTINGS = {
  ...{ fsync: 'on', synchronous_commit: 'on', full_page_writes: 'on', wal_level: 'replica', autovacuum: 'off' },
  ...{ shared_buffers: '1GB', max_wal_size: '16GB', checkpoint_timeout: '1h' },
};

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '5000000' },
    rounds: { type: 'string', default: '3' },
    part: { type: 'string' },
    traffic: { type: 'string' },
  },
});
const rows = Number(values.rows);
const rounds = Number(values.rounds);
/** Each window begins a run anew, which a purge of minutes does once: so long that this is no large part of it. */
const WINDOW_MS = Math.min(15_000, Math.max(300, rows / 300));
const isPart = (part: 'speeds' | 'felt' | 'few') => values.part === undefined || values.part === part;
const misses: string[] = [];
const unsettled: string[] = [];

if (values.traffic === undefined) await compare();
else await runTraffic(values.traffic, rows);

async function compare(): Promise<void> {
  const server = await startServer({ settings: SETTINGS });
  try {
    const tokens = new TokenDatabases(server, rows);
    await tokens.prepare('many_dead', DEAD_SHARE);
    await tokens.prepare('few_dead', FEW_DEAD_SHARE);
    printLoad('before');
    console.log(
      `PostgreSQL ${server.version}, ${rows} rows, ${rows * DEAD_SHARE} dead on all pages, 400 operations/s of traffic`,
    );
    if (isPart('speeds')) await speeds(tokens);
    if (isPart('felt')) await defaultDuty(tokens);
    if (isPart('few')) await fewDead(tokens);
  } finally {
    await server.stop();
  }
  printLoad('after');
  if (misses.length > 0) console.log(`missed: ${misses.join(', ')}`);
  if (unsettled.length > 0) console.log(`not settled by this run: ${unsettled.join(', ')}`);
  if (misses.length + unsettled.length === 0) console.log('every bar is reached');
  process.exitCode = misses.length > 0 ? 1 : unsettled.length > 0 ? 4 : 0;
}

async function speeds(tokens: TokenDatabases): Promise<void> {
  const peer = (work: Peer) => tokens.with('many_dead', (url) => measure(url, () => using(url, work)));
  const { base, own, held } = await compareSpeeds(tokens);
  printSpeed('one DELETE', base, base);
  printSpeed('ctid = ANY, index, 5,000', [await peer(ctidBatches)], base);
  printSpeed('pk IN … SKIP LOCKED, 5,000', [await peer(keyBatches)], base);
  printSpeed('purge, full duty', own, base);
  printSpeed('purge, snapshot held', held, base);
  const [baseSpeed, ownSpeed] = [speedOf(base), speedOf(own)];
  demand(ownSpeed >= Math.min(BARS.rowsPerSecond, BARS.shareOfOneDelete * baseSpeed), 'full duty is slow');
  demand(walOf(own) <= BARS.walRatio * walOf(base), 'full duty writes too much WAL');
  demand(speedOf(held) >= BARS.heldShare * ownSpeed, 'a held snapshot slows it');
}

/** Each round on fresh copies; every other one in the opposite order. */
async function compareSpeeds(tokens: TokenDatabases) {
  const speeds = { base: [] as Speed[], own: [] as Speed[], held: [] as Speed[] };
  const works = [
    [speeds.base, (url: string) => measure(url, () => using(url, oneDelete))],
    [speeds.own, fullDuty],
    [speeds.held, (url: string) => withSnapshot(url, () => fullDuty(url))],
  ] as const;
  for (let round = 0; round < rounds; round += 1)
    for (const [into, work] of round % 2 === 0 ? works : works.toReversed())
      into.push(await tokens.with('many_dead', work));
  return speeds;
}

interface Speed {
  readonly rowsPerSecond: number;
  readonly walPerRow: number;
  readonly p99Ms: number;
}

async function measure(url: string, work: () => Promise<number>): Promise<Speed> {
  const traffic = await Traffic.start(import.meta.filename, url, rows);
  const walBefore = await walBytes(url);
  const dead = await countDead(url);
  const from = now();
  const deleted = await work();
  const to = now();
  if (deleted < dead - MOVED_MOST || deleted > dead) throw new Error(`${deleted} of ${dead} dead rows were deleted`);
  const wal = (await walBytes(url)) - walBefore;
  const during = (await traffic.stop()).filter(({ intendedAtMs }) => intendedAtMs >= from && intendedAtMs < to);
  return { rowsPerSecond: (deleted / (to - from)) * 1000, walPerRow: wal / deleted, p99Ms: p99(during) };
}

function fullDuty(url: string): Promise<Speed> {
  return measure(url, async () => (await runOwn(url, { terms: FULL_DUTY })).counts['deleted'] ?? 0);
}

async function withSnapshot<T>(url: string, work: () => Promise<T>): Promise<T> {
  const holder = await openSession(url, { applicationName: 'benchmark' });
  await holder.script('BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM tokens WHERE id < 10');
  return work().finally(() => holder.close());
}

/**
 * Round after round on fresh copies, until the interval of all pairs together lies on one side of the bar or the rounds
 * are over: one copy holds dead rows for a few pairs alone, and their median wanders by more than the bar allows.
 */
async function defaultDuty(tokens: TokenDatabases): Promise<void> {
  const seen: FeltRound[] = [];
  const all = (of: 'idle' | 'purging') => comparePairs(seen.flatMap((round) => round[of]));
  for (let round = 0; round < rounds; round += 1) {
    seen.push(await tokens.with('many_dead', feel));
    const { low, high } = all('purging');
    if (low > BARS.p99Ratio || high <= BARS.p99Ratio) break;
  }
  const [control, felt] = [all('idle'), all('purging')];
  const sum = (of: (round: FeltRound) => number) => seen.reduce((total, round) => total + of(round), 0);
  const most = (of: (round: FeltRound) => number) => Math.max(...seen.map(of)).toFixed(0);
  const speed = (sum(({ deleted }) => deleted) / sum(({ onMs }) => onMs)) * 1000;
  console.log(`purge, default duty          ${thousands(speed)} k rows/s`);
  console.log(
    `  p99 of the traffic to none ${felt.shown}, windows of ${(WINDOW_MS / 1000).toFixed(1)} s, ${seen.length} rounds`,
  );
  console.log(`  the same without a purge   ${control.shown}`);
  const [onPurgeMs, byPurgeMs] = [most(({ waits }) => waits.onPurgeMs), most(({ waits }) => waits.byPurgeMs)];
  console.log(
    `waits for locks              ${onPurgeMs} ms at the most for one of the purge, ${byPurgeMs} ms of the purge for another's`,
  );
  demand(felt.low <= BARS.p99Ratio, 'default duty is felt');
  // An interval that reaches across the bar is no answer, on whichever side its middle lies.
  if (felt.low <= BARS.p99Ratio && felt.high > BARS.p99Ratio) unsettled.push('whether default duty is felt');
  demand(Number(onPurgeMs) <= BARS.lockWaitMs, 'somebody waited long for its locks');
}

interface FeltRound {
  readonly idle: readonly RatioBlock[];
  readonly purging: readonly RatioBlock[];
  readonly deleted: number;
  /** How long the purge worked. */
  readonly onMs: number;
  readonly waits: LockWaits;
}

async function feel(url: string): Promise<FeltRound> {
  const traffic = await Traffic.start(import.meta.filename, url, rows);
  let deleted = 0;
  const [turns, waits] = await watchLocks(url, PURGER, () =>
    takeTurns({ windowMs: WINDOW_MS, most: PAIRS_MOST }, async () => {
      const { status, counts } = await runOwn(url, { stopAfterMs: WINDOW_MS });
      deleted += counts['deleted'] ?? 0;
      return status === 'succeeded';
    }),
  );
  const operations = await traffic.stop();
  const onMs = turns.reduce((sum, { on }) => sum + on[1] - on[0], 0);
  // The last window ends with the purge, and the p99 of a few operations is none.
  const whole = turns.filter(({ on }) => on[1] - on[0] >= WINDOW_MS / 2);
  return { idle: pairsOf(operations, restsOf(turns)), purging: pairsOf(operations, whole), deleted, onMs, waits };
}

async function fewDead(tokens: TokenDatabases): Promise<void> {
  const picked = await tokens.with('few_dead', (url) => runOwn(url, { dryRun: true }));
  const speeds = { keyset: 0, 'tid-range': 0 };
  for (const strategy of ['keyset', 'tid-range', 'tid-range', 'keyset'] as const) {
    const speed = await tokens.with('few_dead', async (url) => {
      await force(url, strategy);
      return fullDuty(url);
    });
    speeds[strategy] = Math.max(speeds[strategy], speed.rowsPerSecond);
  }
  const strategy = picked.plan?.strategy === 'keyset' ? 'keyset' : 'tid-range';
  const best = Math.max(...Object.values(speeds));
  console.log(
    `1.3 % dead                   ${strategy} is picked; keyset ${thousands(speeds.keyset)}, tid-range ${thousands(speeds['tid-range'])} k rows/s (the better of two)`,
  );
  demand(speeds[strategy] >= BARS.strategyShare * best, 'the slower way was picked');
}

function printSpeed(name: string, speeds: readonly Speed[], base: readonly Speed[]): void {
  const all = speeds.map(({ rowsPerSecond }) => rowsPerSecond);
  const range = `${thousands(Math.min(...all))} to ${thousands(Math.max(...all))}`;
  const ratio = (value: number, to: number) => `${(value / to).toFixed(2)} ×`;
  console.log(
    `${name.padEnd(28)} ${thousands(speedOf(speeds))} k rows/s (${range}; ${ratio(speedOf(speeds), speedOf(base))}), ` +
      `${walOf(speeds).toFixed(0)} bytes of WAL a row (${ratio(walOf(speeds), walOf(base))}), ` +
      `p99 of the traffic ${median(speeds.map(({ p99Ms }) => p99Ms)).toFixed(1)} ms`,
  );
}

function speedOf(speeds: readonly Speed[]): number {
  return median(speeds.map(({ rowsPerSecond }) => rowsPerSecond));
}

function walOf(speeds: readonly Speed[]): number {
  return median(speeds.map(({ walPerRow }) => walPerRow));
}

function printLoad(when: string): void {
  const [load = 0] = loadavg();
  const cores = availableParallelism();
  const verdict = load > cores / 2 ? ': others use it, and no ratio of times below says anything for sure' : '';
  console.log(`load of the machine ${when}: ${load.toFixed(1)} on ${cores} cores${verdict}`);
}

function demand(isReached: boolean, otherwise: string): void {
  if (!isReached) misses.push(otherwise);
}

function thousands(value: number): string {
  return (value / 1000).toFixed(1);
}
