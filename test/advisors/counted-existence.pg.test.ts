import { countedExistence } from '../../src/advisors/counted-existence.js';
import { checkStatementCases } from './statements/check-statement-cases.js';

checkStatementCases(countedExistence, [
  {
    name: 'finds a count that is held against nothing',
    sql: `SELECT count(*) > 0 AS any FROM orders WHERE state = 'done'`,
    finds: [''],
  },
  {
    name: 'finds it within CASE',
    sql: `SELECT CASE WHEN 0 = count(*) THEN 'none' ELSE 'some' END FROM order_lines WHERE amount = 3`,
    finds: [''],
  },
  {
    name: 'is silent where the number is given too',
    sql: `SELECT count(*) > 0, count(*) FROM orders WHERE state = 'done'`,
    finds: [],
  },
  { name: 'is silent about more than one', sql: `SELECT count(*) > 1 FROM orders WHERE state = 'done'`, finds: [] },
  { name: 'is silent about groups', sql: `SELECT count(*) > 0 FROM orders GROUP BY state`, finds: [] },
  {
    name: 'is silent about a count of a column',
    sql: `SELECT count(shipped_at) > 0 FROM orders WHERE state = 'done'`,
    finds: [],
  },
]);
