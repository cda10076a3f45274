import { expect, it } from 'vitest';
import { pagingCount } from '../../src/advisors/paging-count.js';
import { checkStatementCases, findingsIn } from './statements/check-statement-cases.js';

const COUNT = 'SELECT count(*) FROM orders';
const beside = ['SELECT id FROM orders ORDER BY id LIMIT 20'];

checkStatementCases(pagingCount, [
  { name: 'finds a count beside pages', sql: COUNT, beside, finds: [''] },
  { name: 'is silent without pages', sql: COUNT, finds: [] },
  { name: 'is silent beside pages of another table', sql: 'SELECT count(*) FROM customers', beside, finds: [] },
  { name: 'is silent about a count of some rows', sql: `${COUNT} WHERE state = 'open'`, beside, finds: [] },
  { name: 'is silent about a count by groups', sql: 'SELECT count(*) FROM orders GROUP BY state', beside, finds: [] },
  { name: 'is silent about a count of values', sql: 'SELECT count(shipped_at) FROM orders', beside, finds: [] },
  {
    name: 'is silent about a small table',
    sql: 'SELECT count(*) FROM rates',
    beside: ['SELECT rate FROM rates LIMIT 5'],
    finds: [],
  },
]);

it('says where the number stands already', async () => {
  const [found] = await findingsIn(pagingCount, { sql: COUNT, beside });
  expect(found?.message).toMatchInlineSnapshot(
    `"Pages of public.orders are read with LIMIT, and beside them all of its 40,000 rows are counted each time. Where the number is for a person to see, pg_class.reltuples has it nearly right at no cost; whether there is a next page, one row more than the page tells."`,
  );
});
