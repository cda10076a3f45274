/**
 * How far one ledger carries a fleet of workers: claims a second from many replicas at once, then many targets whose
 * jobs all fire at the same second, and how long after that second the last of them began. The replicas share this
 * process, so its processor bounds them too: each figure is a lower one.
 * Usage: tsx benchmarks/worker-scaling.ts [--replicas 8] [--targets 200] [--fires 3]
 */
import { randomUUID } from 'node:crypto';
import { parseArgs } from 'node:util';
import { pino } from 'pino';
import { startServer } from '../src/embedded/server.js';
import { ensureOwnTables, ownTables } from '../src/migrate/own-tables.js';
import { openSession, type Session } from '../src/postgres/session.js';
import { RunStore } from '../src/worker/run-store.js';
import type { Target } from '../src/worker/target.js';
import { Worker } from '../src/worker/worker.js';
import { idleJob } from './worker-fires/idle-job.js';

const DELAY_MS_MAX = 30_000;

const { values } = parseArgs({
  options: {
    replicas: { type: 'string', default: '8' },
    targets: { type: 'string', default: '200' },
    fires: { type: 'string', default: '3' },
  },
});
const replicas = Number(values.replicas);
const targetCount = Number(values.targets);
const fires = Number(values.fires);
const store = new RunStore('steward');
const server = await startServer({ settings: { max_connections: '400' } });
try {
  await server.createDatabase('home');
  const home = await openSession(server.url('home'));
  await ensureOwnTables(home, ownTables('steward'));
  const claims = await claimRate();
  console.log(
    `claims         ${claims.perSecond.toFixed(0)}/s from ${replicas} replicas, each fire asked for by all of them`,
  );
  console.log(
    `               ${claims.answered.toFixed(0)} answers/s, ${claims.claimed} fires, each claimed once: ${claims.once}`,
  );
  await home.query('TRUNCATE steward.job_runs');
  const targets = await createTargets();
  const delays = await fleetDelays(home, targets);
  console.log(
    `fleet          ${replicas} replicas x ${targetCount} targets, ${fires} fires: ${delays.runs} runs, ${delays.double} doubled`,
  );
  console.log(
    `delay          median ${delays.median.toFixed(0)} ms, p99 ${delays.p99.toFixed(0)} ms, longest ${delays.longest.toFixed(0)} ms`,
  );
  await home.close();
  process.exitCode = claims.once && delays.double === 0 && delays.longest <= DELAY_MS_MAX ? 0 : 1;
} finally {
  await server.stop();
}

async function claimRate() {
  const sessions = await Promise.all(Array.from({ length: replicas }, () => openSession(server.url('home'))));
  const until = performance.now() + 5000;
  let answered = 0;
  let claimed = 0;
  await Promise.all(
    sessions.map(async (session, replica) => {
      for (let fire = 0; performance.now() < until; fire += 1) {
        const request = {
          runId: randomUUID(),
          job: `job ${fire % 2000}`,
          target: 'home',
          holder: `${replica}`,
          leaseSeconds: 30,
        };
        const answer = await store.claim(session, { ...request, fireAt: new Date(fire * 1000) });
        answered += 1;
        if (answer.kind !== 'claimed') continue;
        claimed += 1;
        await store.finish(session, answer.claim, { status: 'succeeded', error: null });
      }
    }),
  );
  const [first] = sessions;
  const twice = await first?.query('SELECT FROM steward.job_runs GROUP BY job, target, fire_at HAVING count(*) > 1');
  await Promise.all(sessions.map((session) => session.close()));
  return { perSecond: claimed / 5, answered: answered / 5, claimed, once: twice?.rowCount === 0 };
}

async function createTargets(): Promise<readonly Target[]> {
  await server.createDatabase('target');
  const session = await openSession(server.url('target'));
  await ensureOwnTables(session, ownTables('steward'));
  await session.close();
  const targets: Target[] = [];
  for (let number = 0; number < targetCount; number += 1) {
    await server.createDatabase(`target_${number}`, { template: 'target' });
    targets.push({ name: `t${number}`, url: server.url(`target_${number}`), isHome: false });
  }
  return targets;
}

async function fleetDelays(home: Session, targets: readonly Target[]) {
  const workers = Array.from({ length: replicas }, () => workerOf(targets));
  await Promise.all(workers.map((worker) => worker.start()));
  for (let ready = false; !ready; ready = workers.every((worker) => worker.obstacles().length === 0)) await pause(200);
  await home.query('DELETE FROM steward.job_runs');
  while ((await finished(home)) < targetCount * fires) await pause(200);
  for (const worker of workers) worker.drain('the end');
  await Promise.all(workers.map((worker) => worker.stop(10)));
  const read = await home.query<{ delay: number }>(
    `SELECT extract(epoch FROM started_at - fire_at)::float8 * 1000 AS delay
     FROM steward.job_runs WHERE status = 'succeeded' ORDER BY delay`,
  );
  const delays = read.rows.map(({ delay }) => delay);
  const twice = await home.query('SELECT FROM steward.job_runs GROUP BY job, target, fire_at HAVING count(*) > 1');
  return {
    ...{ runs: delays.length, double: twice.rowCount, longest: delays.at(-1) ?? 0 },
    ...{ median: delays[Math.floor(delays.length / 2)] ?? 0, p99: delays[Math.floor(delays.length * 0.99)] ?? 0 },
  };
}

function workerOf(targets: readonly Target[]): Worker {
  return new Worker({
    ...{
      jobs: [idleJob({ name: 'nothing', schedule: '*/20 * * * * *', catchUp: 'all' })],
      targets,
      homeUrl: server.url('home'),
      ownSchema: 'steward',
      leaseSeconds: 30,
      timezone: 'UTC',
    },
    ...{ gate: { dirs: [], gate: 'off' }, concurrency: 4, log: pino({ level: 'silent' }), onEvent: () => undefined },
  });
}

async function finished(home: Session): Promise<number> {
  const read = await home.query<{ runs: number }>(
    "SELECT count(*)::int AS runs FROM steward.job_runs WHERE status = 'succeeded'",
  );
  return read.rows[0]?.runs ?? 0;
}

function pause(durationMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, durationMs));
}
