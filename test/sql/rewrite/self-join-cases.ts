import type { FormCase } from './form-cases.js';

const DAYS = 'WITH days AS (SELECT shipped::date AS day, count(*) AS n, max(amount) AS most FROM orders GROUP BY 1)';
const BY_STATE =
  'WITH x AS (SELECT o.state, o.customer, sum(o.discount) AS total FROM orders o GROUP BY o.state, o.customer)';
const NEAR = 'FROM parcels p JOIN parcels q ON q.customer = p.customer AND q.due BETWEEN p.due - 30 AND p.due';

/** Tables, and groups in WITH, that are joined to themselves and grouped by what tells their rows apart. */
export const SELF_CASES: readonly FormCase[] = [
  [
    'a running total of groups',
    `${DAYS} SELECT a.day, a.n, sum(b.n) AS so_far, max(b.most) FROM days a JOIN days b ON b.day <= a.day GROUP BY a.day, a.n ORDER BY a.day`,
  ],
  [
    'a running total of groups of which the equal ones are left out',
    `${DAYS} SELECT a.day, sum(b.n) FROM days a, days b WHERE b.day < a.day GROUP BY a.day HAVING sum(b.n) > 1`,
  ],
  [
    'groups with more than one key, of which one may be NULL',
    `${BY_STATE} SELECT a.state, a.customer, sum(b.total) FROM x a JOIN x b ON a.state = b.state AND a.customer >= b.customer GROUP BY a.state, a.customer`,
  ],
  [
    'groups that other rows are joined to',
    `WITH x AS (SELECT customer, count(*) AS n FROM orders GROUP BY customer) SELECT x.customer, x.n, count(p.sent) FROM x JOIN parcels p ON p.customer = x.customer GROUP BY x.customer, x.n`,
  ],
  [
    'groups that other rows may be joined to',
    `WITH x AS (SELECT customer, count(*) AS n FROM orders GROUP BY customer) SELECT x.customer, count(p.id) FROM x LEFT JOIN parcels p ON p.customer = x.customer GROUP BY x.customer`,
  ],
  ['rows of the days before', `SELECT p.id, count(*) AS near ${NEAR} GROUP BY p.id HAVING count(*) > 1`],
  ['rows of the days before, named by more', `SELECT p.id, p.customer, max(q.sent) ${NEAR} GROUP BY p.id, p.customer`],
  [
    'rows of the days before without the same day',
    `SELECT p.id, count(*) ${NEAR.replace('BETWEEN p.due - 30 AND p.due', '>= p.due - 30 AND q.due < p.due')} GROUP BY p.id`,
  ],
  [
    'rows of the same key, as chosen',
    `SELECT p.id, count(*) ${NEAR} WHERE p.id > 1 AND p.due IS NOT NULL GROUP BY p.id`,
  ],
].map(([name = '', sql = '']): FormCase => ({ name: `a join to itself of ${name}`, form: 'ungrouped', sql }));

export const NO_SELF: readonly FormCase[] = [
  [
    'groups, grouped by some of their keys',
    `${BY_STATE} SELECT a.state, sum(b.total) FROM x a JOIN x b ON a.state = b.state GROUP BY a.state`,
  ],
  [
    'rows in WITH',
    'WITH x AS (SELECT customer, state FROM orders) SELECT a.customer, count(*) FROM x a JOIN x b ON b.customer <= a.customer GROUP BY a.customer',
  ],
  [
    'rows of UNION ALL in WITH',
    'WITH x AS (SELECT customer, count(*) AS n FROM orders GROUP BY customer UNION ALL SELECT customer, 1 FROM parcels) SELECT a.customer, sum(b.n) FROM x a JOIN x b ON b.customer <= a.customer GROUP BY a.customer',
  ],
  [
    'groups of which several rows are made',
    'WITH x AS (SELECT customer, generate_series(1, count(*)) AS n FROM orders GROUP BY customer) SELECT a.customer, sum(b.n) FROM x a JOIN x b ON b.customer <= a.customer GROUP BY a.customer',
  ],
  [
    'groups whose key is not among the columns',
    'WITH x AS (SELECT count(*) AS n FROM orders GROUP BY customer) SELECT a.n, sum(b.n) FROM x a JOIN x b ON b.n <= a.n GROUP BY a.n',
  ],
  [
    'groups of several kinds',
    'WITH x AS (SELECT customer, count(*) AS n FROM orders GROUP BY ROLLUP (customer)) SELECT a.customer, sum(b.n) FROM x a JOIN x b ON b.customer <= a.customer GROUP BY a.customer',
  ],
].map(([name = '', sql = '']): FormCase => ({ name: `a join to itself of ${name}`, form: 'ungrouped', sql }));

const numbered = (more: string, order = 'o.placed DESC, o.id') =>
  `(SELECT o.customer, ${more}, row_number() OVER (PARTITION BY o.customer ORDER BY ${order}) AS place FROM orders o)`;
const first = (rows: string, condition = 'x.place = 1') =>
  `SELECT c.id, x.* FROM customers c LEFT JOIN ${rows} x ON x.customer = c.id AND ${condition} WHERE c.region = 'a'`;

/** Rows of which the first ones of each key are asked for, beside a few rows. */
export const FIRST_CASES: readonly FormCase[] = [
  ['the first of each', first(numbered('o.id, o.state'))],
  ['the first ones of each', first(numbered('o.id'), 'x.place <= 2')],
  ['the first of each by a name that an output has too', first(numbered('o.id AS amount', 'amount DESC, o.id'))],
  ['the first of each by a constant', first(numbered('1 AS one', '1'))],
  ['the first of each, several times over', first(numbered('generate_series(1, 2) AS many'))],
  ['the first of each and its number among others', first(numbered('count(*) OVER (PARTITION BY o.customer) AS n'))],
  ['the second of each', first(numbered('o.id'), 'x.place = 2')],
  ['the first of each that WHERE asks for', `${first(numbered('o.id, o.amount'), 'true')} AND x.place < 2`],
  [
    'the first of each of those that a subquery chooses',
    first(numbered('o.id')).replace("c.region = 'a'", 'c.id IN (SELECT p.customer FROM parcels p WHERE p.id > 1)'),
  ],
  [
    'the distinct first of each of those that there are rows for',
    `SELECT c.name, x.id FROM customers c JOIN (SELECT DISTINCT ON (customer) customer, id FROM orders ORDER BY customer, placed DESC, id) x
     ON x.customer = c.id WHERE EXISTS (SELECT FROM parcels p WHERE p.customer = c.id)`,
  ],
].map(([name = '', sql = '']): FormCase => ({ name, form: 'groupsOfEachRow', sql }));
