import { pino } from 'pino';
import { expect, it } from 'vitest';
import { readJobs } from '../../src/jobs/definitions.js';
import { Worker } from '../../src/worker/worker.js';
import { hasPooler, NO_POOLER, startPooler } from '../pooler.js';
import { testDatabase } from '../postgres.js';

const ROWS = 2000;
const JOBS = {
  'purge-things': { kind: 'purge', table: 'things', expiresAt: 'expires_at', dutyCycle: 1 },
  'expire-orders': {
    ...{
      kind: 'time-out',
      table: 'orders',
      key: 'id',
      status: 'state',
      to: 'timed_out',
      audit: { table: 'order_log' },
    },
    ...{ rules: [{ from: 'pending', since: 'created_at', afterSeconds: 1 }], dutyCycle: 1 },
  },
};

it('works behind PgBouncer, which hands each transaction to another connection', async ({ skip }) => {
  if (!hasPooler) skip(NO_POOLER);
  const { url, session } = await testDatabase();
  await session.script(`
    CREATE TABLE things AS SELECT n AS id, now() - interval '1 h' AS expires_at FROM generate_series(1, ${ROWS}) AS n;
    CREATE TABLE orders (id int PRIMARY KEY, state text NOT NULL, created_at timestamptz NOT NULL);
    INSERT INTO orders SELECT n, 'pending', now() - interval '1 h' FROM generate_series(1, ${ROWS}) AS n;
    CREATE TABLE order_log (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, order_id int NOT NULL, action text,
      result text, message text, metadata jsonb, created_at timestamptz NOT NULL DEFAULT clock_timestamp())`);
  const pooler = await startPooler(url);
  const workers = [workerAt(pooler.url), workerAt(pooler.url)];
  await Promise.all(workers.map((worker) => worker.start()));
  for (const name of Object.keys(JOBS)) await Promise.all(workers.map((worker) => worker.startRun(name, 'home')));
  const done = `SELECT FROM steward.job_runs WHERE status = 'succeeded'`;
  await expect.poll(async () => (await session.query(done)).rowCount, { timeout: 20_000 }).toBe(2);
  for (const worker of workers) worker.drain('the end of the test');
  await Promise.all(workers.map((worker) => worker.stop(10)));
  await pooler.stop();
  const { rows } = await session.query(
    `SELECT (SELECT count(*)::int FROM things) AS things, (SELECT count(DISTINCT order_id)::int FROM order_log) AS logged,
            (SELECT count(*)::int FROM order_log) AS rows,
            (SELECT count(*)::int FROM steward.job_runs WHERE status <> 'succeeded') AS unwell`,
  );
  expect(rows).toEqual([{ things: 0, logged: ROWS, rows: ROWS, unwell: 0 }]);
});

function workerAt(url: string): Worker {
  return new Worker({
    ...{ jobs: readJobs(JOBS), targets: [{ name: 'home', url, isHome: true }], homeUrl: url, ownSchema: 'steward' },
    ...{ gate: { dirs: [], gate: 'require' }, leaseSeconds: 30, timezone: 'UTC', concurrency: 2 },
    ...{ log: pino({ level: 'silent' }), onEvent: () => undefined },
  });
}
