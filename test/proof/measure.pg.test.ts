import { expect, it } from 'vitest';
import { measureBindings, measureSubquery } from '../../src/proof/measure.js';
import { testDatabase } from '../postgres.js';

const FILL = `CREATE TABLE rows AS SELECT n FROM generate_series(1, 7) AS n`;

const COUNTS = 'SELECT (SELECT count(*) FROM rows s WHERE s.n < r.n) FROM rows r';

async function inTransaction() {
  const { session } = await testDatabase({ template: 'rows', prepare: (each) => each.script(FILL) });
  await session.query('BEGIN');
  return session;
}

async function measured(sql: string) {
  return measureBindings(await inTransaction(), [{ sql, share: 1 }]);
}

it('a statement’s subquery is told with its runs and its share of the buffers', async () => {
  const subquery = { relation: 'rows', runs: 7, timeShare: null, buffersShare: 7 / 8 };
  expect(await measured(COUNTS)).toMatchObject({ kind: 'measured', buffers: 8, subquery });
});

it('of a statement that is run for its subquery the share of the time is told, too', async () => {
  const subquery = await measureSubquery(await inTransaction(), COUNTS);
  expect(subquery).toMatchObject({ relation: 'public.rows', runs: 7, buffersShare: 7 / 8 });
  expect(subquery?.timeShare).toBeGreaterThan(0);
  expect(subquery?.timeShare).toBeLessThanOrEqual(1);
  const session = await inTransaction();
  await session.query("SET LOCAL statement_timeout = '50ms'");
  expect(await measureSubquery(session, 'SELECT (SELECT pg_sleep(9) WHERE n > 0) FROM rows')).toBeNull();
});

it('a subquery that is run once is none', async () => {
  const whole = await measured(
    'SELECT n FROM rows WHERE n > (SELECT avg(n) FROM rows) OR n IN (SELECT n + 1 FROM rows)',
  );
  expect(whole).toMatchObject({ kind: 'measured', subquery: null });
});
