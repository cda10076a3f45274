import { describe, expect, it } from 'vitest';
import { distinctValues } from '../../../src/planner/twin/clustered-distinct.js';
import { readSnapshot } from '../../../src/postgres/snapshot-reader.js';
import { testDatabase } from '../../postgres.js';

describe('distinct values of a column', () => {
  it.each([
    { lie: 'beside each other', order: 'n', tolerance: 0.2 },
    { lie: 'apart', order: 'hashint4(n)', tolerance: 0.2 },
  ])('are estimated near the truth where equal ones lie $lie', async ({ order, tolerance }) => {
    const { session } = await testDatabase();
    await session.script(`
      CREATE TABLE lines (order_id int, line int);
      INSERT INTO lines SELECT n / 4, n % 4 FROM generate_series(1, 800000) AS n ORDER BY ${order}`);
    await session.query('ANALYZE lines');
    const { statistics, catalog } = await readSnapshot(session);
    const column = statistics.columns.find(({ column: name }) => name === 'order_id');
    const [table] = catalog.tables;
    if (column === undefined || table === undefined) throw new Error('the table was not read');
    const distinct = distinctValues(column, { rows: table.storage.tuples, blocks: table.storage.blocks });
    expect(Math.abs(distinct / 200_000 - 1)).toBeLessThan(tolerance);
  });
});
