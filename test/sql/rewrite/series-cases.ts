import type { FormCase } from './form-cases.js';

const DAYS = "generate_series(date '2024-01-01', date '2024-01-31', interval '1 day')";
const PARCELS = '(SELECT due AS day, count(*) AS n FROM parcels GROUP BY due)';
const SENT = '(SELECT sent::date AS day, count(*) AS n FROM parcels GROUP BY 1)';
const perDay = (series: string, condition: string, table = 'orders o') =>
  `SELECT d, count(o.id) AS n FROM ${series} d LEFT JOIN ${table} ON ${condition} GROUP BY d ORDER BY d`;

/** Rows that are held against the moments of a series, about the tables of the pairs. */
export const SERIES_CASES: readonly FormCase[] = [
  ...[
    ['a day between two columns', perDay(DAYS, "d BETWEEN o.placed AND o.shipped AND o.state = 'open'")],
    ['a date or none', perDay(DAYS, 'o.due <= d AND (o.due IS NULL OR o.due >= d)', 'parcels o')],
    ['an end that may be missing', perDay(DAYS, "o.placed <= d AND coalesce(o.shipped, 'infinity') >= d")],
    ['a column from a day to the next', perDay(DAYS, "o.placed >= d AND o.placed < d + interval '1 day'")],
    [
      'hours of the session',
      perDay(
        "generate_series(timestamptz '2024-03-30', '2024-04-01', '1 hour')",
        "o.placed >= d AND o.placed < d + interval '1 hour'",
      ),
    ],
    [
      'times without a zone',
      perDay(
        "generate_series('2024-01-01'::timestamp, '2024-03-01', '6 hours')",
        "d <= o.placed AND o.placed < d + interval '1 month'",
      ),
    ],
    [
      'months in which it stands',
      perDay(
        "generate_series(date_trunc('month', timestamp '2024-01-15'), date '2024-06-01', '1 month')",
        "o.due >= d::date AND o.due < (d + interval '1 month')::date",
        'parcels o',
      ),
    ],
    [
      'the days up to today',
      perDay("generate_series(current_date - 30, current_date, '1 day')", 'o.due = d', 'parcels o'),
    ],
    [
      'the days up to now, by a comma',
      "SELECT d, o.id FROM generate_series(now() - interval '30 days', now(), '1 day') AS g (d), parcels o WHERE o.due >= d AND o.sent < d + interval '2 days'",
    ],
    [
      'a series of a query',
      "SELECT x.day, count(o.id) FROM (SELECT d::date AS day FROM generate_series(date '2024-01-01', date '2024-01-31', '1 day') d) x LEFT JOIN parcels o ON o.due >= x.day AND o.due < x.day + 7 GROUP BY x.day",
    ],
    [
      'groups of days, in WITH',
      `WITH days AS (SELECT ${DAYS}::date AS day) SELECT days.day, coalesce(p.n, 0) AS n FROM days LEFT JOIN ${PARCELS} p ON p.day = days.day`,
    ],
    [
      'what is missing on its side',
      `SELECT o.id, d FROM orders o LEFT JOIN ${DAYS} d ON o.placed BETWEEN d AND d + interval '1 day'`,
    ],
    [
      'a series that ends before it begins',
      perDay("generate_series(date '2024-02-01', date '2024-01-01', '1 day')", 'o.placed >= d'),
    ],
    ['a series without an end', perDay("generate_series(date '2024-02-01', NULL::date, '1 day')", 'o.placed >= d')],
  ].map(([name = '', sql = '']): FormCase => ({ name: `a series of moments and ${name}`, form: 'seriesBounds', sql })),
  ...[
    [
      'grouped by it',
      `WITH days AS (SELECT ${DAYS}::date AS day) SELECT days.day, p.n FROM days LEFT JOIN ${SENT} p ON p.day = days.day`,
    ],
    [
      'grouped by it in WITH',
      `WITH p AS ${SENT} SELECT d::date AS day, p.n FROM ${DAYS} d LEFT JOIN p ON p.day = d::date ORDER BY 1`,
    ],
    [
      'in months',
      `SELECT d, p.n FROM generate_series(date '2024-01-01', date '2024-06-01', '1 month') d LEFT JOIN (SELECT date_trunc('month', sent) AS month, count(*) AS n FROM parcels GROUP BY 1) p ON p.month = d`,
    ],
    [
      'truncated',
      `SELECT d, p.n FROM ${DAYS} d JOIN (SELECT date_trunc('day', sent) AS day, count(*) AS n FROM parcels GROUP BY 1) p ON p.day = d`,
    ],
  ].map(
    ([name = '', sql = '']): FormCase => ({
      name: `a series of days beside moments ${name}`,
      form: 'seriesWithin',
      sql,
    }),
  ),
];

export const NO_SERIES: readonly FormCase[] = [
  [
    'leads backwards',
    perDay("generate_series(date '2024-01-31', date '2024-01-01', interval '-1 day')", 'o.placed >= d'),
  ],
  [
    'leads where a parameter says',
    perDay("generate_series(date '2024-01-01', date '2024-01-31', $1)", 'o.placed >= d'),
  ],
  ['is of numbers', perDay('generate_series(1, 30)', 'o.id <= d')],
  [
    'begins with each row',
    "SELECT o.id, d FROM orders o, LATERAL generate_series(o.placed, o.shipped, interval '1 day') d WHERE o.placed <= d",
  ],
  [
    'begins with the first row',
    "WITH days AS (SELECT generate_series(min(due)::timestamp, max(due)::timestamp, '1 day') AS day FROM parcels) SELECT days.day, p.id FROM days JOIN parcels p ON p.due = days.day",
  ],
  [
    'begins where a subquery says',
    perDay(
      "generate_series((SELECT min(due) FROM parcels)::date, date '2024-01-31', interval '1 day')",
      'o.placed >= d',
    ),
  ],
  ['may be missing on both sides', perDay(DAYS, 'o.placed = d').replace('LEFT', 'FULL')],
  ['rows need not meet', perDay(DAYS, "o.placed >= d OR o.state = 'open' OR o.id IN (SELECT order_id FROM items)")],
  ['rows are other than', perDay(DAYS, 'o.placed <> d AND NOT o.shipped >= d')],
  ['is another function’s', perDay('pg_catalog.unnest(ARRAY[now()])', 'o.placed >= d')],
].map(([name = '', sql = '']): FormCase => ({ name: `a series that ${name}`, form: 'seriesBounds', sql }));
