import { pino } from 'pino';
import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { BrakeTerms } from '../../../src/jobs/brakes.js';
import type { JobDefinition } from '../../../src/jobs/definitions.js';
import type { JobKind } from '../../../src/jobs/job.js';
import type { Log } from '../../../src/log.js';
import { ensureOwnTables, ownTables } from '../../../src/migrate/own-tables.js';
import { openSession, type Session } from '../../../src/postgres/session.js';
import { runByHand } from '../../../src/worker/run-by-hand.js';
import { RunStore } from '../../../src/worker/run-store.js';
import { SessionPool } from '../../../src/worker/session-pool.js';
import type { WorkerEvent } from '../../../src/worker/worker-event.js';
import { testDatabase } from '../../postgres.js';

const NONE: BrakeTerms = {
  ...{ replicaLag: null, walRate: null, xminHorizon: null, autovacuum: null, lockWaiters: null, canary: null },
};
const XMIN: BrakeTerms = { ...NONE, xminHorizon: { ageSeconds: 0.001, ageTransactions: 1e9 } };
const SILENT = pino({ level: 'silent' });
const homes: SessionPool[] = [];

afterAll(() => Promise.all(homes.map((home) => home.close())));

const database = () =>
  testDatabase({
    template: 'paced',
    prepare: async (session) => {
      await ensureOwnTables(session, ownTables('steward'));
      await session.script('CREATE TABLE pond (n int); INSERT INTO pond VALUES (0)');
    },
  });

describe('a run with brakes', () => {
  it('begins no batch while one holds, goes on when it lets go, and tells who held it for how long', async () => {
    const { url, session } = await database();
    await holdSnapshot(session);
    const events: WorkerEvent[] = [];
    const running = run(url, { brakes: XMIN, events });
    await expect.poll(() => kinds(events)).toEqual(['run started', 'braked']);
    await session.query('COMMIT');
    const report = await running;
    expect(report).toMatchObject({ status: 'succeeded', counts: { done: 3 } });
    expect(kinds(events).slice(-4)).toEqual(['batch done', 'batch done', 'batch done', 'run ended']);
    const braked = events.filter((event) => event.kind === 'braked');
    expect(braked.at(-1)?.heldMs).toBeGreaterThan(500);
    expect(braked[0]).toMatchObject({
      brake: 'xmin-horizon',
      heldMs: 0,
      detail: expect.stringMatching(`^backend ${session.backendPid} \\(pgsteward\\), idle in transaction, holds`),
    });
  });

  it('says what held it back when its time is over', async () => {
    const { url, session } = await database();
    await holdSnapshot(session);
    const report = await run(url, { brakes: XMIN, timeoutSeconds: 1 });
    expect(report.status).toBe('failed');
    expect(report.error).toMatch(/timeoutSeconds, 1 s, held back for \d+ ms by xmin-horizon \(backend .*the next run/);
    await session.query('ROLLBACK');
  });

  it('rests after a batch behind which somebody had to wait', async () => {
    const { url, session } = await database();
    const checkout = await openSession(url, { applicationName: 'checkout' });
    const events: WorkerEvent[] = [];
    let waiting: Promise<unknown> | null = null;
    const during = async () => {
      if (waiting !== null) return;
      waiting = checkout.query('UPDATE pond SET n = -1');
      const waited = `SELECT count(*)::int AS waiters FROM pg_locks
        WHERE pid = ${checkout.backendPid} AND NOT granted AND waitstart < clock_timestamp() - interval '250 ms'`;
      await expect.poll(async () => (await session.query(waited)).rows).toEqual([{ waiters: 1 }]);
    };
    await run(url, { brakes: { ...NONE, lockWaiters: { waitedMs: 50 } }, events, during });
    await waiting;
    await checkout.close();
    expect(kinds(events).slice(1, 3)).toEqual(['batch done', 'braked']);
    const braked = events.find((event) => event.kind === 'braked');
    expect(braked?.detail).toContain(`backend ${checkout.backendPid} (checkout) has waited`);
  });

  it('says once what a brake cannot see, however many runs there are', async () => {
    const { url, session } = await database();
    await session.query('ALTER TABLE pond SET (autovacuum_enabled = off)');
    const lines: string[] = [];
    const log = pino({ level: 'warn', base: null, timestamp: false }, { write: (line) => void lines.push(line) });
    const autovacuum = { underVacuum: 'slow', deadRatio: 10, deadTuplesLeast: 100 } as const;
    for (let n = 0; n < 2; n += 1) await run(url, { brakes: { ...NONE, autovacuum }, log });
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      {
        ...{ level: 40, job: 'wading', target: 'home', brake: 'autovacuum', msg: 'brake cannot see everything' },
        reason: 'autovacuum is off for public.pond: dead tuples there are not waited for',
      },
    ]);
  });

  it('fails before its first batch when its canary cannot be run', async () => {
    const { url, session } = await database();
    const brakes: BrakeTerms = { ...NONE, canary: { sql: 'SELECT FROM no_such_table', p99Ratio: 2 } };
    const report = await run(url, { brakes });
    expect(report).toMatchObject({ status: 'failed', counts: {} });
    expect(report.error).toContain('the statement under brakes.canary.sql cannot be run');
    expect((await session.query('SELECT n FROM pond')).rows).toEqual([{ n: 0 }]);
  });
});

interface Paced {
  readonly brakes: BrakeTerms;
  readonly events?: WorkerEvent[];
  readonly timeoutSeconds?: number;
  readonly during?: () => Promise<unknown>;
  readonly log?: Log;
}

/** Runs a job of three batches, each of which changes the one row there is. */
function run(url: string, { brakes, events = [], timeoutSeconds = 60, during, log = SILENT }: Paced) {
  const home = new SessionPool(url, 1);
  homes.push(home);
  const job: JobDefinition = {
    ...{
      name: 'wading',
      kind: wading(during ?? (async () => undefined)),
      config: {},
      schedule: null,
      catchUp: 'run-once',
      catchUpMost: 24,
    },
    ...{ overlap: 'skip', jitterSeconds: 0, timeoutSeconds, dutyCycle: 1, brakes },
  };
  const means = {
    ...{ store: new RunStore('steward'), home, ownSchema: 'steward', leaseSeconds: 30 },
    ...{ log, signal: new AbortController().signal },
    onEvent: (event: WorkerEvent) => void events.push(event),
  };
  return runByHand({ job, target: { name: 'home', url, isHome: true }, holder: 'me' }, means);
}

function wading(during: () => Promise<unknown>): JobKind<unknown> {
  return {
    ...{ kind: 'wading', summary: 'wades', replicas: { effect: 'one run at a time', limits: 'none' } },
    ...{ schema: z.unknown(), tables: () => ['pond'], check: async () => null },
    plan: async () => ({ strategy: null, why: '', rows: { total: 0 }, kept: {}, batches: 3, walBytes: 0, seconds: 0 }),
    run: async (context) => {
      for (let n = 0; n < 3; n += 1)
        await context.batch(
          async (session) => {
            await session.query('UPDATE pond SET n = n + 1');
            await during();
            return { counts: { done: 1 } };
          },
          { first: 1, least: 1, most: 1 },
        );
      return { failure: null, detail: null };
    },
  };
}

async function holdSnapshot(session: Session): Promise<void> {
  await session.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
  await session.query('SELECT 1 FROM pond');
}

function kinds(events: readonly WorkerEvent[]): string[] {
  return events.map(({ kind }) => kind);
}
