import { expect, it, onTestFinished } from 'vitest';
import { openSession, type Session } from '../../src/postgres/session.js';
import { hasPooler, NO_POOLER, startPooler } from '../pooler.js';
import { testDatabase } from '../postgres.js';

const ASKED = 'SELECT $1::int AS n, (SELECT count(*)::int FROM pg_prepared_statements) AS kept';

/** Asks seven times, and gives how many plans were kept at each. */
async function keptAt(session: Session) {
  const kept: unknown[] = [];
  for (let n = 1; n <= 7; n += 1) kept.push((await session.queryPlanned(ASKED, [n])).rows[0]?.['kept']);
  return kept;
}

it('keeps the plan of a statement, and makes a new one after one call, two more, four more', async () => {
  const { session } = await testDatabase();
  expect(await keptAt(session)).toEqual([1, 2, 2, 3, 3, 3, 3]);
});

it('plans a statement again that could not be planned', async () => {
  const { session } = await testDatabase();
  const asked = 'SELECT count(*)::int AS rows FROM late_comers';
  await expect(session.queryPlanned(asked)).rejects.toThrow('does not exist');
  await session.query('CREATE TABLE late_comers ()');
  for (const _ of [1, 2, 3]) expect((await session.queryPlanned(asked)).rows).toEqual([{ rows: 0 }]);
});

it('keeps none behind a pooler, where the next call may meet another backend', async ({ skip }) => {
  if (!hasPooler) skip(NO_POOLER);
  const { url } = await testDatabase();
  const pooler = await startPooler(url);
  onTestFinished(() => pooler.stop());
  const session = await openSession(pooler.url);
  onTestFinished(() => session.close());
  expect(await keptAt(session)).toEqual([0, 0, 0, 0, 0, 0, 0]);
});

it('knows whether a transaction is open, a failed one too', async () => {
  const { session } = await testDatabase();
  const isOpen = [session.isInTransaction];
  for (const statement of ['BEGIN', 'SELECT 1 / 0', '', 'ROLLBACK', '']) {
    await session.query(statement).catch(() => undefined);
    isOpen.push(session.isInTransaction);
  }
  expect(isOpen).toEqual([false, true, true, true, false, false]);
});
