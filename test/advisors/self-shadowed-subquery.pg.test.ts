import { expect, it } from 'vitest';
import { selfShadowedSubquery } from '../../src/advisors/self-shadowed-subquery.js';
import { checkStatementCases, findingsIn } from './statements/check-statement-cases.js';

const ARCHIVE = `UPDATE orders SET state = 'kept' WHERE state = 'open'
  AND EXISTS (SELECT 1 FROM orders again WHERE again.parent_id = id AND again.state = 'done')`;

checkStatementCases(selfShadowedSubquery, [
  { name: 'finds a bare name that the inner table has too', sql: ARCHIVE, finds: ['again.id'] },
  { name: 'is silent where the name says which table', sql: ARCHIVE.replace('= id', '= orders.id'), finds: [] },
  {
    name: 'finds it in NOT EXISTS',
    sql: 'SELECT id FROM customers WHERE NOT EXISTS (SELECT * FROM orders o WHERE o.customer_id = id)',
    finds: ['o.id'],
  },
  {
    name: 'finds it in a scalar subquery',
    sql: 'SELECT id, (SELECT count(*) FROM orders WHERE customer_id = id) FROM customers',
    finds: ['orders.id'],
  },
  {
    name: 'is silent where another condition ties the subquery to the outer row',
    sql: 'SELECT id FROM customers c WHERE EXISTS (SELECT 1 FROM orders o WHERE o.parent_id = id AND o.customer_id = c.id)',
    finds: [],
  },
  {
    name: 'is silent where the outer table has no such column',
    sql: 'SELECT id FROM customers WHERE EXISTS (SELECT 1 FROM orders o WHERE o.shipped_at = placed_at)',
    finds: [],
  },
  {
    name: 'is silent about two qualified columns of one table',
    sql: 'SELECT id FROM customers c WHERE EXISTS (SELECT 1 FROM orders o WHERE o.parent_id = o.id)',
    finds: [],
  },
  {
    name: 'is silent about IN, which need not be tied',
    sql: 'SELECT id FROM customers WHERE id IN (SELECT customer_id FROM orders WHERE parent_id = id)',
    finds: [],
  },
  {
    name: 'finds IN of a column that only the outer table has',
    sql: 'SELECT id FROM customers WHERE email IN (SELECT email FROM orders WHERE state = $1)',
    finds: ['customers.email'],
  },
  {
    name: 'is silent about IN of a column of its own',
    sql: 'SELECT id FROM customers WHERE id IN (SELECT customer_id FROM orders)',
    finds: [],
  },
  {
    name: 'finds a column that is compared with itself',
    sql: 'SELECT id FROM orders o WHERE o.state = o.state',
    finds: ['o.state'],
  },
  {
    name: 'is silent about two mentions of one table',
    sql: 'SELECT a.id FROM orders a JOIN orders b ON a.state = b.state',
    finds: [],
  },
  {
    name: 'finds tables without the condition that a foreign key suggests',
    sql: "SELECT c.email FROM customers c, orders o WHERE o.state = 'open'",
    finds: ['c,o'],
  },
  {
    name: 'is silent where it is there',
    sql: "SELECT c.email FROM customers c, orders o WHERE o.state = 'open' AND o.customer_id = c.id",
    finds: [],
  },
  {
    name: 'is silent about CROSS JOIN by its name',
    sql: 'SELECT count(*) FROM customers c CROSS JOIN orders o',
    finds: [],
  },
  {
    name: 'is silent where one row at most is chosen',
    sql: 'SELECT c.email, o.state FROM customers c, orders o WHERE c.id = $1 AND o.state = $2',
    finds: [],
  },
  {
    name: 'is silent where both are chosen by one value',
    sql: 'SELECT c.email, o.state FROM customers c, orders o WHERE c.country = $1 AND o.state = $1',
    finds: [],
  },
  {
    name: 'is silent about names of a WITH query',
    sql: 'WITH w AS (SELECT 1 AS id) SELECT id FROM w WHERE EXISTS (SELECT 1 FROM w x WHERE x.id = w.id)',
    finds: [],
  },
]);

it('shows the form that was likely meant, and says that it gives other rows', async () => {
  const [found] = await findingsIn(selfShadowedSubquery, { sql: ARCHIVE });
  expect(found?.message).toMatchInlineSnapshot(
    `"public.orders (again) has a column id, so the bare id in the subquery means again.id and not orders.id: the condition compares a row with itself, and nothing ties the subquery to the outer row. The form that names the other table gives other rows: it is what was meant, if the names do not mislead."`,
  );
  expect(found?.fix?.rewrittenQuery).toBe(ARCHIVE.replace('= id', '= orders.id'));
  expect(found?.proof.grade).toBe('suspected');
});

it('says why a column of the outer table makes IN true', async () => {
  const [found] = await findingsIn(selfShadowedSubquery, {
    sql: 'SELECT id FROM customers WHERE email IN (SELECT email FROM orders)',
  });
  expect(found?.message).toMatchInlineSnapshot(
    `"The subquery selects email, which none of its own tables has: it is customers.email of the outer query, so IN is true for every row as long as the subquery gives any."`,
  );
});

it('names the condition that is missing', async () => {
  const [found] = await findingsIn(selfShadowedSubquery, { sql: 'SELECT c.email FROM orders o, customers c' });
  expect(found?.message).toMatchInlineSnapshot(
    `"Every row of o meets every row of c. A foreign key suggests what was meant: o.customer_id = c.id. With it the statement gives other rows; a person has to say which is right."`,
  );
});
