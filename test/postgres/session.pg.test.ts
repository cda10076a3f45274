import { expect, it, onTestFinished } from 'vitest';
import { openSession, type Session } from '../../src/postgres/session.js';
import { hasPooler, NO_POOLER, startPooler } from '../pooler.js';
import { testDatabase } from '../postgres.js';

const ASKED = 'SELECT $1::int AS n, (SELECT count(*)::int FROM pg_prepared_statements) AS kept';

async function askTwice(session: Session) {
  const answers = [];
  for (const n of [1, 2]) answers.push(...(await session.queryPlanned(ASKED, [n])).rows);
  return answers;
}

it('keeps the plan of a statement for its next call', async () => {
  const { session } = await testDatabase();
  expect(await askTwice(session)).toEqual([
    { n: 1, kept: 1 },
    { n: 2, kept: 1 },
  ]);
});

it('keeps none behind a pooler, where the next call may meet another backend', async ({ skip }) => {
  if (!hasPooler) skip(NO_POOLER);
  const { url } = await testDatabase();
  const pooler = await startPooler(url);
  onTestFinished(() => pooler.stop());
  const session = await openSession(pooler.url);
  onTestFinished(() => session.close());
  expect(await askTwice(session)).toEqual([
    { n: 1, kept: 0 },
    { n: 2, kept: 0 },
  ]);
});
