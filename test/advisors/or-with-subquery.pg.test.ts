import { expect, it } from 'vitest';
import { orWithSubquery } from '../../src/advisors/or-with-subquery.js';
import { checkStatementCases, findingsIn } from './statements/check-statement-cases.js';

const IN = 'o.id IN (SELECT n.order_id FROM line_notes n WHERE n.id = 77)';
const EXISTS = 'EXISTS (SELECT 1 FROM line_notes n WHERE n.order_id = o.id AND n.id < 60)';
const orders = (condition: string) => `SELECT o.id, o.cents FROM orders o WHERE ${condition}`;

checkStatementCases(orWithSubquery, [
  { name: 'finds a condition or IN', sql: orders(`o.customer_id = 15 OR ${IN}`), finds: [''] },
  {
    name: 'finds a condition or EXISTS, beside others',
    sql: orders(`o.cents > 3 AND (${EXISTS} OR o.customer_id = 15)`),
    finds: [''],
  },
  { name: 'finds EXISTS or IN', sql: orders(`${EXISTS} OR ${IN}`), finds: [''] },
  { name: 'is silent where a condition alone reads all rows', sql: orders(`o.state <> 'done' OR ${IN}`), finds: [] },
  { name: 'is silent about AND', sql: orders(`o.customer_id = 15 AND ${IN}`), finds: [] },
  { name: 'is silent about what is not there', sql: orders(`o.customer_id = 15 OR NOT ${EXISTS}`), finds: [] },
  {
    name: 'finds another column than the key that is held against the subquery',
    sql: orders(`o.id = 15 OR o.customer_id IN (SELECT n.order_id FROM line_notes n WHERE n.id = 77)`),
    finds: [''],
  },
  {
    name: 'is silent where a subquery asks another table of the join, too',
    sql: 'SELECT o.id FROM orders o JOIN customers c ON c.id = o.customer_id WHERE o.id = 15 OR o.customer_id IN (SELECT n.order_id FROM line_notes n WHERE n.id = c.id)',
    finds: [],
  },
  {
    name: 'is silent about a condition of two tables',
    sql: `SELECT o.id FROM orders o JOIN customers c ON c.id = o.customer_id WHERE o.cents = length(c.email) OR ${IN}`,
    finds: [],
  },
]);

it('puts the keys of either together', async () => {
  const [found] = await findingsIn(orWithSubquery, { sql: orders(`o.customer_id = 15 OR ${EXISTS}`) });
  expect(found?.fix?.rewrittenQuery?.replaceAll(/\s+/g, ' ')).toMatchInlineSnapshot(
    `"SELECT o.id, o.cents FROM orders AS o WHERE o.id IN (SELECT o.id FROM orders AS o WHERE o.customer_id = 15 UNION ALL SELECT n.order_id FROM line_notes AS n WHERE n.id < 60)"`,
  );
});

it('asks the rows of the table itself where another column is held against the subquery', async () => {
  const [found] = await findingsIn(orWithSubquery, {
    sql: orders('o.id = 15 OR o.customer_id IN (SELECT n.order_id FROM line_notes n WHERE n.id = 77)'),
  });
  expect(found?.fix?.rewrittenQuery?.replaceAll(/\s+/g, ' ')).toMatchInlineSnapshot(
    `"SELECT o.id, o.cents FROM orders AS o WHERE o.id IN (SELECT o.id FROM orders AS o WHERE o.id = 15 UNION ALL SELECT o.id FROM orders AS o WHERE o.customer_id IN (SELECT n.order_id FROM line_notes AS n WHERE n.id = 77))"`,
  );
});

it('asks the rows of the table itself for what stands beside the OR as well', async () => {
  const [found] = await findingsIn(orWithSubquery, {
    sql: orders(`o.cents > 3 AND (o.customer_id = 15 OR ${EXISTS})`),
  });
  expect(found?.fix?.rewrittenQuery?.replaceAll(/\s+/g, ' ')).toMatchInlineSnapshot(
    `"SELECT o.id, o.cents FROM orders AS o WHERE o.cents > 3 AND o.id IN (SELECT o.id FROM orders AS o WHERE (o.customer_id = 15 AND o.cents > 3) UNION ALL SELECT n.order_id FROM line_notes AS n WHERE n.id < 60)"`,
  );
});
