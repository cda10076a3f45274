/**
 * Weeks of a worker in a few minutes each: under a clock of its own, through both changes of summer time, a job fires
 * each minute in UTC and two others each night by the time of a place, one of them within the hour that is skipped in
 * spring and comes twice in autumn, all against a real ledger. Every fire must have one row of its own, and memory must
 * not grow with the runs.
 * Usage: tsx benchmarks/worker-week.ts [--days 7] [--from 2026-03-25T00:00:00Z --from 2026-10-21T00:00:00Z]
 */
import { mock } from 'node:test';
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { pino } from 'pino';
import { startServer } from '../src/embedded/server.js';
import { openSession, type Session } from '../src/postgres/session.js';
import { readSchedule } from '../src/worker/schedule.js';
import { Worker } from '../src/worker/worker.js';
import { idleJob } from './worker-fires/idle-job.js';

const MINUTE_MS = 60_000;
const PLACE = 'Europe/Berlin';
const WITHIN = '30 2 * * *';
/** Growth of the heap from an early run to the last one that counts as flat. */
const HEAP_GROWTH_MAX = 1.1;

const { values } = parseArgs({
  options: {
    days: { type: 'string', default: '7' },
    from: { type: 'string', multiple: true, default: ['2026-03-25T00:00:00Z', '2026-10-21T00:00:00Z'] },
  },
});
const days = Number(values.days);
const minutes = days * 1440;
const server = await startServer();
try {
  process.exitCode = 0;
  for (const [week, from] of values.from.entries()) {
    await server.createDatabase(`home_${week}`);
    const session = await openSession(server.url(`home_${week}`));
    if (!(await simulate(session, { url: server.url(`home_${week}`), from }))) process.exitCode = 1;
    await session.close();
  }
} finally {
  await server.stop();
}

async function simulate(session: Session, { url, from }: { url: string; from: string }): Promise<boolean> {
  let started = 0;
  let ended = 0;
  mock.timers.enable({ apis: ['setTimeout', 'setInterval', 'Date'], now: new Date(from) });
  const clock = { now: () => new Date(), skewMs: 0, measure: async () => undefined, reach: async () => undefined };
  const worker = new Worker({
    ...{
      jobs: [
        idleJob({ name: 'each-minute', schedule: '* * * * *', timezone: 'UTC', catchUp: 'run-once' }),
        idleJob({ name: 'each-night', schedule: '30 3 * * *', timezone: PLACE, catchUp: 'run-once' }),
        idleJob({ name: 'within-the-hour', schedule: WITHIN, timezone: PLACE, catchUp: 'run-once' }),
      ],
    },
    ...{ targets: [{ name: 'home', url, isHome: true }], homeUrl: url },
    ...{ ownSchema: 'steward', gate: { dirs: [], gate: 'off' }, leaseSeconds: 3600, timezone: 'UTC', concurrency: 2 },
    ...{ log: pino({ level: 'silent' }), clock: () => clock },
    onEvent: (event) => {
      if (event.kind === 'run started' && event.job === 'each-minute') started += 1;
      if (event.kind === 'run ended' && event.job === 'each-minute') ended += 1;
    },
  });
  await worker.start();
  const heaps: number[] = [];
  for (let minute = 1; minute <= minutes; minute += 1) {
    mock.timers.tick(MINUTE_MS);
    while (started < minute || ended < minute) await new Promise((resolve) => setImmediate(resolve));
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    if (minute % Math.ceil(minutes / 10) === 0) heaps.push(usedHeap());
  }
  mock.timers.reset();
  worker.drain('the end');
  await worker.stop(10);
  const rows = await session.query<{ job: string; runs: number; fires: number; succeeded: number }>(
    `SELECT job, count(*)::int AS runs, count(DISTINCT fire_at)::int AS fires,
            count(*) FILTER (WHERE status = 'succeeded')::int AS succeeded
     FROM steward.job_runs GROUP BY job ORDER BY job`,
  );
  for (const { job, runs, fires, succeeded } of rows.rows)
    console.log(`${job.padEnd(12)} ${fires} fires, ${runs} rows, ${succeeded} succeeded`);
  const growth = (heaps.at(-1) ?? 0) / (heaps[0] ?? 1);
  console.log(
    `heap         ${heaps.map((heap) => (heap / 1e6).toFixed(1)).join(' ')} MB: last is ${growth.toFixed(3)} x the first`,
  );
  const wanted = { 'each-minute': minutes, 'each-night': days, 'within-the-hour': days - lostFrom(from) };
  const whole = rows.rows.every(
    ({ job, runs, fires, succeeded }) =>
      new Set([runs, fires, succeeded, wanted[job as keyof typeof wanted]]).size === 1,
  );
  console.log(
    `${whole ? 'every fire once' : 'NOT every fire once'} from ${from}, of which summer time skips ${lostFrom(from)}`,
  );
  return whole && growth <= HEAP_GROWTH_MAX;
}

/** How many of the nightly fires within the hour the week loses. */
function lostFrom(from: string): number {
  const start = new Date(from);
  const lost = readSchedule(WITHIN, PLACE).nextLost(start);
  return lost !== null && Date.parse(`${lost}Z`) < start.getTime() + days * 86_400_000 ? 1 : 0;
}

function usedHeap(): number {
  setFlagsFromString('--expose_gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed;
}
