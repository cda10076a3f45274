import { expect, it } from 'vitest';
import { optimizationFence } from '../../src/advisors/optimization-fence.js';
import { checkStatementCases, findingsIn } from './statements/check-statement-cases.js';

const FENCED =
  'WITH all_of AS MATERIALIZED (SELECT id, customer_id, cents FROM orders) SELECT cents FROM all_of WHERE id = 7';

checkStatementCases(optimizationFence, [
  { name: 'finds a query of WITH that is materialised', sql: FENCED, finds: [''] },
  { name: 'is silent about one that is merged anyway', sql: FENCED.replace('MATERIALIZED', ''), finds: [] },
  {
    name: 'finds one that is read twice, of which each time a row is chosen',
    sql: 'WITH all_of AS (SELECT id, cents FROM orders) SELECT a.cents, b.cents FROM all_of a, all_of b WHERE a.id = 7 AND b.id = 9',
    finds: [''],
  },
  {
    name: 'finds OFFSET 0',
    sql: 'SELECT x.cents FROM (SELECT id, cents FROM orders OFFSET 0) x WHERE x.id = 7',
    finds: [''],
  },
  {
    name: 'finds a window whose parts are chosen',
    sql: `WITH ranked AS MATERIALIZED (SELECT id, customer_id, rank() OVER (PARTITION BY customer_id ORDER BY placed_at) AS place FROM orders)
          SELECT id FROM ranked WHERE customer_id = 7 AND place = 1`,
    finds: [''],
  },
  {
    name: 'finds a recursion from every row, of which what comes of one is chosen',
    sql: `WITH RECURSIVE later AS (
            SELECT o.id, o.id AS root, 0 AS depth FROM orders o WHERE o.customer_id > 0
            UNION ALL
            SELECT o.id, l.root, l.depth + 1 FROM later l JOIN orders o ON o.id = l.id + 1 WHERE l.depth < 9)
          SELECT l.id, l.depth FROM later l WHERE l.root = 7`,
    finds: [''],
  },
  {
    name: 'finds INTERSECT of a few rows and all',
    sql: 'SELECT o.id FROM orders o WHERE o.customer_id = 7 INTERSECT SELECT b.id FROM orders b WHERE b.cents > 3',
    finds: ['set operation'],
  },
  {
    name: 'finds EXCEPT of a few rows and all',
    sql: 'SELECT o.id FROM orders o WHERE o.customer_id = 7 EXCEPT SELECT n.order_id FROM line_notes n, orders b WHERE b.id = n.order_id',
    finds: ['set operation'],
  },
  {
    name: 'is silent about EXCEPT of all rows and a few',
    sql: 'SELECT o.id FROM orders o EXCEPT SELECT b.id FROM orders b WHERE b.customer_id = 7',
    finds: [],
  },
  {
    name: 'is silent about one that gives other rows each time',
    sql: FENCED.replace('cents FROM orders', 'cents FROM orders WHERE random() < 2'),
    finds: [],
  },
  { name: 'is silent about one that locks', sql: FENCED.replace('orders)', 'orders FOR UPDATE)'), finds: [] },
  {
    name: 'is silent where a query would be computed twice for nothing',
    sql: `WITH per AS (SELECT customer_id, sum(cents) AS total FROM orders GROUP BY customer_id)
          SELECT count(*) FROM per WHERE total > (SELECT avg(total) FROM per)`,
    finds: [],
  },
]);

it('says that the query is not materialised', async () => {
  const [found] = await findingsIn(optimizationFence, { sql: FENCED });
  expect(found?.fix?.rewrittenQuery?.replaceAll(/\s+/g, ' ')).toMatchInlineSnapshot(
    `"WITH all_of AS NOT MATERIALIZED (SELECT id, customer_id, cents FROM orders) SELECT cents FROM all_of WHERE id = 7"`,
  );
});
