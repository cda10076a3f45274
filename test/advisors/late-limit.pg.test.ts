import { expect, it } from 'vitest';
import { lateLimit } from '../../src/advisors/late-limit.js';
import { checkStatementCases, findingsIn } from './statements/check-statement-cases.js';

const PAGE =
  'SELECT o.id, c.email, o.state FROM orders o JOIN customers c ON c.id = o.customer_id ORDER BY o.id LIMIT 20 OFFSET 30000';

const FEED = `SELECT * FROM (
  SELECT 'order' AS what, o.id, o.cents FROM orders o UNION SELECT 'customer', c.id, NULL FROM customers c
) f ORDER BY id DESC, what LIMIT 20`;

checkStatementCases(lateLimit, [
  { name: 'finds a join along a key below OFFSET', sql: PAGE, finds: [''] },
  {
    name: 'finds a subquery for each row that is skipped',
    sql: 'SELECT o.id, (SELECT count(*) FROM order_lines l WHERE l.order_id = o.id) FROM orders o ORDER BY o.placed_at DESC, o.id LIMIT 20 OFFSET 30000',
    finds: [''],
  },
  {
    name: 'finds a total beside each row of a page',
    sql: 'SELECT id, state, count(*) OVER () AS total FROM orders WHERE cents > 9 ORDER BY id DESC LIMIT 10',
    finds: ['total'],
  },
  {
    name: 'finds it in a query that wraps it',
    sql: `WITH page AS (${PAGE.replace(/ORDER.*/, '')}) SELECT * FROM page ORDER BY id LIMIT 20 OFFSET 30000`,
    finds: [''],
  },
  {
    name: 'finds groups of all rows beside a page',
    sql: 'SELECT c.id, c.email, t.n FROM customers c LEFT JOIN (SELECT customer_id, count(*) AS n FROM orders GROUP BY customer_id) t ON t.customer_id = c.id ORDER BY c.created_at DESC, c.id LIMIT 10',
    finds: [''],
  },
  {
    name: 'finds a page of rows that are grouped with what is joined to them',
    sql: 'SELECT o.id, c.email, count(l.line_no) AS lines FROM orders o JOIN customers c ON c.id = o.customer_id LEFT JOIN order_lines l ON l.order_id = o.id GROUP BY o.id, c.id ORDER BY o.placed_at DESC, o.id DESC LIMIT 20',
    finds: [''],
  },
  { name: 'finds a page of a union within a query', sql: FEED, finds: ['union'] },
  {
    name: 'finds a page of a union further on',
    sql: FEED.replace('LIMIT 20', 'LIMIT 20 OFFSET 40'),
    finds: ['union'],
  },
  { name: 'is silent about a union with ties', sql: FEED.replace(', what', ''), finds: [] },
  { name: 'is silent about an order with ties', sql: PAGE.replace('BY o.id', 'BY o.cents'), finds: [] },
  {
    name: 'is silent about a join that multiplies',
    sql: 'SELECT o.id, l.product FROM orders o JOIN order_lines l ON l.order_id = o.id ORDER BY o.id LIMIT 20 OFFSET 30000',
    finds: [],
  },
  {
    name: 'is silent about a join that may meet nothing',
    sql: PAGE.replace('o.customer_id', 'o.parent_id'),
    finds: [],
  },
  {
    name: 'is silent about a condition on the other table',
    sql: PAGE.replace('ORDER', `WHERE c.country = 'c1' ORDER`),
    finds: [],
  },
  { name: 'is silent about an order by the other table', sql: PAGE.replace('BY o.id', 'BY c.email, o.id'), finds: [] },
  {
    name: 'is silent about a number of the row',
    sql: 'SELECT id, state, row_number() OVER () FROM orders ORDER BY id DESC LIMIT 10',
    finds: [],
  },
  {
    name: 'is silent about a total of each customer',
    sql: 'SELECT id, count(*) OVER (PARTITION BY customer_id) FROM orders ORDER BY id DESC LIMIT 10',
    finds: [],
  },
]);

it('finds the keys of the page first', async () => {
  const [found] = await findingsIn(lateLimit, { sql: PAGE });
  expect(found?.fix?.rewrittenQuery?.replaceAll(/\s+/g, ' ')).toMatchInlineSnapshot(
    `"SELECT o.id, c.email, o.state FROM ( SELECT o.id AS page_key FROM orders AS o ORDER BY o.id LIMIT 20 OFFSET 30000 ) AS page JOIN public.orders AS o ON o.id = page.page_key JOIN customers AS c ON c.id = o.customer_id ORDER BY o.id"`,
  );
});

it('cuts each query of a union by itself', async () => {
  const [found] = await findingsIn(lateLimit, { sql: FEED });
  expect(found?.fix?.rewrittenQuery?.replaceAll(/\s+/g, ' ')).toMatchInlineSnapshot(
    `"(SELECT 'order' AS what, o.id, o.cents FROM orders AS o ORDER BY o.id DESC LIMIT 20) UNION (SELECT 'customer', c.id, NULL FROM customers AS c ORDER BY c.id DESC LIMIT 20) ORDER BY id DESC, what LIMIT 20"`,
  );
});
