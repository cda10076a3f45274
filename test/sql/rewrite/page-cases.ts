import type { FormCase } from './form-cases.js';

const COUNTS = 'SELECT o.customer, count(*) AS n, round(avg(o.amount), 2) AS mean FROM orders o GROUP BY o.customer';
const page = (beside: string, outputs = 'c.id, c.name, t.*', rest = '') =>
  `SELECT ${outputs} FROM customers c LEFT JOIN ${beside} ${rest} ORDER BY c.joined DESC NULLS LAST, c.id LIMIT 2`;
const GROUPS = page(`(${COUNTS}) t ON t.customer = c.id`, 'c.id, c.name, t.n, t.mean');

export const PAGE_CASES: readonly FormCase[] = [
  ...[
    GROUPS,
    page(`(${COUNTS}) t ON c.id = t.customer AND t.n > 1`, 'c.id, t.n', `WHERE c.region IS NOT NULL`),
    page(
      '(SELECT customer, state, count(*) AS n FROM orders GROUP BY 1, 2) t ON t.customer = c.id AND t.state = c.name',
    ),
    page(
      `(SELECT o.customer AS who, max(o.placed) AS last FROM orders o GROUP BY o.customer HAVING count(*) > 1) t ON t.who = c.id`,
    ),
    `WITH t AS (${COUNTS}) ${page('t ON t.customer = c.id', 'c.name, t.n')}`,
    `${GROUPS.replace('ORDER', `LEFT JOIN (SELECT customer AS of_customer, count(*) AS parcels FROM parcels GROUP BY customer) p ON p.of_customer = c.id ORDER`)}`,
  ].flatMap((sql): FormCase[] => [
    { name: `keys of ${sql}`, form: 'keysOfPage', sql },
    { name: `groups of ${sql}`, form: 'groupsOfPage', sql },
  ]),
  ...[
    page('(SELECT max(o.placed) AS last FROM orders o) t ON true'),
    page('(SELECT max(o.placed) AS last FROM orders o) t ON false'),
    page(
      'LATERAL (SELECT o.id AS last FROM orders o WHERE o.customer = c.id ORDER BY o.placed DESC, o.id LIMIT 1) t ON true',
    ),
    page('LATERAL (SELECT sum(o.amount) AS total FROM orders o WHERE o.customer = c.id) t ON t.total > 1'),
  ].map((sql): FormCase => ({ name: `keys of ${sql}`, form: 'keysOfPage', sql })),
];

/** Several rows for one of the page, or none where there has to be one. */
export const NO_PAGE: readonly FormCase[] = [
  page('(SELECT customer, state, count(*) AS n FROM orders GROUP BY 1, 2) t ON t.customer = c.id'),
  page(`(${COUNTS}) t ON t.customer <= c.id`, 'c.id, t.n'),
  page(`(${COUNTS}) t ON t.customer = t.n`, 'c.id, t.n'),
  page(`(${COUNTS}) t ON t.n = c.id`, 'c.id, t.n'),
  page(`(SELECT customer, unnest(array[1, 2]) AS n FROM orders GROUP BY customer) t ON t.customer = c.id`),
  page(
    '(SELECT customer, count(*) AS n FROM orders GROUP BY GROUPING SETS ((customer), (customer))) t ON t.customer = c.id',
  ),
  page(
    '(SELECT o.customer + 0.5 - 0.5 AS who, count(*) AS n FROM orders o GROUP BY o.customer + 0.5 - 0.5) t ON t.who::int = c.id',
  ),
  page('(SELECT customer, count(*) AS n FROM orders GROUP BY customer UNION ALL SELECT 1, 2) t ON t.customer = c.id'),
  page('LATERAL (SELECT o.id AS last FROM orders o WHERE o.customer = c.id ORDER BY o.placed LIMIT 2) t ON true'),
  page(
    'LATERAL (SELECT o.id AS last FROM orders o WHERE o.customer = c.id ORDER BY o.placed FETCH FIRST 1 ROW WITH TIES) t ON true',
  ),
  GROUPS.replace('LEFT JOIN', 'JOIN'),
  GROUPS.replace('ORDER', 'WHERE t.n > 1 ORDER'),
  GROUPS.replace('c.joined DESC', 't.n DESC'),
].map((sql): FormCase => ({ name: sql, form: 'keysOfPage', sql }));
