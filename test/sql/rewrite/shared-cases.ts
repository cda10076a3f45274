import type { FormCase } from './form-cases.js';

const MONTHS = `(SELECT date_trunc('month', placed) AS month, count(*) AS n, sum(amount) AS total FROM orders WHERE state <> 'void' GROUP BY 1)`;
const GROWTH = `SELECT a.month, a.n, b.n AS before, a.total - b.total AS growth FROM ${MONTHS} a LEFT JOIN ${MONTHS} b ON b.month = a.month - interval '1 month'`;

/** Queries that join the same groups to themselves. */
export const SHARED_CASES: readonly FormCase[] = [
  ['months and those before', `${GROWTH} ORDER BY a.month`],
  [
    'months three times',
    `${GROWTH} LEFT JOIN ${MONTHS} c ON c.month = a.month - interval '1 year' WHERE c.n IS NULL OR a.n > c.n`,
  ],
  [
    'months beside WITH',
    `WITH x AS (SELECT max(placed) AS last FROM orders) ${GROWTH} CROSS JOIN x WHERE a.month <= x.last`,
  ],
  [
    'groups under other names',
    `SELECT * FROM (SELECT customer, count(*) FROM parcels GROUP BY customer) a (c, n), (SELECT customer, count(*) FROM parcels GROUP BY customer) b (d, m) WHERE a.n > b.m`,
  ],
  [
    'groups of a query in WITH',
    `WITH x AS (SELECT customer, id FROM parcels WHERE id > 1) SELECT a.n, b.customer FROM (SELECT customer, count(*) AS n FROM x GROUP BY customer) a JOIN (SELECT customer, count(*) AS n FROM x GROUP BY customer) b ON b.n = a.n`,
  ],
  [
    'distinct rows within another query',
    `SELECT c.id FROM customers c WHERE EXISTS (SELECT FROM (SELECT DISTINCT customer, due FROM parcels) a JOIN (SELECT DISTINCT customer, due FROM parcels) b USING (due) WHERE a.customer = c.id AND b.customer <> c.id)`,
  ],
].map(([name = '', sql = '']): FormCase => ({ name: `the same groups twice: ${name}`, form: 'sharedQueries', sql }));

export const NO_SHARED: readonly FormCase[] = [
  ['of other rows', GROWTH.replace("'void'", "'open'")],
  ['that are rows', GROWTH.replaceAll(MONTHS, '(SELECT placed AS month, 1 AS n, amount AS total FROM orders)')],
  [
    'of which some hang upon the row around',
    `SELECT c.id, (SELECT count(*) FROM (SELECT state, count(*) AS n FROM orders WHERE customer = c.id GROUP BY state) a JOIN (SELECT state, count(*) AS n FROM orders WHERE customer = c.id GROUP BY state) b ON a.n = b.n) FROM customers c`,
  ],
  ['that differ each time', GROWTH.replaceAll("state <> 'void'", 'random() < 0.5')],
  [
    'beside a query that calls itself',
    `WITH RECURSIVE x AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM x WHERE i < 3) ${GROWTH} CROSS JOIN x`,
  ],
].map(([name = '', sql = '']): FormCase => ({ name: `groups ${name}, twice`, form: 'sharedQueries', sql }));
