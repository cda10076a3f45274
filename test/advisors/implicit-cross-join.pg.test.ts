import { expect, it } from 'vitest';
import { implicitCrossJoin } from '../../src/advisors/implicit-cross-join.js';
import { checkStatementCases, findingsIn } from './statements/check-statement-cases.js';

checkStatementCases(implicitCrossJoin, [
  {
    name: 'finds tables that nothing connects',
    sql: 'SELECT c.email, r.rate FROM customers c, rates r',
    finds: ['c,r'],
  },
  {
    name: 'finds one that the others do not reach',
    sql: 'SELECT 1 FROM customers c JOIN orders o ON o.customer_id = c.id, rates r',
    finds: ['c,r'],
  },
  {
    name: 'finds it in a subquery',
    sql: 'SELECT 1 FROM orders WHERE id IN (SELECT c.id FROM customers c, rates r)',
    finds: ['c,r'],
  },
  {
    name: 'is silent where a condition connects them',
    sql: 'SELECT 1 FROM customers c, rates r WHERE r.country = c.country',
    finds: [],
  },
  {
    name: 'is silent where an inequality does',
    sql: 'SELECT 1 FROM customers c, rates r WHERE r.valid_on > c.created_at',
    finds: [],
  },
  {
    name: 'is silent where a third table does',
    sql: 'SELECT 1 FROM customers c, orders o, order_lines l WHERE o.customer_id = c.id AND l.order_id = o.id',
    finds: [],
  },
  { name: 'is silent about CROSS JOIN', sql: 'SELECT 1 FROM customers CROSS JOIN rates', finds: [] },
  { name: 'is silent about USING and NATURAL', sql: 'SELECT 1 FROM customers JOIN rates USING (country)', finds: [] },
  {
    name: 'is silent where one row is chosen by its key',
    sql: "SELECT 1 FROM customers c, rates r WHERE r.country = 'c1' AND r.valid_on = $1",
    finds: [],
  },
  { name: 'is silent about functions', sql: 'SELECT 1 FROM customers c, generate_series(1, 3) AS n', finds: [] },
  {
    name: 'is silent about subqueries',
    sql: 'SELECT 1 FROM customers c, (SELECT max(rate) AS rate FROM rates) r',
    finds: [],
  },
  { name: 'is silent about one table', sql: 'SELECT 1 FROM customers', finds: [] },
  { name: 'leaves what a foreign key tells to its own rule', sql: 'SELECT 1 FROM customers c, orders o', finds: [] },
]);

it('counts the pairs', async () => {
  const [found] = await findingsIn(implicitCrossJoin, { sql: 'SELECT c.email, r.rate FROM customers c, rates r' });
  expect(found?.message).toMatchInlineSnapshot(
    `"No condition connects customers AS c with rates AS r: before anything else is asked of them, each row of one meets each of the other, 60,000,000 pairs. Add the condition that is missing, or write CROSS JOIN where all pairs are meant."`,
  );
});
