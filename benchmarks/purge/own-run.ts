import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { readJobs } from '../../src/jobs/definitions.js';
import type { JobReport } from '../../src/model/job.js';
import { planByHand, runByHand } from '../../src/worker/run-by-hand.js';
import { runStopped } from '../../src/worker/run-end.js';
import { RunStore } from '../../src/worker/run-store.js';
import { SessionPool } from '../../src/worker/session-pool.js';
import type { WorkerListener } from '../../src/worker/worker-event.js';
import { using } from './tokens.js';

const JOB = 'purge-tokens';
/** As the job's connection names itself. */
export const PURGER = `pgsteward ${JOB}`;

export interface OwnRun {
  /** Keys of the job beside what is purged; the defaults where none are given. */
  readonly terms?: Readonly<Record<string, unknown>>;
  /** Stops the run after so long; its cursor stays. */
  readonly stopAfterMs?: number;
  readonly dryRun?: boolean;
  readonly onEvent?: WorkerListener;
}

/** As fast as it goes: nothing rests, nothing brakes. */
export const FULL_DUTY = {
  dutyCycle: 1,
  brakes: {
    ...{ replicaLag: null, walRate: null, xminHorizon: null },
    ...{ autovacuum: null, lockWaiters: null },
  },
};

/** Runs the purge of `tokens` as `jobs run` does. */
export async function runOwn(
  url: string,
  { terms = {}, stopAfterMs, dryRun = false, onEvent = () => undefined }: OwnRun,
): Promise<JobReport> {
  const jobs = { [JOB]: { kind: 'purge', table: 'tokens', expiresAt: 'expires_at', ...terms } };
  const job = readJobs(jobs).find(({ name }) => name === JOB);
  if (job === undefined) throw new Error(`no job ${JOB}`);
  const stop = new AbortController();
  const timer =
    stopAfterMs === undefined ? null : setTimeout(() => stop.abort(runStopped('the window is over')), stopAfterMs);
  const home = new SessionPool(url, 1);
  const means = {
    ...{ store: new RunStore('steward'), home, ownSchema: 'steward', leaseSeconds: 30, onEvent },
    ...{ log: pino({ level: 'silent' }), signal: stop.signal },
  };
  const run = { job, target: { name: 'home', url, isHome: true }, holder: 'benchmark' };
  try {
    const report = await (dryRun ? planByHand(run, means) : runByHand(run, means));
    if (report.status === 'failed') throw new Error(report.error ?? 'the run failed');
    return report;
  } finally {
    if (timer !== null) clearTimeout(timer);
    await home.close();
  }
}

/** Makes the next run go a certain way, as if one before it had chosen that and been stopped at its beginning. */
export async function force(url: string, strategy: 'tid-range' | 'keyset'): Promise<void> {
  await using(url, async (session) => {
    const place = await session.query<{ leaf: number; end: number }>(
      `SELECT 'tokens'::regclass::oid AS leaf, (pg_relation_size('tokens') / 8192)::float8 AS end`,
    );
    const rest = strategy === 'keyset' ? { column: 'expires_at', after: null, isPast: false } : { block: 0 };
    const cursor = { strategy, ...place.rows[0], ...rest };
    await session.query(
      `INSERT INTO steward.job_runs (run_id, job, target, status, finished_at, holder, cursor)
       VALUES ($1, $2, 'home', 'cancelled', now(), 'benchmark', $3)`,
      [randomUUID(), JOB, JSON.stringify(cursor)],
    );
  });
}
