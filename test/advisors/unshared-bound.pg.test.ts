import { unsharedBound } from '../../src/advisors/unshared-bound.js';
import { checkStatementCases } from './statements/check-statement-cases.js';

const lines = (rest: string) => `SELECT o.id, l.product FROM orders o JOIN order_lines l ON l.order_id = o.id ${rest}`;
const FULL = `SELECT coalesce(a.id, b.id) AS id, a.n, b.lines FROM (SELECT id, count(*) AS n FROM orders GROUP BY id) a
  FULL JOIN (SELECT order_id AS id, count(*) AS lines FROM order_lines GROUP BY order_id) b ON b.id = a.id WHERE coalesce(a.id, b.id) < 300`;

checkStatementCases(unsharedBound, [
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
