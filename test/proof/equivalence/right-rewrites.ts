import type { RewritePair } from './wrong-rewrites.js';

/** Pairs that give the same on every database. */
export const RIGHT_REWRITES: readonly RewritePair[] = [
  pair(
    'a sum',
    `SELECT c.id, (SELECT sum(o.amount) FROM orders o WHERE o.customer = c.id) FROM customers c`,
    `SELECT c.id, s.sum FROM customers c LEFT JOIN (SELECT customer, sum(amount) FROM orders GROUP BY 1) s ON s.customer = c.id`,
  ),
  pair(
    'a count',
    `SELECT c.id, (SELECT count(*) FROM orders o WHERE o.customer = c.id) FROM customers c`,
    `SELECT c.id, coalesce(s.count, 0) AS count FROM customers c LEFT JOIN (SELECT customer, count(*) FROM orders GROUP BY 1) s ON s.customer = c.id`,
  ),
  pair(
    'a list whose order is left to chance',
    `SELECT c.id, (SELECT array_agg(o.id) FROM orders o WHERE o.customer = c.id) FROM customers c`,
    `SELECT c.id, s.array_agg FROM customers c LEFT JOIN (SELECT customer, array_agg(id) FROM orders GROUP BY 1) s ON s.customer = c.id`,
  ),
  pair(
    'the first of an order with ties',
    `SELECT c.id, (SELECT o.state FROM orders o WHERE o.customer = c.id ORDER BY o.placed DESC LIMIT 1) FROM customers c`,
    `SELECT c.id, s.state FROM customers c LEFT JOIN (SELECT DISTINCT ON (customer) customer, state FROM orders ORDER BY customer, placed DESC) s ON s.customer = c.id`,
  ),
  pair(
    'an order with ties',
    `SELECT id FROM orders ORDER BY state`,
    `SELECT id FROM (SELECT * FROM orders ORDER BY id) o ORDER BY state`,
  ),
  pair(
    'NOT EXISTS for NOT IN without NULL',
    `SELECT c.id FROM customers c WHERE c.id NOT IN (SELECT i.order_id FROM items i)`,
    `SELECT c.id FROM customers c WHERE NOT EXISTS (SELECT 1 FROM items i WHERE i.order_id = c.id)`,
  ),
  pair(
    'a join on a unique key for EXISTS',
    `SELECT o.id FROM orders o WHERE EXISTS (SELECT 1 FROM customers c WHERE c.id = o.customer AND c.credit > 5)`,
    `SELECT o.id FROM orders o JOIN customers c ON c.id = o.customer WHERE c.credit > 5`,
  ),
  pair(
    'a join that a foreign key makes needless',
    `SELECT o.id FROM orders o JOIN customers c ON c.id = o.customer`,
    `SELECT o.id FROM orders o WHERE o.customer IS NOT NULL`,
  ),
  pair(
    'an outer join that nobody reads',
    `SELECT o.id FROM orders o LEFT JOIN customers c ON c.id = o.customer`,
    `SELECT o.id FROM orders o`,
  ),
  pair(
    'a day as a range',
    `SELECT id FROM orders WHERE date(placed) = '2024-03-01'`,
    `SELECT id FROM orders WHERE placed >= (date '2024-03-01')::timestamptz - interval '3 hours' AND placed < (date '2024-03-01' + 1)::timestamptz + interval '3 hours' AND date(placed) = '2024-03-01'`,
  ),
  pair(
    'a window',
    `SELECT o.id FROM orders o WHERE o.amount > (SELECT avg(p.amount) FROM orders p WHERE p.state = o.state)`,
    `SELECT id FROM (SELECT o.*, avg(amount) OVER (PARTITION BY state) AS a FROM orders o) o WHERE amount > a`,
  ),
  pair(
    'an UPDATE',
    `UPDATE customers c SET credit = (SELECT sum(o.amount) FROM orders o WHERE o.customer = c.id) WHERE c.region = 'a' RETURNING id`,
    `UPDATE customers c SET credit = s.sum FROM customers d LEFT JOIN (SELECT customer, sum(amount) FROM orders GROUP BY 1) s ON s.customer = d.id WHERE d.id = c.id AND c.region = 'a' RETURNING c.id`,
  ),
  pair(
    'OR as UNION ALL that keeps NULL',
    `SELECT id FROM orders WHERE discount = 5 OR amount > 10`,
    `SELECT id FROM orders WHERE discount = 5 UNION ALL SELECT id FROM orders WHERE amount > 10 AND (discount <> 5) IS NOT FALSE`,
  ),
  pair(
    'a parameter',
    `SELECT id FROM orders WHERE customer IN (SELECT id FROM customers WHERE region = $1)`,
    `SELECT id FROM orders o WHERE EXISTS (SELECT 1 FROM customers c WHERE c.id = o.customer AND c.region = $1)`,
  ),
  pair(
    'texts that are numbers as they are written',
    `SELECT id FROM orders WHERE id::text = ANY ($1::text[])`,
    `SELECT id FROM orders WHERE id = ANY (ARRAY(SELECT CASE WHEN t ~ '^(0|-?[1-9][0-9]{0,8})$' THEN t::int END FROM unnest($1::text[]) AS t))`,
  ),
  pair(
    'a recent time',
    `SELECT id FROM orders WHERE placed > now() - interval '30 days'`,
    `SELECT id FROM orders WHERE NOT (placed <= now() - interval '30 days')`,
  ),
];

function pair(name: string, original: string, rewritten: string): RewritePair {
  return { name, original, rewritten };
}
