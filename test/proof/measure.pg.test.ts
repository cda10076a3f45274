import { expect, it } from 'vitest';
import { measureBindings } from '../../src/proof/measure.js';
import { testDatabase } from '../postgres.js';

const FILL = `CREATE TABLE rows AS SELECT n FROM generate_series(1, 7) AS n`;

async function measured(sql: string) {
  const { session } = await testDatabase({ template: 'rows', prepare: (each) => each.script(FILL) });
  await session.query('BEGIN');
  return measureBindings(session, [{ sql, share: 1 }]);
}

it('a statement’s subquery is told with its runs and its share of the buffers', async () => {
  const whole = await measured('SELECT (SELECT count(*) FROM rows s WHERE s.n < r.n) FROM rows r');
  expect(whole).toMatchObject({ kind: 'measured', buffers: 8, subquery: { runs: 7, buffersShare: 7 / 8 } });
});

it('a subquery that is run once is none', async () => {
  const whole = await measured(
    'SELECT n FROM rows WHERE n > (SELECT avg(n) FROM rows) OR n IN (SELECT n + 1 FROM rows)',
  );
  expect(whole).toMatchObject({ kind: 'measured', subquery: null });
});
