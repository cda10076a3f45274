import type { FormCase } from './form-cases.js';

const joined = (outputs: string, from: string, rest = '') =>
  `SELECT c.id, c.name, ${outputs} FROM customers c ${from} ${rest} GROUP BY c.id`;
const OPTIONAL = 'LEFT JOIN orders o ON o.customer = c.id LEFT JOIN parcels p ON p.customer = c.id';
const CHAIN =
  'LEFT JOIN parcels p ON p.customer = c.id LEFT JOIN orders o ON o.customer = c.id LEFT JOIN items i ON i.order_id = o.id';

/** Tables that multiply each other, and aggregates to which that is nothing. */
export const BRANCH_CASES: readonly FormCase[] = [
  joined('count(DISTINCT o.id) AS orders, count(DISTINCT p.id) AS parcels', OPTIONAL),
  joined(
    'count(DISTINCT o.id) AS orders, max(p.due) AS due',
    `${OPTIONAL} AND p.due > '2024-01-01'`,
    'WHERE c.region IS NOT NULL',
  ),
  joined(
    'count(DISTINCT p.id) AS parcels, count(DISTINCT o.id) AS orders, count(DISTINCT i.product) AS products',
    CHAIN,
  ),
  joined(`count(DISTINCT p.id) AS parcels, count(DISTINCT o.id) FILTER (WHERE o.state = 'open') AS orders`, CHAIN),
  joined(
    'count(DISTINCT i.product) FILTER (WHERE o.amount > 1) AS products, sum(DISTINCT p.customer) AS parcels',
    CHAIN,
  ),
  joined('count(DISTINCT o.id) AS orders, count(DISTINCT p.id) AS parcels', OPTIONAL.replace('LEFT', '')),
  `SELECT o.id, count(DISTINCT p.id) AS parcels, count(DISTINCT i.product) AS products FROM orders o JOIN customers c ON c.id = o.customer LEFT JOIN parcels p ON p.customer = c.id LEFT JOIN items i ON i.order_id = o.id GROUP BY o.id`,
  `${joined('count(DISTINCT o.id) AS orders, count(DISTINCT p.id) AS parcels', OPTIONAL)} HAVING count(DISTINCT p.id) > 0 ORDER BY count(DISTINCT o.id) DESC, c.id`,
  ...[
    'count(lower(o.state)), max(date_trunc($$day$$, o.placed)), sum(o.amount * 2)',
    'count(*) FILTER (WHERE o.state IN ($$open$$)), count(*), array_agg(o.id ORDER BY o.id) FILTER (WHERE o.id IS NOT NULL)',
  ].map((values) => joined(values, 'LEFT JOIN orders o ON o.customer = c.id')),
].map((sql): FormCase => ({ name: `branches of ${sql}`, form: 'ungrouped', sql }));

/** What is multiplied, of rows that are missing, or chosen among all. */
export const NO_BRANCHES: readonly FormCase[] = [
  joined('count(*) AS n, count(DISTINCT p.id) AS parcels', OPTIONAL),
  joined('sum(o.amount) AS total, count(DISTINCT p.id) AS parcels', OPTIONAL),
  joined('count(DISTINCT coalesce(o.id, 0)) AS orders, count(DISTINCT p.id) AS parcels', OPTIONAL),
  joined('array_agg(DISTINCT o.state) AS states, count(DISTINCT p.id) AS parcels', OPTIONAL),
  joined('count(DISTINCT o.id) FILTER (WHERE p.id IS NULL) AS orders', OPTIONAL),
  joined('count(DISTINCT o.id) AS orders, count(DISTINCT p.id) AS parcels', OPTIONAL, 'WHERE o.amount > 1'),
  joined('count(DISTINCT o.id) AS orders, count(DISTINCT p.id) AS parcels', OPTIONAL, 'WHERE p.id IS NULL'),
  joined(
    'count(DISTINCT o.id) AS orders, count(DISTINCT p.id) AS parcels',
    'LEFT JOIN orders o ON o.customer = c.id LEFT JOIN parcels p ON p.customer = c.id AND p.id > coalesce(o.id, 0)',
  ),
  joined('sum(DISTINCT o.amount) AS total, count(DISTINCT p.id) AS parcels', OPTIONAL),
  joined('bool_or(o.id > 1) AS any, count(DISTINCT p.id) AS parcels', OPTIONAL),
  ...[
    'avg(coalesce(o.amount, 0))',
    'count(1)',
    'array_agg(o.id)',
    'count(*) FILTER (WHERE o.id IS NULL)',
    'max(concat(o.state))',
  ].map((value) => joined(value, 'LEFT JOIN orders o ON o.customer = c.id')),
].map((sql): FormCase => ({ name: `branches of ${sql}`, form: 'ungrouped', sql }));
