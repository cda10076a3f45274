import { expect, it } from 'vitest';
import { joinBeforeGrouping } from '../../src/advisors/join-before-grouping.js';
import { checkStatementCases, findingsIn } from './statements/check-statement-cases.js';

const IDLE =
  'SELECT s.id, s.town FROM shops s LEFT JOIN visits v ON v.shop_id = s.id GROUP BY s.id, s.town HAVING count(v.id) = 0';
const SHEET = `SELECT c.country, count(DISTINCT o.id) AS orders, count(DISTINCT n.id) AS notes FROM customers c
               LEFT JOIN orders o ON o.customer_id = c.id LEFT JOIN line_notes n ON n.order_id = c.id GROUP BY c.country`;
const OF_FEW = SHEET.replace('GROUP BY c.country', 'WHERE c.id < 50 GROUP BY c.id, c.country');
const RUNNING = `SELECT v.id, sum(w.buyers) AS so_far FROM visits v JOIN visits w ON w.shop_id = v.shop_id AND w.at <= v.at GROUP BY v.id`;

checkStatementCases(joinBeforeGrouping, [
  { name: 'finds rows that are joined to find those without any', sql: IDLE, finds: [''] },
  { name: 'finds tables that multiply each other', sql: SHEET, finds: [''] },
  { name: 'finds a running total by a join of a table to itself', sql: RUNNING, finds: [''] },
  {
    name: 'is silent about sums of floating point',
    sql: 'SELECT c.country, sum(o.cents::float8) FROM customers c JOIN orders o ON o.customer_id = c.id GROUP BY c.country',
    finds: [],
  },
  {
    name: 'is silent about sums that the other table multiplies',
    sql: SHEET.replace('count(DISTINCT o.id)', 'sum(o.cents)').replace('count(DISTINCT n.id)', 'sum(n.line_no)'),
    finds: [],
  },
  { name: 'is silent where no table is aggregated', sql: 'SELECT c.id FROM customers c GROUP BY c.id', finds: [] },
]);

it('joins what was counted', async () => {
  const [found] = await findingsIn(joinBeforeGrouping, { sql: SHEET });
  expect(found?.fix?.rewrittenQuery?.replaceAll(/\s+/g, ' ')).toMatchInlineSnapshot(
    `"SELECT c.country AS country, CAST(COALESCE(sum(o.counted), 0) AS bigint) AS orders, CAST(COALESCE(sum(n.counted_2), 0) AS bigint) AS notes FROM customers AS c LEFT JOIN ( SELECT o.customer_id, count(*) AS counted FROM orders AS o GROUP BY o.customer_id ) AS o ON o.customer_id = c.id LEFT JOIN ( SELECT n.order_id, count(*) AS counted_2 FROM line_notes AS n GROUP BY n.order_id ) AS n ON n.order_id = c.id GROUP BY c.country"`,
  );
});

it('counts for the chosen rows alone, where some are chosen', async () => {
  const [found] = await findingsIn(joinBeforeGrouping, { sql: OF_FEW });
  expect(found?.fix?.rewrittenQuery?.replaceAll(/\s+/g, ' ')).toMatchInlineSnapshot(
    `"SELECT c.country AS country, COALESCE(per_key_2.value_2, 0) AS orders, COALESCE(per_key.value, 0) AS notes FROM customers AS c LEFT JOIN ( SELECT n.order_id AS key, count(*) AS value FROM line_notes AS n WHERE n.order_id IN (SELECT c.id FROM customers AS c WHERE c.id < 50) GROUP BY n.order_id ) AS per_key ON per_key.key = c.id LEFT JOIN ( SELECT o.customer_id AS key_2, count(*) AS value_2 FROM orders AS o WHERE o.customer_id IN (SELECT c.id FROM customers AS c WHERE c.id < 50) GROUP BY o.customer_id ) AS per_key_2 ON per_key_2.key_2 = c.id WHERE c.id < 50"`,
  );
});

it('leaves out what is joined for nothing, too', async () => {
  const sql = `SELECT o.state, count(DISTINCT n.id) AS notes, count(DISTINCT m.id) AS first_ones
    FROM orders o JOIN customers c ON c.id = o.customer_id LEFT JOIN line_notes n ON n.order_id = o.id
    LEFT JOIN line_notes m ON m.order_id = o.id AND m.line_no = 1 GROUP BY o.state`;
  const [found] = await findingsIn(joinBeforeGrouping, { sql });
  expect(found?.message).toContain('without what is joined for nothing');
  expect(found?.fix?.rewrittenQuery).not.toContain('customers');
});
