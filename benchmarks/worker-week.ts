/**
 * A week of a worker in a few minutes: under a clock of its own, through a change of summer time, a job fires each
 * minute in UTC and another each night by the time of a place, all against a real ledger. Every fire must have one row
 * of its own, and memory must not grow with the runs.
 * Usage: tsx benchmarks/worker-week.ts [--days 7] [--from 2026-03-25T00:00:00Z]
 */
import { mock } from 'node:test';
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { pino } from 'pino';
import { startServer } from '../src/embedded/server.js';
import { openSession, type Session } from '../src/postgres/session.js';
import { Worker } from '../src/worker/worker.js';
import { idleJob } from './worker-fires/idle-job.js';

const MINUTE_MS = 60_000;
/** Growth of the heap from an early run to the last one that counts as flat. */
const HEAP_GROWTH_MAX = 1.1;

const { values } = parseArgs({
  options: { days: { type: 'string', default: '7' }, from: { type: 'string', default: '2026-03-25T00:00:00Z' } },
});
const minutes = Number(values.days) * 1440;
const server = await startServer();
try {
  await server.createDatabase('home');
  const session = await openSession(server.url('home'));
  process.exitCode = (await simulate(session)) ? 0 : 1;
  await session.close();
} finally {
  await server.stop();
}

async function simulate(session: Session): Promise<boolean> {
  let started = 0;
  let ended = 0;
  mock.timers.enable({ apis: ['setTimeout', 'setInterval', 'Date'], now: new Date(values.from) });
  const clock = { now: () => new Date(), skewMs: 0, measure: async () => undefined, reach: async () => undefined };
  const worker = new Worker({
    ...{
      jobs: [
        idleJob({ name: 'each-minute', schedule: '* * * * *', timezone: 'UTC', catchUp: 'run-once' }),
        idleJob({ name: 'each-night', schedule: '30 3 * * *', timezone: 'Europe/Berlin', catchUp: 'run-once' }),
      ],
    },
    ...{ targets: [{ name: 'home', url: server.url('home'), isHome: true }], homeUrl: server.url('home') },
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
  const [eachMinute, eachNight] = rows.rows;
  const whole =
    eachMinute?.succeeded === minutes && eachMinute.runs === minutes && eachNight?.succeeded === Number(values.days);
  return whole && growth <= HEAP_GROWTH_MAX;
}

function usedHeap(): number {
  setFlagsFromString('--expose_gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed;
}
