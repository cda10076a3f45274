import type { FormCase } from './form-cases.js';

const COUNTS = 'SELECT o.customer, count(*) AS n, round(avg(o.amount), 2) AS mean FROM orders o GROUP BY o.customer';
const page = (beside: string, outputs = 'c.id, c.name, t.*', rest = '') =>
  `SELECT ${outputs} FROM customers c LEFT JOIN ${beside} ${rest} ORDER BY c.joined DESC NULLS LAST, c.id LIMIT 2`;
const GROUPS = page(`(${COUNTS}) t ON t.customer = c.id`, 'c.id, c.name, t.n, t.mean');

/** Rows that are joined to those of a page, and grouped to one for each of these. */
const counted = (outputs: string, beside: string) =>
  `SELECT c.id, c.name, ${outputs} FROM customers c ${beside} GROUP BY c.id ORDER BY c.joined DESC NULLS LAST, c.id LIMIT 2`;

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
    ...[
      counted('count(o.id) AS n, max(o.placed)', 'LEFT JOIN orders o ON o.customer = c.id'),
      counted(
        "count(*), array_agg(o.id ORDER BY o.id) FILTER (WHERE o.state = 'open')",
        'LEFT JOIN orders o ON o.customer = c.id LEFT JOIN items i ON i.order_id = o.id AND i.quantity > 0',
      ),
      counted('count(o.id)', "LEFT JOIN orders o ON o.customer = c.id WHERE c.region = 'a'").replace(
        'GROUP BY c.id',
        'GROUP BY 1',
      ),
    ],
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
  ...[
    counted('count(o.id) AS n', 'JOIN orders o ON o.customer = c.id'),
    counted('count(o.id) AS n', "LEFT JOIN orders o ON o.customer = c.id WHERE o.state = 'open'"),
    counted('count(o.id) AS n', 'LEFT JOIN orders o ON o.customer = c.id').replace('LIMIT', ', n LIMIT'),
    counted('count(o.id) AS n', 'LEFT JOIN orders o ON o.customer = c.id').replace(
      'BY c.joined',
      'BY count(*), c.joined',
    ),
    counted('o.state, count(o.id) AS n', 'LEFT JOIN orders o ON o.customer = c.id').replace(
      'GROUP BY c.id',
      'GROUP BY c.id, o.state',
    ),
    counted('count(o.id) AS n', 'LEFT JOIN orders o ON o.customer = c.id').replace(
      'GROUP BY c.id',
      'GROUP BY c.id HAVING count(o.id) > 0',
    ),
    counted('count(o.id) AS n', 'LEFT JOIN orders o ON o.customer = c.id').replace(
      'GROUP BY c.id',
      'GROUP BY ROLLUP (c.id)',
    ),
    counted('count(o.id) AS n', 'LEFT JOIN orders o ON o.customer = c.id')
      .replace('LIMIT', 'FETCH FIRST')
      .replace(/2$/, '2 ROWS WITH TIES'),
    `SELECT o.id, c.name, count(*) FROM orders o JOIN customers c ON c.id = o.customer GROUP BY c.id, o.id ORDER BY o.placed, o.id LIMIT 2`,
    `SELECT c.region, c.joined, count(*) FROM customers c GROUP BY c.region, c.joined ORDER BY c.joined LIMIT 2 OFFSET 1`,
  ],
  GROUPS.replace('LEFT JOIN', 'JOIN'),
  GROUPS.replace('ORDER', 'WHERE t.n > 1 ORDER'),
  GROUPS.replace('c.joined DESC', 't.n DESC'),
].map((sql): FormCase => ({ name: sql, form: 'keysOfPage', sql }));
