import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { JobDefinition } from '../../src/jobs/definitions.js';
import type { JobKind, RunContext } from '../../src/jobs/job.js';
import { ensureOwnTables, ownTables } from '../../src/migrate/own-tables.js';
import type { Session } from '../../src/postgres/session.js';
import { runByHand } from '../../src/worker/run-by-hand.js';
import { type RunMeans, runClaimed } from '../../src/worker/run-claimed.js';
import { runStopped } from '../../src/worker/run-end.js';
import { RunStore } from '../../src/worker/run-store.js';
import { SessionPool } from '../../src/worker/session-pool.js';
import { testDatabase } from '../postgres.js';

const ROWS = 1000;
const store = new RunStore('steward');
const homes: SessionPool[] = [];

afterAll(async () => {
  await Promise.all(homes.map((home) => home.close()));
});

/** A database with rows to take and the own tables. */
const database = () =>
  testDatabase({
    template: 'taking',
    prepare: async (session) => {
      await ensureOwnTables(session, ownTables('steward'));
      await session.script(`CREATE TABLE rows_to_take AS SELECT n FROM generate_series(1, ${ROWS}) AS n`);
    },
  });

describe('a run', () => {
  it('writes its counts with its batches and ends as succeeded', async () => {
    const { url, session } = await database();
    const report = await runByHand(handRun(url, taking()), means(url));
    expect(report).toMatchObject({ status: 'succeeded', counts: { taken: ROWS }, error: null });
    expect(await ledger(session)).toEqual([{ status: 'succeeded', counts: { taken: ROWS }, cursor: { done: true } }]);
  });

  it('goes on from its cursor when its connection is cut', async () => {
    const { url, session } = await database();
    let cut = false;
    const kind = taking(async () => {
      if (cut) return;
      cut = true;
      await session.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = current_database() AND application_name = 'pgsteward taking'`,
      );
    });
    const report = await runByHand(handRun(url, kind), means(url));
    expect(report).toMatchObject({ status: 'succeeded', counts: { taken: ROWS }, error: null });
    expect(await left(session)).toBe(0);
  });

  it('writes nothing once its lease has lapsed', async () => {
    const { url, session } = await database();
    const kind = taking(async () => {
      await session.query(`UPDATE steward.job_runs SET lease_until = clock_timestamp() - interval '1 s'`);
    });
    const report = await runByHand(handRun(url, kind), means(url));
    expect(report).toMatchObject({ status: 'failed', counts: {} });
    expect(await left(session)).toBe(ROWS);
  });

  it('is closed as failed by whoever starts next, with the counts of its committed batches', async () => {
    const { session } = await database();
    const lost = await claimAs(session, 'one');
    await session.query(`UPDATE steward.job_runs SET counts = '{"taken": 7}', lease_until = clock_timestamp()`);
    const next = await claimAs(session, 'two');
    expect(next.kind).toBe('claimed');
    expect(await ledger(session)).toMatchObject([{ status: 'failed', counts: { taken: 7 } }, { status: 'running' }]);
    if (lost.kind !== 'claimed') throw new Error('the first claim was refused');
    expect(await store.advance(session, lost.claim, { counts: { taken: 1 } })).toBe(false);
  });

  it('is skipped while another run of the job lasts', async () => {
    const { url, session } = await database();
    await claimAs(session, 'one');
    const report = await runByHand(handRun(url, taking()), means(url));
    expect(report).toMatchObject({ status: 'skipped', runId: null });
    expect(report.error).toContain('is under way on one');
  });

  it('ends as cancelled when the worker stops, after the batch under way', async () => {
    const { url, session } = await database();
    const stop = new AbortController();
    const kind = taking(async () => stop.abort(runStopped('SIGTERM')));
    const report = await runByHand(handRun(url, kind), means(url, { signal: stop.signal }));
    expect(report.status).toBe('cancelled');
    expect(await left(session)).toBe(ROWS - (report.counts['taken'] ?? 0));
    expect(report.counts['taken']).toBeGreaterThan(0);
  });

  it('cuts a statement short that outlasts its end by seconds, and is closed all the same', async () => {
    const { url, session } = await database();
    const stop = new AbortController();
    const kind = taking(async () => {
      stop.abort(runStopped('SIGTERM'));
    }, 'SELECT pg_sleep(600)');
    const report = await runByHand(handRun(url, kind), means(url, { signal: stop.signal }));
    expect(report).toMatchObject({ status: 'cancelled', error: 'stopped: SIGTERM', counts: {} });
    expect(await left(session)).toBe(ROWS);
  });

  it('fails when it takes longer than its job allows', async () => {
    const { url, session } = await database();
    const job = {
      ...definition(taking(() => new Promise((resolve) => setTimeout(resolve, 300)))),
      timeoutSeconds: 0.2,
    };
    const answer = await claimAs(session, 'one');
    if (answer.kind !== 'claimed') throw new Error('the claim was refused');
    const outcome = await runClaimed(
      { job, target: { name: 'home', url, isHome: true }, claim: answer.claim, mirror: null, fireAt: null },
      means(url),
    );
    expect(outcome.status).toBe('failed');
    expect(outcome.error).toContain('timeoutSeconds');
  });
});

/** Takes rows, at most 100 a batch; `during` runs within each batch, and after it the statement `last`. */
function taking(during: () => Promise<unknown> = async () => undefined, last = 'SELECT'): JobKind<unknown> {
  return {
    kind: 'taking',
    summary: 'takes rows',
    replicas: { effect: 'one run at a time', limits: 'none' },
    schema: z.unknown(),
    check: async () => null,
    plan: async () => ({ strategy: null, why: '', rows: { total: 0 }, kept: {}, batches: 0, walBytes: 0, seconds: 0 }),
    run: async (context) => {
      while (!(await takeBatch(context, during, last)));
      return { failure: null, detail: null };
    },
  };
}

async function takeBatch(context: RunContext, during: () => Promise<unknown>, last: string): Promise<boolean> {
  let done = false;
  await context.batch(
    async (session, size) => {
      const taken = await session.query(
        'DELETE FROM rows_to_take WHERE n IN (SELECT n FROM rows_to_take ORDER BY n LIMIT $1)',
        [size],
      );
      await during();
      await session.query(last);
      done = taken.rowCount === 0;
      return { counts: { taken: taken.rowCount }, cursor: { done } };
    },
    { first: 100, least: 1, most: 100 },
  );
  return done;
}

function definition(kind: JobKind<unknown>): JobDefinition {
  return {
    ...{ name: 'taking', kind, config: {}, schedule: null, catchUp: 'run-once', catchUpMost: 24, overlap: 'skip' },
    ...{ jitterSeconds: 0, timeoutSeconds: 60, dutyCycle: 1 },
  };
}

function handRun(url: string, kind: JobKind<unknown>) {
  return { job: definition(kind), target: { name: 'home', url, isHome: true }, holder: 'me' };
}

function means(url: string, changes: Partial<RunMeans> = {}): RunMeans {
  const home = new SessionPool(url, 1);
  homes.push(home);
  const log = pino({ level: 'silent' });
  const signal = new AbortController().signal;
  return { store, home, ownSchema: 'steward', leaseSeconds: 30, log, signal, onEvent: () => undefined, ...changes };
}

function claimAs(session: Session, holder: string) {
  const request = { runId: randomUUID(), job: 'taking', target: 'home', fireAt: null, leaseSeconds: 30 };
  return store.claim(session, { ...request, holder });
}

async function ledger(session: Session) {
  const read = await session.query('SELECT status, counts, cursor FROM steward.job_runs ORDER BY started_at');
  return read.rows;
}

async function left(session: Session): Promise<number> {
  const read = await session.query<{ left: number }>('SELECT count(*)::int AS left FROM rows_to_take');
  return read.rows[0]?.left ?? -1;
}
