import type { FormCase } from './form-cases.js';

const of = (condition: string, values = 'count(*) AS n', key = 'customer') =>
  `(SELECT ${key}, ${values} FROM orders WHERE ${condition} GROUP BY ${key})`;
const PAID = of("state = 'paid'", 'count(*) AS n, sum(amount) AS total, count(discount) AS cut, max(discount) AS most');
const OPEN = of("state = 'open' AND amount > 1");
const BESIDE = `FROM customers c LEFT JOIN ${PAID} a ON a.customer = c.id LEFT JOIN ${OPEN} b ON b.customer = c.id`;

/** Queries that group the same rows by the same key. */
export const GROUPING_CASES: readonly FormCase[] = [
  ['joined to rows that may have none', `SELECT c.id, a.n, a.total, a.cut, a.most, b.n AS open, b.customer ${BESIDE}`],
  [
    'of which one is there',
    `SELECT a.customer, a.n, a.cut, b.n AS open FROM ${PAID} a LEFT JOIN ${OPEN} b ON a.customer = b.customer ORDER BY n, a.customer`,
  ],
  [
    'of which all are there',
    `SELECT a.customer, b.n, d.n AS rest FROM ${PAID} a JOIN ${OPEN} b ON a.customer = b.customer JOIN ${of('discount > 1')} d ON d.customer = b.customer`,
  ],
  [
    'of which one is of all rows',
    `SELECT c.id, a.n, b.n AS all_of_them, b.customer FROM customers c LEFT JOIN ${PAID} a ON a.customer = c.id LEFT JOIN (SELECT customer, count(*) AS n FROM orders GROUP BY 1) b ON b.customer = c.id`,
  ],
  [
    'of which one of all rows is there, with constants and values for none',
    `SELECT c.id, a.one, a.total, b.total AS rest, b.one AS other FROM customers c
     JOIN (SELECT customer, coalesce(sum(discount), 0) AS total, 1 AS one FROM orders GROUP BY customer) a ON a.customer = c.id
     LEFT JOIN ${of("state = 'void'", 'coalesce(sum(discount), 0) AS total, 2 AS one')} b ON c.id = b.customer`,
  ],
  [
    'of all rows, joined to rows that may have none, with constants',
    `SELECT c.id, a.one, a.total, b.n FROM customers c
     LEFT JOIN (SELECT customer, coalesce(sum(discount), 0) AS total, 1 AS one FROM orders GROUP BY customer) a ON a.customer = c.id
     LEFT JOIN ${OPEN} b ON b.customer = c.id`,
  ],
  [
    'behind one that may be missing',
    `SELECT c.id, a.n, b.n AS open FROM customers c LEFT JOIN ${PAID} a ON a.customer = c.id JOIN ${OPEN} b ON b.customer = c.id`,
  ],
  [
    'tied by the row that the first is tied to',
    `SELECT c.name, a.n, b.n AS open FROM ${PAID} a JOIN customers c ON c.id = a.customer AND c.credit > 1 LEFT JOIN ${OPEN} b ON b.customer = c.id WHERE coalesce(b.n, 0) < 2`,
  ],
  [
    'beside any row, tied to each other',
    `SELECT c.id, a.n, b.n AS open FROM customers c CROSS JOIN ${PAID} a LEFT JOIN ${OPEN} b ON b.customer = a.customer`,
  ],
  [
    'of months, in WITH',
    `WITH a AS (SELECT date_trunc('month', o.placed) AS month, count(*) AS n, avg(o.amount) AS mean FROM orders o WHERE o.state = 'paid' GROUP BY 1),
     b AS (SELECT date_trunc('month', x.placed) AS month, count(*) AS n FROM orders x WHERE x.state = 'void' GROUP BY date_trunc('month', x.placed))
     SELECT a.month, a.n, a.mean, coalesce(b.n, 0) AS void, round(100.0 * b.n / a.n, 1) AS share FROM a LEFT JOIN b ON b.month = a.month ORDER BY month`,
  ],
  [
    'of joined rows by two keys',
    `SELECT a.region, a.state, a.n, b.total FROM (SELECT c.region, o.state, count(*) AS n FROM orders o JOIN customers c ON c.id = o.customer WHERE o.amount > 1 GROUP BY c.region, o.state) a
     LEFT JOIN (SELECT c.region, o.state, sum(o.amount) FILTER (WHERE o.discount IS NULL) AS total FROM orders o JOIN customers c ON c.id = o.customer WHERE c.credit > 1 GROUP BY c.region, o.state) b ON b.state = a.state AND b.region = a.region`,
  ],
  [
    'that are grouped again, beside subqueries of the same names',
    `SELECT c.region, sum(a.n) AS n, max(b.n) ${BESIDE} WHERE EXISTS (SELECT * FROM orders WHERE customer = c.id AND state = 'paid' AND a.n > 0) GROUP BY c.region HAVING count(b.n) > 0`,
  ],
].map(([name = '', sql = '']): FormCase => ({ name: `groups ${name}`, form: 'oneGrouping', sql }));

export const NO_GROUPING: readonly FormCase[] = [
  ['of other rows', BESIDE.replace("orders WHERE state = 'open' AND amount > 1", 'parcels WHERE id > 1')],
  ['that HAVING chooses', BESIDE.replace("'paid' GROUP BY customer", "'paid' GROUP BY customer HAVING count(*) > 1")],
  ['by another key', BESIDE.replace(OPEN, of("state = 'open'", 'count(*) AS n, min(customer) AS customer', 'id'))],
  ['that are tied to another column', BESIDE.replace('b.customer = c.id', 'b.customer = c.referrer')],
  ['that are tied to what may be missing', BESIDE.replace('b.customer = c.id', 'b.customer = a.customer')],
  ['that more is asked of', BESIDE.replace('b.customer = c.id', 'b.customer = c.id AND b.n > 1')],
  ['that less is asked of', BESIDE.replace('b.customer = c.id', 'b.customer > c.id')],
  ['that are joined wholly', BESIDE.replaceAll('LEFT JOIN', 'FULL JOIN')],
  ['that are joined by name', `FROM ${PAID} a LEFT JOIN ${OPEN} b USING (customer)`],
  ['that are cut', BESIDE.replace("'paid' GROUP BY customer", "'paid' GROUP BY customer LIMIT 1")],
  ['that give several rows each', BESIDE.replace('count(*) AS n, sum', 'generate_series(1, count(*)) AS n, sum')],
  ['of several kinds', BESIDE.replaceAll('GROUP BY customer', 'GROUP BY ROLLUP (customer)')],
  [
    'of numbers that may be written in several ways',
    BESIDE.replaceAll('customer', 'amount').replace('FROM amounts', 'FROM customers'),
  ],
  ['of which all columns are asked for', `SELECT * ${BESIDE}`],
  ['of which a whole row is asked for', `SELECT c.id, a.n, b ${BESIDE}`],
  ['by a condition that differs each time', BESIDE.replace("'open'", "'open' AND random() > 0.5")],
].map(
  ([name = '', sql = '']): FormCase => ({
    ...{ name: `groups ${name}`, form: 'oneGrouping' },
    sql: sql.startsWith('SELECT') ? sql : `SELECT a.n, b.n AS open ${sql}`,
  }),
);
