import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { ensureOwnTables, ownTables } from '../../src/migrate/own-tables.js';
import { RunStore } from '../../src/worker/run-store.js';
import { testDatabase } from '../postgres.js';

it('forgets runs of a job that are older than they are kept, but never its latest fire', async () => {
  const { session } = await testDatabase();
  await ensureOwnTables(session, ownTables('steward'));
  await session.query(
    `INSERT INTO steward.job_runs (run_id, job, target, fire_at, status, started_at, finished_at, holder)
     SELECT gen_random_uuid(), job, 'home', now() - n * interval '1 day', 'succeeded', now() - n * interval '1 day', now(), 'me'
     FROM unnest(ARRAY['mine', 'yours']) AS job, generate_series(80, 109) AS n`,
  );
  await session.query(
    `DELETE FROM steward.job_runs WHERE job = 'mine' AND fire_at > now() - interval '99 days 12 hours'`,
  );
  const store = new RunStore('steward', { keepRunsDays: 90 });
  const request = { runId: randomUUID(), job: 'mine', target: 'home', fireAt: null, holder: 'me', leaseSeconds: 30 };
  const answer = await store.claim(session, request);
  if (answer.kind !== 'claimed') throw new Error(answer.kind);
  expect(await store.finish(session, answer.claim, { status: 'succeeded', error: null })).toBe(true);
  const left = await session.query(
    `SELECT job, count(*)::int AS runs, extract(day FROM now() - max(fire_at))::int AS age
     FROM steward.job_runs GROUP BY job ORDER BY job`,
  );
  expect(left.rows).toEqual([
    { job: 'mine', runs: 2, age: 100 },
    { job: 'yours', runs: 30, age: 80 },
  ]);
});
