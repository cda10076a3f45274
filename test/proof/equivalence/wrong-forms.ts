import type { RewritePair } from './wrong-rewrites.js';

/** Wrong forms of whole statements: of groups, joins that are grouped, and rows that are numbered. */
export const WRONG_FORMS: readonly RewritePair[] = [
  pair(
    'a count of groups for a count of distinct values, NULL among them',
    'SELECT o.state, count(DISTINCT o.customer) AS n FROM orders o GROUP BY o.state',
    'SELECT x.state, count(*) AS n FROM (SELECT state, customer FROM orders GROUP BY 1, 2) x GROUP BY x.state',
  ),
  pair(
    'a sum of counts that is NULL for no rows',
    `SELECT count(DISTINCT o.customer) AS n, count(*) AS all_rows FROM orders o WHERE o.state = 'open'`,
    `SELECT count(x.customer) AS n, sum(x.part)::bigint AS all_rows FROM (SELECT customer, count(*) AS part FROM orders WHERE state = 'open' GROUP BY 1) x`,
  ),
  pair(
    'an average of averages',
    'SELECT c.region, avg(o.amount) AS mean FROM customers c JOIN orders o ON o.customer = c.id GROUP BY c.region',
    'SELECT c.region, avg(o.part) AS mean FROM customers c JOIN (SELECT customer, avg(amount) AS part FROM orders GROUP BY 1) o ON o.customer = c.id GROUP BY c.region',
  ),
  pair(
    'a row that is joined to none, counted as none',
    'SELECT c.region, count(*) AS n FROM customers c LEFT JOIN orders o ON o.customer = c.id GROUP BY c.region',
    'SELECT c.region, coalesce(sum(o.part), 0)::bigint AS n FROM customers c LEFT JOIN (SELECT customer, count(*) AS part FROM orders GROUP BY 1) o ON o.customer = c.id GROUP BY c.region',
  ),
  pair(
    'distinct keys counted for each row that they meet',
    'SELECT c.region, count(DISTINCT o.id) AS n FROM customers c LEFT JOIN orders o ON o.customer = c.referrer GROUP BY c.region',
    'SELECT c.region, coalesce(sum(o.part), 0)::bigint AS n FROM customers c LEFT JOIN (SELECT customer, count(*) AS part FROM orders GROUP BY 1) o ON o.customer = c.referrer GROUP BY c.region',
  ),
  pair(
    'none joined for none of which the value is filled',
    'SELECT c.id FROM customers c LEFT JOIN orders o ON o.customer = c.id GROUP BY c.id HAVING count(o.discount) = 0',
    'SELECT c.id FROM customers c WHERE NOT EXISTS (SELECT 1 FROM orders o WHERE o.customer = c.id)',
  ),
  pair(
    'a join of a table with itself that loses rows, as a subquery',
    'SELECT a.id, count(*) AS n FROM orders a JOIN orders b ON b.discount <= a.discount GROUP BY a.id',
    'SELECT a.id, (SELECT count(*) FROM orders b WHERE b.discount <= a.discount) AS n FROM orders a',
  ),
  pair(
    'a rank that counts the row itself',
    'SELECT o.id, (SELECT count(DISTINCT p.amount) FROM orders p WHERE p.state = o.state AND p.amount > o.amount) AS n FROM orders o',
    'SELECT o.id, dense_rank() OVER (PARTITION BY o.state ORDER BY o.amount DESC) AS n FROM orders o',
  ),
  pair(
    'a rank of a row with NULL',
    'SELECT o.id, (SELECT count(DISTINCT p.discount) FROM orders p WHERE p.discount >= o.discount) AS n FROM orders o',
    'SELECT o.id, dense_rank() OVER (ORDER BY o.discount DESC NULLS LAST) AS n FROM orders o',
  ),
  pair(
    'NOT EXISTS for NOT IN of extremes that may be NULL',
    'SELECT c.id FROM customers c WHERE c.id NOT IN (SELECT max(o.customer) FROM orders o GROUP BY o.state)',
    'SELECT c.id FROM customers c WHERE NOT EXISTS (SELECT 1 FROM (SELECT max(customer) FROM orders GROUP BY state) x (item) WHERE x.item = c.id)',
  ),
  pair(
    'a NOT of an OR that has become an OR of NOT',
    'SELECT c.id FROM customers c WHERE NOT EXISTS (SELECT 1 FROM orders o WHERE o.customer = c.id OR o.id = c.referrer)',
    'SELECT c.id FROM customers c WHERE NOT EXISTS (SELECT 1 FROM orders o WHERE o.customer = c.id) OR NOT EXISTS (SELECT 1 FROM orders o WHERE o.id = c.referrer)',
  ),
  pair(
    'keys of which there is no row',
    'SELECT DISTINCT i.order_id FROM items i',
    'SELECT o.id AS order_id FROM orders o',
  ),
  pair(
    'the first row of a key for those that rank first',
    'SELECT x.order_id, x.product FROM (SELECT i.*, rank() OVER (PARTITION BY i.order_id ORDER BY i.product) AS place FROM items i) x WHERE x.place = 1',
    'SELECT i.order_id, i.product FROM orders o CROSS JOIN LATERAL (SELECT * FROM items i WHERE i.order_id = o.id ORDER BY i.product LIMIT 1) i',
  ),
  pair(
    'a condition on rows for one on groups',
    'SELECT t.customer, t.n FROM (SELECT customer, count(*) AS n, max(id) AS last FROM orders GROUP BY customer) t WHERE t.last IN (SELECT i.order_id FROM items i)',
    'SELECT t.customer, t.n FROM (SELECT customer, count(*) AS n, max(id) AS last FROM orders WHERE id IN (SELECT i.order_id FROM items i) GROUP BY customer) t',
  ),
  pair(
    'numbers of rows that are left',
    `SELECT x.id, x.place FROM (SELECT o.id, o.state, row_number() OVER (PARTITION BY o.customer ORDER BY o.id) AS place FROM orders o) x WHERE x.state = 'open'`,
    `SELECT o.id, row_number() OVER (PARTITION BY o.customer ORDER BY o.id) AS place FROM orders o WHERE o.state = 'open'`,
  ),
  pair(
    'an inner join where a count of none passes',
    `SELECT c.id FROM customers c WHERE (SELECT count(*) FROM orders o WHERE o.customer = c.id AND o.state = 'open') <= 1`,
    `SELECT c.id FROM customers c JOIN (SELECT customer, count(*) AS n FROM orders WHERE state = 'open' GROUP BY 1) o ON o.customer = c.id WHERE o.n <= 1`,
  ),
  pair(
    'a DELETE that an optional value would let pass',
    `DELETE FROM customers c WHERE coalesce((SELECT max(o.amount) FROM orders o WHERE o.customer = c.id), 0) < 2`,
    `DELETE FROM customers c USING (SELECT customer, max(amount) AS most FROM orders GROUP BY 1) o WHERE o.customer = c.id AND o.most < 2`,
  ),
];

function pair(name: string, original: string, rewritten: string): RewritePair {
  return { name, original, rewritten };
}
