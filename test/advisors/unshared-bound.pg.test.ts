import { unsharedBound } from '../../src/advisors/unshared-bound.js';
import { checkStatementCases } from './statements/check-statement-cases.js';

const lines = (rest: string) => `SELECT o.id, l.product FROM orders o JOIN order_lines l ON l.order_id = o.id ${rest}`;
const FULL = `SELECT coalesce(a.id, b.id) AS id, a.n, b.lines FROM (SELECT id, count(*) AS n FROM orders GROUP BY id) a
  FULL JOIN (SELECT order_id AS id, count(*) AS lines FROM order_lines GROUP BY order_id) b ON b.id = a.id WHERE coalesce(a.id, b.id) < 300`;

const DAYS = "generate_series(date '2026-01-05', date '2026-01-12', interval '1 day')";

checkStatementCases(unsharedBound, [
  {
    name: 'finds rows that are held against each day of a series',
    sql: `SELECT d::date AS day, count(o.id) AS n FROM ${DAYS} d LEFT JOIN orders o ON d BETWEEN o.placed_at AND o.shipped_at AND o.state = 'open' GROUP BY d ORDER BY d`,
    finds: ['series'],
  },
  {
    name: 'finds groups of all days beside a few',
    sql: `WITH days AS (SELECT ${DAYS}::date AS day) SELECT days.day, p.n FROM days LEFT JOIN (SELECT placed_at::date AS day, count(*) AS n FROM orders GROUP BY 1) p ON p.day = days.day`,
    finds: ['series'],
  },
  {
    name: 'is silent where the series bounds them already',
    sql: `SELECT d::date AS day, count(o.id) AS n FROM ${DAYS} d LEFT JOIN orders o ON d >= o.placed_at AND d <= o.shipped_at AND o.placed_at <= date '2026-01-12' AND o.placed_at >= date '2026-01-04' AND o.shipped_at >= date '2026-01-05' GROUP BY d`,
    finds: [],
  },
  {
    name: 'finds a range on one of two equal columns',
    sql: 'SELECT o.id, sum(l.amount) FROM orders o JOIN order_lines l ON l.order_id = o.id WHERE o.id < 300 AND o.cents > 1 GROUP BY o.id',
    finds: [''],
  },
  { name: 'is silent where both are bounded', sql: lines('WHERE o.id < 300 AND l.order_id < 300'), finds: [] },
  { name: 'is silent about one value, which PostgreSQL passes on', sql: lines('WHERE o.id = 300'), finds: [] },
  {
    name: 'finds a range on the key of a full join',
    sql: FULL,
    finds: ['full join'],
  },
  {
    name: 'is silent where it bounds both sides of it',
    sql: FULL.replaceAll(' GROUP BY', ' WHERE id < 300 GROUP BY').replace(
      'WHERE id < 300 GROUP BY order_id',
      'WHERE order_id < 300 GROUP BY order_id',
    ),
    finds: [],
  },
  {
    name: 'is silent about a column that may be missing',
    sql: 'SELECT count(*) FROM orders o LEFT JOIN order_lines l ON l.order_id = o.id WHERE o.id < 300 AND l.amount IS NULL',
    finds: [],
  },
  {
    name: 'is silent about another type',
    sql: 'SELECT count(*) FROM line_notes n JOIN orders o ON o.id = n.id WHERE n.id < 300',
    finds: [],
  },
]);
