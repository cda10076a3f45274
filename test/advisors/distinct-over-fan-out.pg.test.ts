import { distinctOverFanOut } from '../../src/advisors/distinct-over-fan-out.js';
import { checkStatementCases } from './statements/check-statement-cases.js';

checkStatementCases(distinctOverFanOut, [
  {
    name: 'is silent where both tables are given',
    sql: 'SELECT DISTINCT c.country, o.state FROM customers c JOIN orders o ON o.customer_id = c.id',
    finds: [],
  },
  {
    name: 'is silent without DISTINCT',
    sql: 'SELECT c.id FROM customers c JOIN orders o ON o.customer_id = c.id',
    finds: [],
  },
  {
    name: 'is silent where each row meets one',
    sql: 'SELECT DISTINCT o.state FROM orders o JOIN customers c ON c.id = o.customer_id',
    finds: [],
  },
]);
