import type { FormCase } from './form-cases.js';

const VALUES = 'count(*) AS n, sum(o.amount) AS total, avg(o.id) AS mean, count(o.discount), max(o.discount)';
const JOINED = "FROM orders o JOIN customers c ON c.id = o.customer WHERE o.state <> 'void'";
const FINEST = `SELECT c.region, o.state, ${VALUES} ${JOINED} GROUP BY c.region, o.state`;
const MIDDLE = `SELECT c.region, NULL, ${VALUES} ${JOINED} GROUP BY c.region`;
const WHOLE = `SELECT NULL, NULL, ${VALUES} ${JOINED}`;
const ALL = `${FINEST} UNION ALL ${MIDDLE} UNION ALL ${WHOLE}`;

const BOTH: readonly (readonly [string, string])[] = [
  ['down to all rows', ALL],
  ['from two to one', `${MIDDLE} UNION ALL ${FINEST}`],
  [
    'with constants in the place of keys, ordered and cut',
    `SELECT o.mood::text AS mood, o.state, count(*) AS n FROM orders o GROUP BY 1, 2
     UNION ALL SELECT 'any', o.state, count(*) FROM orders o GROUP BY 1, 2
     UNION ALL SELECT 'any', 'all', count(*) FROM orders o ORDER BY n DESC, mood, state LIMIT 4`,
  ],
  [
    'with other aliases, and names of levels',
    `SELECT 'state' AS level, customer AS id, state, count(amount) FROM orders WHERE discount IS NULL GROUP BY customer, state
     UNION ALL SELECT 'customer', x.customer, NULL, count(x.amount) FROM orders x WHERE x.discount IS NULL GROUP BY x.customer
     UNION ALL SELECT 'all', 0, NULL, count(y.amount) FROM orders AS y WHERE y.discount IS NULL`,
  ],
  [
    'of days and months, what is made of them beside',
    `SELECT date_trunc('month', o.placed) AS month, coalesce(c.region, 'nowhere') AS region, c.region || '!' AS loud, max(o.id) FROM orders o LEFT JOIN customers c ON c.id = o.customer GROUP BY date_trunc('month', o.placed), c.region
     UNION ALL SELECT date_trunc('month', o.placed), 'all', NULL, max(o.id) FROM orders o LEFT JOIN customers c ON c.id = o.customer GROUP BY 1`,
  ],
  [
    'within another query, of rows of a query in WITH',
    `WITH paid AS (SELECT o.id, o.customer, o.state FROM orders o WHERE o.amount > 1)
     SELECT t.state, t.n FROM (SELECT p.customer, p.state, count(*) AS n FROM paid p GROUP BY p.customer, p.state
     UNION ALL SELECT p.customer, NULL, count(*) FROM paid p GROUP BY p.customer) t WHERE t.n > 1 OR t.customer IS NULL`,
  ],
  ['of no rows', ALL.replaceAll("<> 'void'", "= 'none'")],
  [
    'whose least comes first',
    `SELECT NULL AS state, NULL AS customer, sum(o.id) FROM orders o UNION ALL SELECT o.state, NULL, sum(o.id) FROM orders o GROUP BY o.state
     UNION ALL SELECT o.state, o.customer::text, sum(o.id) FROM orders o GROUP BY o.state, o.customer::text`,
  ],
];

/** Levels of a report, each of the same rows. */
export const LEVEL_CASES: readonly FormCase[] = [
  ...BOTH.flatMap(([name, sql]) =>
    (['groupingLevels', 'levelsOfGroups'] as const).map((form): FormCase => ({ name: `levels ${name}`, form, sql })),
  ),
  ...[
    ['of values that are counted once', ALL.replaceAll('count(*)', 'count(DISTINCT o.customer)')],
    [
      'none of which is of all keys',
      `SELECT 'region' AS kind, c.region AS value, count(*) ${JOINED} GROUP BY c.region UNION ALL SELECT 'state', o.state, count(*) ${JOINED} GROUP BY o.state`,
    ],
  ].map(([name = '', sql = '']): FormCase => ({ name: `levels ${name}`, form: 'groupingLevels', sql })),
];

export const NO_LEVELS: readonly FormCase[] = [
  ['of other rows', ALL.replace("'void' GROUP BY c.region UNION", "'open' GROUP BY c.region UNION")],
  ['without equal rows', ALL.replaceAll('UNION ALL', 'UNION')],
  ['of groups that are chosen', ALL.replace('o.state UNION', 'o.state HAVING count(*) > 1 UNION')],
  ['that one key makes twice', `${MIDDLE} UNION ALL ${MIDDLE}`],
  ['of other values', ALL.replace('SELECT NULL, NULL, count(*)', 'SELECT NULL, NULL, count(o.discount)')],
  ['one of which lacks a value', ALL.replace('SELECT NULL, NULL, count(*)', 'SELECT NULL, NULL, NULL')],
  ['of numbers that may be written in several ways', ALL.replaceAll('c.region', 'o.amount')],
  [
    'of floating point',
    ALL.replaceAll('FROM orders o', 'FROM readings r, orders o').replaceAll('avg(o.id)', 'sum(r.value)'),
  ],
  ['with a list in no order', ALL.replaceAll('count(*) AS n', 'array_agg(o.id)')],
  [
    'by a constant alone',
    `SELECT c.region, 'x', count(*) ${JOINED} GROUP BY 1, 2 UNION ALL SELECT 'all', 'x', count(*) ${JOINED} GROUP BY 1, 2`,
  ],
  [
    'that give a key under the type of a text',
    `SELECT NULL, 'a', count(*) FROM items i GROUP BY i.product UNION ALL SELECT NULL, 'a', count(*) FROM items i UNION ALL SELECT i.note, 'b', count(*) FROM items i GROUP BY i.note`,
  ],
  [
    'in which a key of another stands',
    `SELECT o.placed, date_trunc('month', o.placed), count(*) FROM orders o GROUP BY o.placed UNION ALL SELECT NULL, date_trunc('month', o.placed), count(*) FROM orders o GROUP BY 2`,
  ],
  [
    'of types that are put together',
    `SELECT o.customer, count(*) FROM orders o GROUP BY o.customer UNION ALL SELECT 1.5, count(*) FROM orders o`,
  ],
  ['that give several rows', ALL.replaceAll('count(*) AS n', 'generate_series(1, count(*)) AS n')],
  ['that differ each time', ALL.replaceAll("<> 'void'", "<> 'void' AND random() > 0.5")],
  ['of rows, not of groups', `${MIDDLE} UNION ALL SELECT c.region, NULL, 1, 2, 3, 4, 5 ${JOINED}`],
  [
    'that make a table',
    ALL.replace(
      'AS mean, count(o.discount), max(o.discount) FROM',
      'AS mean, count(o.discount), max(o.discount) INTO levels FROM',
    ),
  ],
  ['cut in no order', `${ALL} LIMIT 2`],
  ['one of which is cut', `(${FINEST} ORDER BY 1 LIMIT 1) UNION ALL ${WHOLE}`],
].flatMap(([name = '', sql = '']) =>
  (['groupingLevels', 'levelsOfGroups'] as const).map((form): FormCase => ({ name: `levels ${name}`, form, sql })),
);
