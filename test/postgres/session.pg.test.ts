import { expect, it, onTestFinished } from 'vitest';
import { openSession, type Session } from '../../src/postgres/session.js';
import { hasPooler, NO_POOLER, startPooler } from '../pooler.js';
import { testDatabase } from '../postgres.js';

const ASKED = `SELECT $1::int AS n, (SELECT string_agg(name, ' ') FROM pg_prepared_statements) AS kept`;

/** Asks seven times, and gives the names of the statements that were kept at each. */
async function keptAt(session: Session) {
  const kept: unknown[] = [];
  for (let n = 1; n <= 7; n += 1) kept.push((await session.queryPlanned(ASKED, [n])).rows[0]?.['kept']);
  return kept;
}

it('keeps the plan of a statement, and makes a new one after one call, two more, four more', async () => {
  const { session } = await testDatabase();
  const [first, second, third] = ['planned_1', 'planned_2', 'planned_3'];
  expect(await keptAt(session)).toEqual([first, second, second, third, third, third, third]);
});

it('keeps none behind a pooler, where the next call may meet another backend', async ({ skip }) => {
  if (!hasPooler) skip(NO_POOLER);
  const { url } = await testDatabase();
  const pooler = await startPooler(url);
  onTestFinished(() => pooler.stop());
  const session = await openSession(pooler.url);
  onTestFinished(() => session.close());
  expect(await keptAt(session)).toEqual(Array.from({ length: 7 }, () => null));
});
