import { expect, it } from 'vitest';
import { duplicateQuery } from '../../src/advisors/duplicate-query.js';
import { testDatabase } from '../postgres.js';
import { inSession, loopFindings, numbers } from './loops/find-loops.js';

const settings = () =>
  testDatabase({
    template: 'settings',
    prepare: (session) => session.script('CREATE TABLE settings (name text PRIMARY KEY, value text); ANALYZE settings'),
  });

const READ = 'SELECT value FROM settings WHERE name = $1';
const same = (count: number) => numbers(count).map(() => [READ, 'theme'] as const);

it('reports a query that asks for the same again and again, in a transaction or in one go', async () => {
  const { session } = await settings();
  const inTransaction = inSession(same(6), { transaction: '3/7', apartMs: 50 });
  const [finding] = await loopFindings(session, duplicateQuery, inTransaction);
  expect(finding?.key).toBe('duplicate-query:public.settings:9685cc7dcc0f71a7');
  expect(finding?.message).toMatchInlineSnapshot(
    `"public.settings is read 6 times with the same values within one transaction. That loop made 6 round trips, took 3 ms on the server; 1 would do. Estimated saving: 5 round trips and about 2.5 ms on the server, all calls but the first."`,
  );
  expect(await loopFindings(session, duplicateQuery, inSession(same(5)))).toHaveLength(1);
});

it('says nothing of four calls, of a poll, of other values, nor of a query that locks', async () => {
  const { session } = await settings();
  expect(await loopFindings(session, duplicateQuery, inSession(same(4)))).toEqual([]);
  expect(await loopFindings(session, duplicateQuery, inSession(same(20), { apartMs: 200 }))).toEqual([]);
  expect(await loopFindings(session, duplicateQuery, inSession(numbers(9).map((n) => [READ, n])))).toEqual([]);
  const locking = inSession(same(9).map(([text, value]) => [`${text} FOR UPDATE SKIP LOCKED`, value]));
  expect(await loopFindings(session, duplicateQuery, locking)).toEqual([]);
});
