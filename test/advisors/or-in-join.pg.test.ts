import { expect, it } from 'vitest';
import { orInJoin } from '../../src/advisors/or-in-join.js';
import { checkStatementCases, findingsIn } from './statements/check-statement-cases.js';

const JOINED = 'SELECT c.email, o.state FROM customers c JOIN orders o ON o.customer_id = c.id OR o.parent_id = c.id';

checkStatementCases(orInJoin, [
  { name: 'finds OR in the condition of a join', sql: JOINED, finds: [''] },
  {
    name: 'finds it in WHERE, with rows counted',
    sql: 'SELECT c.country, count(*) FROM customers c, orders o WHERE (o.customer_id = c.id OR o.parent_id = c.id) GROUP BY c.country',
    finds: [''],
  },
  {
    name: 'finds it where a key that rows are grouped by settles what is given',
    sql: 'SELECT c.email, count(*) AS n FROM customers c JOIN orders o ON o.customer_id = c.id OR o.parent_id = c.id WHERE c.country IS NOT NULL GROUP BY c.id',
    finds: [''],
  },
  {
    name: 'finds a list of columns',
    sql: 'SELECT c.email FROM orders o JOIN customers c ON c.id IN (o.customer_id, o.cents)',
    finds: [''],
  },
  {
    name: 'is silent about OR of one table',
    sql: `SELECT c.email FROM customers c JOIN orders o ON o.customer_id = c.id AND (o.state = 'open' OR o.cents < 3)`,
    finds: [],
  },
  { name: 'is silent about what is another row each time', sql: `${JOINED} AND random() < 0.5`, finds: [] },
  { name: 'is silent where rows are locked', sql: `${JOINED} FOR UPDATE`, finds: [] },
  {
    name: 'is silent where one equality has to hold',
    sql: 'SELECT c.email FROM customers c JOIN orders o ON o.customer_id = c.id AND (o.cents = c.id OR o.parent_id = c.id)',
    finds: [],
  },
]);

it('joins once for each condition and leaves out what was met', async () => {
  const [found] = await findingsIn(orInJoin, { sql: JOINED });
  expect(found?.fix?.rewrittenQuery?.replaceAll(/\s+/g, ' ')).toContain('UNION ALL');
  expect(found?.fix?.rewrittenQuery?.replaceAll(/\s+/g, ' ')).toContain('AND o.customer_id = c.id IS NOT TRUE');
});
