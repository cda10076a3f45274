import type { FormCase } from './form-cases.js';

const over = (columns: string, rest = '') => `SELECT DISTINCT ${columns} FROM orders o ${rest}`;
const N = 'count(*) OVER (PARTITION BY o.customer) AS n';

/** Windows over whole parts, of whose rows DISTINCT keeps one. */
export const WINDOW_CASES: readonly FormCase[] = [
  [
    'of one column',
    over(`o.customer, ${N}, max(o.placed) OVER (PARTITION BY customer) AS last`, "WHERE state = 'paid'"),
  ],
  ['of two columns', over('state, customer, 2 * sum(amount) OVER (PARTITION BY o.customer, o.state) AS twice')],
  [
    'beside what a primary key settles, ordered and cut',
    `SELECT DISTINCT c.id, upper(c.name) AS name, c.credit, sum(o.amount) OVER (PARTITION BY c.id) AS total
     FROM customers c LEFT JOIN orders o ON o.customer = c.id ORDER BY total DESC NULLS LAST, c.id LIMIT 3`,
  ],
  ['filtered', over(`o.customer, count(o.discount) FILTER (WHERE o.amount > 1) OVER (PARTITION BY o.customer) AS n`)],
  [
    'within a query',
    `SELECT c.name, w.n FROM customers c LEFT JOIN (${over(`customer, ${N}`)}) w ON w.customer = c.id`,
  ],
].map(([name, sql]) => ({ name: `windows over whole parts, ${name}`, form: 'windowsAsGroups', sql: sql ?? '' }));

export const NO_WINDOW: readonly FormCase[] = [
  ['whose column is not given', over(N)],
  ['over all rows, of which there may be none', over('o.state, count(*) OVER () AS n')],
  ['in an order', over('o.customer, count(*) OVER (PARTITION BY o.customer ORDER BY o.id) AS n')],
  ['of other parts', over(`o.customer, o.state, ${N}, count(*) OVER (PARTITION BY o.state) AS m`)],
  ['beside a column that differs', over(`o.customer, o.state, ${N}`)],
  ['that number rows', over('o.customer, row_number() OVER (PARTITION BY o.customer) AS n')],
  ['by numbers that are written in several ways', over('o.amount, count(*) OVER (PARTITION BY o.amount) AS n')],
  ['beside several rows each', over(`o.customer, generate_series(1, 2) / 2 AS half, ${N}`)],
  ['of groups', over(`o.customer, count(*) AS m, count(*) OVER (PARTITION BY o.customer) AS n`, 'GROUP BY o.customer')],
  ['with a frame', over('customer, count(*) OVER (PARTITION BY customer ROWS 1 PRECEDING) AS n')],
  ['of all columns', over(`o.*, count(*) OVER (PARTITION BY o.customer) AS n`)],
  ['without DISTINCT', `SELECT o.customer, ${N} FROM orders o`],
  ['of one row for each of others', over(`o.customer, ${N}`).replace('DISTINCT', 'DISTINCT ON (o.state)')],
].map(([name, sql]) => ({ name: `windows ${name}`, form: 'windowsAsGroups', sql: sql ?? '' }));
