import { expect, it } from 'vitest';
import { randomOrder } from '../../src/advisors/random-order.js';
import { checkStatementCases, findingsIn } from './statements/check-statement-cases.js';

checkStatementCases(randomOrder, [
  { name: 'finds a draw by sorting', sql: 'SELECT email FROM customers ORDER BY random() LIMIT 3', finds: [''] },
  {
    name: 'finds it by random UUIDs',
    sql: 'SELECT email FROM customers ORDER BY gen_random_uuid() LIMIT 3',
    finds: [''],
  },
  {
    name: 'is silent without LIMIT, where all rows are wanted',
    sql: 'SELECT email FROM customers ORDER BY random()',
    finds: [],
  },
  { name: 'is silent about another order', sql: 'SELECT email FROM customers ORDER BY abs(id) LIMIT 3', finds: [] },
  {
    name: 'is silent about random() elsewhere',
    sql: 'SELECT email FROM customers WHERE random() < 0.1 ORDER BY id LIMIT 3',
    finds: [],
  },
]);

it('says what to do instead', async () => {
  const [found] = await findingsIn(randomOrder, { sql: 'SELECT email FROM customers ORDER BY random() LIMIT 3' });
  expect(found?.message).toMatchInlineSnapshot(
    `"ORDER BY random() reads all that is asked of public.customers, which has 10,000 rows, and sorts it to give a few. FROM public.customers TABLESAMPLE SYSTEM_ROWS (n) (extension tsm_system_rows) reads the blocks that it takes; or draw a key at random, and take the rows from there on by its index."`,
  );
});
