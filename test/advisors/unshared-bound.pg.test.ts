import { unsharedBound } from '../../src/advisors/unshared-bound.js';
import { checkStatementCases } from './statements/check-statement-cases.js';

const lines = (rest: string) => `SELECT o.id, l.product FROM orders o JOIN order_lines l ON l.order_id = o.id ${rest}`;

checkStatementCases(unsharedBound, [
  {
    name: 'finds a range on one of two equal columns',
    sql: 'SELECT o.id, sum(l.amount) FROM orders o JOIN order_lines l ON l.order_id = o.id WHERE o.id < 300 AND o.cents > 1 GROUP BY o.id',
    finds: [''],
  },
  { name: 'is silent where both are bounded', sql: lines('WHERE o.id < 300 AND l.order_id < 300'), finds: [] },
  { name: 'is silent about one value, which PostgreSQL passes on', sql: lines('WHERE o.id = 300'), finds: [] },
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
