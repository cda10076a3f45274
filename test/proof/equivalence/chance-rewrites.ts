import type { RewritePair } from './wrong-rewrites.js';

/** Pairs that give the same but for what the original leaves to chance. */
export const RIGHT_BUT_FOR_CHANCE: readonly RewritePair[] = [
  pair(
    'a list of texts beside a list of numbers',
    `SELECT o.state, string_agg(o.mood::text, ',') AS moods, array_agg(o.id) AS ids FROM orders o GROUP BY o.state`,
    `SELECT o.state, string_agg(o.mood::text, ',') AS moods, array_agg(o.id) AS ids FROM (SELECT * FROM orders ORDER BY amount, id) o GROUP BY o.state`,
  ),
  pair(
    'lists without their keys',
    `SELECT array_agg(id) AS ids FROM orders GROUP BY customer`,
    `SELECT (SELECT array_agg(p.id ORDER BY p.placed, p.id) FROM orders p WHERE p.customer IS NOT DISTINCT FROM o.customer) AS ids FROM (SELECT DISTINCT customer FROM orders) o`,
  ),
  pair(
    'a list of documents',
    `SELECT c.id, (SELECT jsonb_agg(jsonb_build_object('id', o.id, 'state', o.state)) FROM orders o WHERE o.customer = c.id) AS list FROM customers c`,
    `SELECT c.id, s.list FROM customers c LEFT JOIN (SELECT customer, jsonb_agg(jsonb_build_object('id', id, 'state', state) ORDER BY id DESC) AS list FROM orders GROUP BY 1) s ON s.customer = c.id`,
  ),
  pair(
    'numbers of rows with ties',
    `SELECT id, row_number() OVER (PARTITION BY state ORDER BY placed) AS place FROM orders`,
    `SELECT id, row_number() OVER (PARTITION BY state ORDER BY placed, id DESC) AS place FROM orders`,
  ),
  pair(
    'numbers of groups with ties',
    `SELECT customer, row_number() OVER (ORDER BY count(*) DESC) AS place FROM orders GROUP BY customer`,
    `SELECT customer, row_number() OVER (ORDER BY n DESC, customer DESC NULLS LAST) AS place FROM (SELECT customer, count(*) AS n FROM orders GROUP BY 1) o`,
  ),
  pair(
    'the first rows of an order with ties',
    `SELECT id, amount FROM orders ORDER BY state LIMIT 3`,
    `SELECT id, amount FROM orders ORDER BY state, amount DESC, id LIMIT 3`,
  ),
  pair(
    'some distinct values',
    `SELECT DISTINCT customer FROM orders LIMIT 2`,
    `SELECT customer FROM orders GROUP BY customer ORDER BY customer DESC LIMIT 2`,
  ),
  pair(
    'some groups of those with the most rows',
    `SELECT customer, count(*) AS n FROM orders GROUP BY customer ORDER BY count(*) DESC LIMIT 2`,
    `SELECT customer, count(*) AS n FROM orders GROUP BY customer ORDER BY n DESC, customer LIMIT 2`,
  ),
  pair(
    'two choices among ties',
    `SELECT c.id, (SELECT o.state FROM orders o WHERE o.customer = c.id ORDER BY o.placed LIMIT 1) AS state, (SELECT o.amount FROM orders o WHERE o.customer = c.id ORDER BY o.placed LIMIT 1) AS amount FROM customers c`,
    `SELECT c.id, o.state, o.amount FROM customers c LEFT JOIN LATERAL (SELECT state, amount FROM orders o WHERE o.customer = c.id ORDER BY placed, id DESC LIMIT 1) o ON true`,
  ),
  pair(
    'a sum of what was chosen among ties',
    `SELECT sum(x.amount) AS total FROM customers c CROSS JOIN LATERAL (SELECT o.amount FROM orders o WHERE o.customer = c.id ORDER BY o.placed LIMIT 1) x`,
    `SELECT sum(x.amount) AS total FROM (SELECT DISTINCT ON (customer) customer, amount FROM orders WHERE customer IS NOT NULL ORDER BY customer, placed, id DESC) x`,
  ),
  pair(
    'a list of the first rows of an order with ties',
    `SELECT array_agg(x.id) AS ids FROM (SELECT id FROM orders ORDER BY state LIMIT 3) x`,
    `SELECT array_agg(x.id) AS ids FROM (SELECT id FROM orders ORDER BY state, id DESC LIMIT 3) x`,
  ),
  pair(
    'an UPDATE to one of several values',
    `UPDATE customers c SET name = coalesce((SELECT o.state FROM orders o WHERE o.customer = c.id LIMIT 1), 'none')`,
    `UPDATE customers c SET name = coalesce((SELECT o.state FROM orders o WHERE o.customer = c.id ORDER BY o.id DESC LIMIT 1), 'none')`,
  ),
];

/** Pairs of which the original leaves something to chance, and that differ in something else. */
export const WRONG_BESIDE_CHANCE: readonly RewritePair[] = [
  pair(
    'a list without its last conjunct',
    `SELECT c.id, (SELECT array_agg(o.id) FROM orders o WHERE o.customer = c.id AND o.discount > 1) AS ids FROM customers c`,
    `SELECT c.id, (SELECT array_agg(o.id) FROM orders o WHERE o.customer = c.id AND o.discount >= 1) AS ids FROM customers c`,
  ),
  pair(
    'a list of which DISTINCT takes rows away',
    `SELECT c.id, (SELECT array_agg(o.state) FROM orders o WHERE o.customer = c.id) AS states FROM customers c`,
    `SELECT c.id, (SELECT array_agg(DISTINCT o.state) FROM orders o WHERE o.customer = c.id) AS states FROM customers c`,
  ),
  pair(
    'a list with another separator',
    `SELECT o.customer, string_agg(o.state, ',') AS states FROM orders o GROUP BY 1`,
    `SELECT o.customer, string_agg(o.state, ';') AS states FROM orders o GROUP BY 1`,
  ),
  pair(
    'a list of rows that a join repeats',
    `SELECT c.id, (SELECT array_agg(o.id) FROM orders o WHERE o.customer = c.id) AS ids FROM customers c`,
    `SELECT c.id, array_agg(o.id) FILTER (WHERE o.id IS NOT NULL) AS ids FROM customers c LEFT JOIN orders o ON o.customer = c.id LEFT JOIN items i ON i.order_id = o.id GROUP BY c.id`,
  ),
  pair(
    'a list that has lost its order',
    `SELECT o.customer, array_agg(o.id ORDER BY o.amount) AS ids FROM orders o GROUP BY 1`,
    `SELECT o.customer, array_agg(o.id) AS ids FROM orders o GROUP BY 1`,
  ),
  pair(
    'numbers of rows in other partitions',
    `SELECT id, row_number() OVER (PARTITION BY customer ORDER BY placed) AS place FROM orders`,
    `SELECT id, row_number() OVER (PARTITION BY customer, state ORDER BY placed) AS place FROM orders`,
  ),
  pair(
    'ranks for numbers of rows',
    `SELECT id, row_number() OVER (PARTITION BY customer ORDER BY placed) AS place FROM orders`,
    `SELECT id, rank() OVER (PARTITION BY customer ORDER BY placed) AS place FROM orders`,
  ),
  pair(
    'numbers of rows from the other end',
    `SELECT id, row_number() OVER (PARTITION BY state ORDER BY amount) AS place FROM orders`,
    `SELECT id, row_number() OVER (PARTITION BY state ORDER BY amount DESC) AS place FROM orders`,
  ),
  pair(
    'the first rows of another order',
    `SELECT id, amount FROM orders ORDER BY placed LIMIT 3`,
    `SELECT id, amount FROM orders ORDER BY shipped LIMIT 3`,
  ),
  pair(
    'the last row for the first',
    `SELECT c.id, (SELECT o.state FROM orders o WHERE o.customer = c.id ORDER BY o.placed LIMIT 1) AS state FROM customers c`,
    `SELECT c.id, (SELECT o.state FROM orders o WHERE o.customer = c.id ORDER BY o.placed DESC LIMIT 1) AS state FROM customers c`,
  ),
  pair(
    'a maximum beside what another row has',
    `SELECT c.id, o.state, o.amount FROM customers c CROSS JOIN LATERAL (SELECT state, amount FROM orders o WHERE o.customer = c.id ORDER BY placed LIMIT 1) o`,
    `SELECT c.id, o.state, (SELECT max(p.amount) FROM orders p WHERE p.customer = c.id) AS amount FROM customers c CROSS JOIN LATERAL (SELECT state FROM orders o WHERE o.customer = c.id ORDER BY placed LIMIT 1) o`,
  ),
  pair(
    'an order by another column',
    `SELECT id FROM orders ORDER BY state`,
    `SELECT id FROM orders ORDER BY state DESC`,
  ),
  pair(
    'an order by more than was left to chance',
    `SELECT id FROM orders ORDER BY amount`,
    `SELECT id FROM orders ORDER BY customer, amount`,
  ),
  pair(
    'some values that are not distinct',
    `SELECT DISTINCT customer FROM orders LIMIT 2`,
    `SELECT customer FROM orders LIMIT 2`,
  ),
  pair(
    'a sum of what was chosen by another order',
    `SELECT sum(x.amount) AS total FROM customers c CROSS JOIN LATERAL (SELECT o.amount FROM orders o WHERE o.customer = c.id ORDER BY o.placed LIMIT 1) x`,
    `SELECT sum(x.amount) AS total FROM customers c CROSS JOIN LATERAL (SELECT o.amount FROM orders o WHERE o.customer = c.id ORDER BY o.amount LIMIT 1) x`,
  ),
];

function pair(name: string, original: string, rewritten: string): RewritePair {
  return { name, original, rewritten };
}
