import { expect, it } from 'vitest';
import { misestimatedRows } from '../../src/advisors/misestimated-rows.js';
import { checkStatementCases, findingsIn } from './statements/check-statement-cases.js';

const FEW = "SELECT id FROM orders WHERE state = 'open' AND cents = 17";

checkStatementCases(misestimatedRows, [
  { name: 'finds far more rows than are expected', sql: FEW, rows: 5000, finds: [''] },
  { name: 'is silent about fewer than 1,000', sql: FEW, rows: 999, finds: [] },
  {
    name: 'finds far fewer rows than are expected',
    sql: 'SELECT id FROM orders WHERE cents >= 0',
    rows: 10,
    finds: [''],
  },
  { name: 'is silent within a factor of 100', sql: 'SELECT id FROM orders WHERE cents >= 0', rows: 500, finds: [] },
  { name: 'is silent below LIMIT', sql: 'SELECT id FROM orders WHERE cents >= 0 LIMIT 10', rows: 10, finds: [] },
  { name: 'is silent about an aggregate', sql: 'SELECT count(*) FROM orders', rows: 1, finds: [] },
  { name: 'is silent where rows are not counted', sql: FEW, finds: [] },
]);

it('proposes statistics on columns that may depend on each other', async () => {
  const [found] = await findingsIn(misestimatedRows, { sql: FEW, rows: 5000 });
  expect(found?.message).toMatchInlineSnapshot(
    `"A call gives 5,000 rows on average; the planner expects 1 and plans for those. Analyze the tables; where that does not help, tell the planner which columns depend on each other."`,
  );
  expect(found?.fix).toMatchObject({
    sql: [
      {
        sql: 'CREATE STATISTICS public.orders_state_cents_stat (dependencies, mcv) ON state, cents FROM public.orders',
      },
      { sql: 'ANALYZE public.orders' },
    ],
    undo: ['DROP STATISTICS public.orders_state_cents_stat'],
  });
});
