import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { pino } from 'pino';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { JobDefinition } from '../../src/jobs/definitions.js';
import type { JobKind } from '../../src/jobs/job.js';
import { ensureOwnTables, ownTables } from '../../src/migrate/own-tables.js';
import type { Session } from '../../src/postgres/session.js';
import type { Clock } from '../../src/worker/clock.js';
import { RunStore } from '../../src/worker/run-store.js';
import { Worker, type WorkerOptions } from '../../src/worker/worker.js';
import type { WorkerEvent } from '../../src/worker/worker-event.js';
import { testDatabase } from '../postgres.js';

const workers: Worker[] = [];
const events: WorkerEvent[] = [];
/** Ends a run that is never through. */
let letGo: () => void = () => undefined;

afterEach(async () => {
  for (const worker of workers) worker.drain('the end of the test');
  await Promise.all(workers.splice(0).map((worker) => worker.stop(10)));
  events.length = 0;
});

const database = () =>
  testDatabase({
    template: 'ticking',
    prepare: async (session) => {
      await ensureOwnTables(session, ownTables('steward'));
      await session.script('CREATE TABLE ticks (run_id uuid, at timestamptz DEFAULT clock_timestamp())');
    },
  });

describe('a worker', () => {
  it('runs each fire once, however many replicas there are', async () => {
    const { url, session } = await database();
    for (let replica = 0; replica < 3; replica += 1) await start(url, { schedule: '* * * * * *' });
    await until(async () => (await ledger(session)).filter(({ status }) => status === 'succeeded').length >= 3);
    const runs = await ledger(session);
    const ticks = await session.query<{ ticks: number }>('SELECT count(*)::int AS ticks FROM ticks');
    const succeeded = runs.filter(({ status }) => status === 'succeeded').length;
    expect(ticks.rows[0]?.ticks).toBeGreaterThanOrEqual(succeeded);
    expect(new Set(runs.map(({ fire }) => fire)).size).toBe(runs.length);
    expect(await doubled(session)).toBe(0);
  });

  it('catches up the latest of the fires that were missed, and leaves a row for the others', async () => {
    const { url, session } = await database();
    await missedSince(session, '3 minutes');
    await start(url, { schedule: EVERY_MINUTE });
    await until(async () => (await ledger(session)).some(({ status }) => status === 'succeeded'));
    const runs = await ledger(session);
    expect(runs.map(({ status }) => status)).toEqual(['skipped', 'skipped', 'succeeded'].slice(-runs.length));
    expect(runs.length).toBeGreaterThanOrEqual(2);
  });

  it.each([
    ['skip', ['skipped', 'skipped']],
    ['all', ['succeeded', 'succeeded']],
  ] as const)('treats missed fires as catchUp: %s says', async (catchUp, statuses) => {
    const { url, session } = await database();
    await missedSince(session, '3 minutes');
    await start(url, { schedule: EVERY_MINUTE, catchUp });
    await until(async () => (await ledger(session)).filter(({ status }) => status !== 'running').length >= 2);
    expect((await ledger(session)).map(({ status }) => status).slice(0, 2)).toEqual(statuses);
  });

  it('leaves a skipped row for a fire while a run of the job lasts', async () => {
    const { url, session } = await database();
    await claimBySomebody(session);
    await start(url, { schedule: '* * * * * *' });
    await until(async () => (await ledger(session)).some(({ status }) => status === 'skipped'));
    const [skipped] = (await ledger(session)).filter(({ status }) => status === 'skipped');
    expect(skipped?.error).toContain('was under way on somebody');
  });

  it('lets one fire wait for the end of the run before it where it queues, and the ones between give way', async () => {
    const { url, session } = await database();
    await claimBySomebody(session);
    await start(url, { schedule: '* * * * * *', overlap: 'queue' });
    await until(async () => (await ledger(session)).some(({ status }) => status === 'skipped'));
    await session.query(
      `UPDATE steward.job_runs SET status = 'succeeded', finished_at = now(), lease_until = NULL WHERE holder = 'somebody'`,
    );
    const fires = async () => (await ledger(session)).filter(({ fire }) => fire !== null);
    await until(async () => (await fires()).some(({ status }) => status === 'succeeded'));
    const statuses = (await fires()).map(({ status }) => status);
    expect(statuses.slice(0, statuses.indexOf('succeeded'))).toEqual(
      Array.from({ length: statuses.indexOf('succeeded') }, () => 'skipped'),
    );
    expect(await doubled(session)).toBe(0);
  });

  it('waits for its jitter before it claims a fire, whose time stays', async () => {
    const { url, session } = await database();
    await start(url, { schedule: '* * * * * *', jitterSeconds: 1 });
    await until(async () => (await ledger(session)).some(({ status }) => status === 'succeeded'));
    const waited = await session.query<{ seconds: number; millis: number }>(
      `SELECT extract(epoch FROM started_at - fire_at)::float8 AS seconds,
              (extract(milliseconds FROM fire_at)::int % 1000) AS millis FROM steward.job_runs ORDER BY fire_at LIMIT 1`,
    );
    expect(waited.rows[0]?.seconds).toBeGreaterThan(0.9);
    expect(waited.rows[0]?.millis).toBe(0);
  });

  it('opens the gate of one target while another does not answer', async () => {
    const { url } = await database();
    const waiting: Socket[] = [];
    const silent = createServer((socket) => waiting.push(socket)).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const targets = [
      { name: 'silent', url: `postgres://nobody@127.0.0.1:${port}/none`, isHome: false },
      { name: 'home', url, isHome: true },
    ];
    const worker = create(url, { schedule: '* * * * * *', targets });
    const starting = worker.start();
    await until(async () => !worker.obstacles().some((reason) => reason.startsWith('home: ')));
    expect(worker.obstacles()).toContain('silent: not looked at yet');
    await until(async () => events.some(({ kind }) => kind === 'run ended'));
    silent.close();
    for (const socket of waiting) socket.destroy();
    await starting;
  });

  it('says which fire summer time skips', async () => {
    const { url } = await database();
    const warned: unknown[] = [];
    const log = pino({ level: 'warn' }, { write: (line: string) => void warned.push(JSON.parse(line)) });
    await start(url, { schedule: '30 2 * * *', timezone: 'Europe/Berlin', log });
    expect(warned).toMatchObject([{ job: 'tick', timezone: 'Europe/Berlin', lost: expect.stringMatching(/ 02:30$/) }]);
  });

  it('goes when its time to drain is over, whatever a run does', async () => {
    const { url } = await database();
    const worker = await start(url, { schedule: null, ticks: 'never through' });
    expect((await worker.startRun('tick', 'home')).kind).toBe('started');
    await until(async () => events.some(({ kind }) => kind === 'batch done'));
    worker.drain('SIGTERM');
    await worker.stop(0.2);
    expect(events.some(({ kind }) => kind === 'run ended')).toBe(false);
    letGo();
  });

  it('ends its run as cancelled when it is drained, and takes no more', async () => {
    const { url, session } = await database();
    const worker = await start(url, { schedule: null, ticks: 1000 });
    const answer = await worker.startRun('tick', 'home');
    expect(answer.kind).toBe('started');
    expect((await worker.startRun('tick', 'home')).kind).toBe('running');
    await until(async () => events.some(({ kind }) => kind === 'batch done'));
    worker.drain('SIGTERM');
    await worker.stop(10);
    expect(await ledger(session)).toMatchObject([{ status: 'cancelled', error: 'stopped: SIGTERM' }]);
    expect(await worker.startRun('tick', 'home')).toEqual({ kind: 'refused', reason: 'the worker is draining' });
    expect(worker.obstacles()).toContain('the worker is draining');
  });

  it('stays unready, and fires nothing, while the database is away', async () => {
    const worker = await start('postgres://nobody@127.0.0.1:1/none', { schedule: '* * * * * *' });
    expect(worker.obstacles()[0]).toContain('127.0.0.1:1');
    expect(events).toEqual([]);
  });

  it('stays unready, and fires nothing, while its clock is hours off, and says by how much', async () => {
    const { url, session } = await database();
    const nothing = async () => undefined;
    const clock = () => ({ now: () => new Date(), skewMs: 7_200_000, measure: nothing, reach: nothing });
    await missedSince(session, '3 minutes');
    const worker = await start(url, { schedule: EVERY_MINUTE, clock });
    expect(worker.obstacles()).toContain('this machine’s clock is 7200 s ahead of the database’s');
    expect(await ledger(session)).toEqual([]);
  });

  it.each([
    [
      'is unready while a fire has had no row for minutes, and names it',
      '5 minutes',
      [/^tick on home is overdue since .*Z$/],
    ],
    ['is ready while one is only a little late', '90 seconds', []],
  ])('%s', async (_, age, obstacles) => {
    const { url, session } = await database();
    const reach: Clock['reach'] = async (_time, signal) => {
      if (!signal.aborted) await once(signal, 'abort');
      signal.throwIfAborted();
    };
    const clock = () => ({ now: () => new Date(), skewMs: 0, measure: async () => undefined, reach });
    await missedSince(session, age);
    const worker = await start(url, { schedule: EVERY_MINUTE, catchUp: 'all', clock });
    expect(worker.obstacles()).toEqual(obstacles.map((each) => expect.stringMatching(each)));
  });

  it('refuses a job that can never work', async () => {
    const { url } = await database();
    const worker = await start(url, { schedule: '* * * * *', refusal: 'there is no table ticks' });
    await expect(worker.failed).rejects.toThrow('job tick: there is no table ticks');
  });

  it('runs on targets of its own, whose ledgers say the same as the one at home', async () => {
    const [home, target] = [await database(), await database()];
    const targets = [{ name: 'eu-1', url: target.url, isHome: false }];
    const worker = await start(home.url, { schedule: null, targets });
    await worker.startRun('tick', 'eu-1');
    await until(async () => (await ledger(home.session)).some(({ status }) => status === 'succeeded'));
    expect(await ledger(target.session)).toEqual(await ledger(home.session));
    expect(await ledger(target.session)).toMatchObject([{ status: 'succeeded', counts: { ticks: 1 }, target: 'eu-1' }]);
  });

  it('closes a run that died on a target with what the target knows', async () => {
    const [home, target] = [await database(), await database()];
    const runId = randomUUID();
    for (const { session } of [home, target]) await claimBySomebody(session, { runId, target: 'eu-1' });
    await target.session.query(`UPDATE steward.job_runs SET counts = '{"ticks": 7}'`);
    await home.session.query('UPDATE steward.job_runs SET lease_until = clock_timestamp()');
    const targets = [{ name: 'eu-1', url: target.url, isHome: false }];
    const worker = await start(home.url, { schedule: null, targets });
    expect((await worker.startRun('tick', 'eu-1')).kind).toBe('started');
    for (const { session } of [home, target])
      expect((await ledger(session))[0]).toMatchObject({ status: 'failed', counts: { ticks: 7 } });
  });
});

const EVERY_MINUTE = '* * * * *';

interface Case {
  readonly schedule: string | null;
  readonly catchUp?: JobDefinition['catchUp'];
  /** How many its run writes; one that is never through waits for ever after the first. */
  readonly ticks?: number | 'never through';
  readonly overlap?: JobDefinition['overlap'];
  readonly jitterSeconds?: number;
  readonly timezone?: string;
  readonly log?: WorkerOptions['log'];
  readonly refusal?: string;
  readonly targets?: WorkerOptions['targets'];
  readonly clock?: WorkerOptions['clock'];
}

async function start(url: string, terms: Case): Promise<Worker> {
  const worker = create(url, terms);
  await worker.start();
  return worker;
}

function create(
  url: string,
  {
    schedule,
    catchUp = 'run-once',
    ticks = 1,
    refusal,
    targets,
    clock,
    overlap = 'skip',
    jitterSeconds = 0,
    ...rest
  }: Case,
): Worker {
  const job: JobDefinition = {
    ...{ name: 'tick', kind: ticking(ticks, refusal ?? null), config: {}, schedule, catchUp, catchUpMost: 24 },
    ...{ overlap, jitterSeconds, timeoutSeconds: 60, dutyCycle: 1 },
  };
  const worker = new Worker({
    ...{ jobs: [job], targets: targets ?? [{ name: 'home', url, isHome: true }], homeUrl: url, ownSchema: 'steward' },
    ...{ gate: { dirs: [], gate: 'require' }, leaseSeconds: 30, timezone: rest.timezone ?? 'UTC', concurrency: 2 },
    ...{ log: rest.log ?? pino({ level: 'silent' }), onEvent: (event: WorkerEvent) => events.push(event) },
    ...{ random: () => 1, ...(clock === undefined ? {} : { clock }) },
  });
  workers.push(worker);
  return worker;
}

/** Writes so many ticks, one a batch. */
function ticking(ticks: number | 'never through', refusal: string | null): JobKind<unknown> {
  return {
    ...{ kind: 'ticking', summary: 'ticks', replicas: { effect: 'one run at a time', limits: 'none' } },
    schema: z.unknown(),
    check: async () => refusal,
    plan: async () => ({ strategy: null, why: '', rows: { total: 0 }, kept: {}, batches: 0, walBytes: 0, seconds: 0 }),
    run: async (context) => {
      for (let tick = 0; tick < (ticks === 'never through' ? 1 : ticks); tick += 1)
        await context.batch(
          async (session) => {
            await session.query('INSERT INTO ticks (run_id) VALUES ($1)', [context.run.id]);
            return { counts: { ticks: 1 } };
          },
          { first: 1, least: 1, most: 1 },
        );
      if (ticks === 'never through')
        await new Promise<void>((resolve) => {
          letGo = resolve;
        });
      return { failure: null, detail: null };
    },
  };
}

async function ledger(session: Session) {
  const read = await session.query<{ status: string; fire: string; error: string | null; target: string }>(
    `SELECT run_id, status, fire_at::text AS fire, error, target, counts FROM steward.job_runs ORDER BY fire_at, started_at`,
  );
  return read.rows;
}

async function doubled(session: Session): Promise<number> {
  const read = await session.query('SELECT run_id FROM ticks GROUP BY run_id HAVING count(*) > 1');
  return read.rowCount;
}

/** The schedule holds since a while ago, and no fire has a row. */
async function missedSince(session: Session, age: string): Promise<void> {
  await session.query(
    `INSERT INTO steward.job_schedules (job, target, schedule, timezone, since)
     VALUES ('tick', 'home', $1, 'UTC', clock_timestamp() - $2::interval)`,
    [EVERY_MINUTE, age],
  );
}

async function claimBySomebody(session: Session, { runId = randomUUID(), target = 'home' } = {}): Promise<void> {
  const request = { runId, job: 'tick', target, fireAt: null, holder: 'somebody', leaseSeconds: 60 };
  await new RunStore('steward').claim(session, request);
}

/** Looks again at each event of the worker and a few times a second. */
async function until(condition: () => Promise<boolean>): Promise<void> {
  for (;;) {
    if (await condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
