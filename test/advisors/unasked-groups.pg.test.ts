import { expect, it } from 'vitest';
import { unaskedGroups } from '../../src/advisors/unasked-groups.js';
import { checkStatementCases, findingsIn } from './statements/check-statement-cases.js';

const TOTALS = 'SELECT customer_id, sum(cents) AS total FROM orders GROUP BY customer_id';
const OF_ONE = `SELECT c.email, t.total FROM customers c JOIN (${TOTALS}) t ON t.customer_id = c.id WHERE c.email = 'User812@Example.org'`;
const LATEST = `SELECT o.*, row_number() OVER (PARTITION BY o.customer_id ORDER BY o.placed_at DESC) AS place FROM orders o`;
const STATED = `SELECT o.id, o.customer_id, count(l.line_no) AS lines FROM orders o LEFT JOIN order_lines l ON l.order_id = o.id GROUP BY o.id`;
const DEAR = `SELECT customer_id, sum(CASE WHEN cents > 4995 THEN 1 ELSE 0 END) AS dear FROM orders GROUP BY customer_id HAVING sum(CASE WHEN cents > 4995 THEN 1 ELSE 0 END) > 0`;

checkStatementCases(unaskedGroups, [
  { name: 'finds groups of all customers, joined to one', sql: OF_ONE, finds: [''] },
  { name: 'finds them where the groups are optional', sql: OF_ONE.replace('JOIN', 'LEFT JOIN'), finds: [''] },
  {
    name: 'finds them in WITH',
    sql: OF_ONE.replace(`(${TOTALS})`, 'totals').replace('SELECT', `WITH totals AS (${TOTALS}) SELECT`),
    finds: [''],
  },
  {
    name: 'finds rows that are numbered for all customers',
    sql: `SELECT c.email, o.id FROM (${LATEST}) o, customers c WHERE c.id = o.customer_id AND o.place = 1 AND c.country IS NULL AND c.id < 50`,
    finds: [''],
  },
  {
    name: 'finds groups by a primary key, joined by another column of its row',
    sql: `SELECT c.email, o.id, o.lines FROM customers c JOIN (${STATED}) o ON o.customer_id = c.id WHERE c.email = 'User9@Example.org'`,
    finds: [''],
  },
  {
    name: 'finds a list of groups in which chosen customers are looked up',
    sql: `SELECT id FROM customers WHERE email = 'User812@Example.org' AND id IN (SELECT customer_id FROM orders GROUP BY customer_id HAVING count(*) > 3)`,
    finds: [''],
  },
  {
    name: 'finds the last rows of all groups, of which those of chosen customers are looked up',
    sql: `SELECT o.* FROM orders o WHERE o.customer_id IN (SELECT id FROM customers WHERE email = 'User812@Example.org') AND o.id IN (SELECT max(id) FROM orders GROUP BY customer_id)`,
    finds: [''],
  },
  { name: 'is silent where all customers are asked for', sql: OF_ONE.replace(/ WHERE.*/, ''), finds: [] },
  {
    name: 'is silent where the groups decide which customers are given',
    sql: OF_ONE.replace(/ WHERE.*/, ' WHERE t.total > 100'),
    finds: [],
  },
  {
    name: 'is silent where rows of one group may differ in what is joined',
    sql: `SELECT c.email, t.total FROM customers c JOIN (SELECT max(customer_id) AS last, state, sum(cents) AS total FROM orders GROUP BY state) t ON t.last = c.id WHERE c.id = 5`,
    finds: [],
  },
  {
    name: 'is silent where the groups are kept and the customers optional',
    sql: `SELECT c.email, t.total FROM (${TOTALS}) t LEFT JOIN customers c ON t.customer_id = c.id AND c.email = 'User812@Example.org'`,
    finds: [],
  },
  {
    name: 'is silent where the groups are cut',
    sql: OF_ONE.replace('GROUP BY customer_id', 'GROUP BY customer_id LIMIT 7'),
    finds: [],
  },
  {
    name: 'finds groups of which HAVING keeps those of some keys',
    sql: `SELECT customer_id, count(*) AS n FROM orders GROUP BY customer_id HAVING customer_id IN (SELECT id FROM customers WHERE email = 'User812@Example.org')`,
    finds: ['having'],
  },
  { name: 'finds groups of which HAVING keeps those with some row', sql: DEAR, finds: ['having'] },
  {
    name: 'finds them where all of their rows are counted',
    sql: 'SELECT o.customer_id, count(*), sum(l.amount) FROM orders o JOIN order_lines l ON l.order_id = o.id GROUP BY o.customer_id HAVING max(o.cents) > 4998',
    finds: ['having'],
  },
  {
    name: 'finds groups whose least value is asked for around them',
    sql: 'SELECT count(*) FROM (SELECT customer_id, min(cents) AS low FROM orders GROUP BY customer_id) t WHERE t.low > 4998',
    finds: ['having'],
  },
  {
    name: 'is silent where HAVING keeps groups without such a row',
    sql: DEAR.replace(') > 0', ') = 0'),
    finds: [],
  },
]);

it('groups the rows alone that HAVING asks for', async () => {
  const [found] = await findingsIn(unaskedGroups, { sql: DEAR });
  expect(found?.fix?.rewrittenQuery?.replaceAll(/\s+/g, ' ')).toMatchInlineSnapshot(
    `"SELECT customer_id, sum(CASE WHEN cents > 4995 THEN 1 ELSE 0 END) AS dear FROM orders WHERE cents > 4995 GROUP BY customer_id"`,
  );
  expect(found?.message.replaceAll(/cost of [\d,]+ to [\d,]+|twin [\d.]+/g, '…')).toMatchInlineSnapshot(
    `"It puts all rows together by a key and then keeps the groups of which some row meets a condition. Written with the condition on the rows a call falls from a planner … as planned on … There was no counterexample in 600 generated databases."`,
  );
});

it('has each of the rows that are chosen ask for its groups, where that costs least', async () => {
  const [found] = await findingsIn(unaskedGroups, { sql: OF_ONE });
  expect(found?.fix?.rewrittenQuery?.replaceAll(/\s+/g, ' ')).toMatchInlineSnapshot(
    `"SELECT c.email, t.total FROM customers AS c JOIN LATERAL ( SELECT customer_id, sum(cents) AS total FROM orders WHERE orders.customer_id = c.id GROUP BY customer_id ) AS t ON t.customer_id = c.id WHERE c.email = 'User812@Example.org'"`,
  );
  expect(found?.message.replaceAll(/cost of [\d,]+ to [\d,]+|twin [\d.]+/g, '…')).toMatchInlineSnapshot(
    `"It puts all rows together by a key and then keeps those of a few keys, which the tables beside them choose. Written with LATERAL, the groups of each row beside them a call falls from a planner … as planned on … There was no counterexample in 600 generated databases."`,
  );
});
