import { expect, it } from 'vitest';
import { collect } from '../../src/advise/collect.js';
import { messageOf } from '../../src/errors.js';
import { silentProgress } from '../../src/model/progress.js';
import { testDatabase } from '../postgres.js';

it('reading a target ends within a statement when it is aborted', async () => {
  const { url, session } = await testDatabase();
  await session.script('CREATE EXTENSION pg_stat_statements; CREATE TABLE orders (id int)');
  await session.query('SELECT count(*) FROM orders');
  await session.script('BEGIN; LOCK TABLE orders IN ACCESS EXCLUSIVE MODE');
  const interruption = new AbortController();
  const failure = collect({
    url,
    workload: ['pgss'],
    statementTimeoutMs: 60_000,
    progress: silentProgress,
    signal: interruption.signal,
  }).catch(messageOf);
  const waiting = "SELECT pid FROM pg_locks WHERE NOT granted AND relation = 'orders'::regclass";
  while ((await session.query(waiting)).rowCount === 0);
  interruption.abort();
  // Otherwise it would be the lock timeout that ends it.
  expect(await failure).toMatch(/^Connection terminated|^Client was closed/);
  await session.query('ROLLBACK');
});
