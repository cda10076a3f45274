import type { FormCase } from './form-cases.js';

const STATES = 'SELECT DISTINCT o.state FROM orders o';

/** The values of a column that leads an index. */
export const STEP_CASES: readonly FormCase[] = [
  ['each', STATES],
  [
    'each, of a varchar that is asked for, under another name',
    'SELECT DISTINCT note AS remark FROM items WHERE note IS NOT NULL',
  ],
  ['each, of some rows', `${STATES} WHERE o.amount > 3 AND (o.discount IS NULL OR o.discount < 5)`],
  ['each, of an enum', 'SELECT mood FROM orders WHERE mood IS NOT NULL GROUP BY mood ORDER BY mood DESC'],
  ['each, the last two', `${STATES} ORDER BY state DESC LIMIT 2`],
  ['each, behind one, by place', 'SELECT state AS s FROM public.orders GROUP BY 1 ORDER BY 1 OFFSET 1'],
  ['each, by the name that it is given', 'SELECT placed AS id FROM orders GROUP BY placed ORDER BY id DESC'],
  ['their number', 'SELECT count(DISTINCT state) FROM orders WHERE amount > 3'],
  ['their number, of what may be NULL', 'SELECT count(DISTINCT note) AS notes FROM items'],
  [
    'each, for each row of another query',
    `SELECT c.id, s.state FROM customers c, LATERAL (${STATES} WHERE o.customer = c.id) s`,
  ],
  [
    'their number, for each row of another query',
    'SELECT c.id, (SELECT count(DISTINCT o.state) FROM orders o WHERE o.customer = c.id) AS states FROM customers c',
  ],
  ['each, beside those of another query', `${STATES} UNION ALL SELECT c.region FROM customers c`],
  ['each, behind those of another query', `SELECT c.region FROM customers c EXCEPT ${STATES}`],
  [
    'each, within a query of WITH',
    `WITH keys AS (${STATES}) SELECT k.state AS key FROM keys k WHERE k.state <> 'void'`,
  ],
  ['each, that another column is none of', `SELECT c.id FROM customers c WHERE c.name NOT IN (${STATES})`],
].map(([name = '', sql = '']): FormCase => ({ name: `the values of a column: ${name}`, form: 'stepsOverKeys', sql }));

export const NO_STEP: readonly FormCase[] = [
  ['of what may be NULL', 'SELECT DISTINCT mood FROM orders'],
  ['of what is asked to be NULL', 'SELECT DISTINCT mood FROM orders WHERE mood IS NULL'],
  ['without an index', 'SELECT DISTINCT amount FROM orders'],
  ['of two columns', 'SELECT DISTINCT state, customer FROM orders'],
  ['of groups with counts', 'SELECT state, count(*) FROM orders GROUP BY state'],
  ['of chosen groups', 'SELECT state FROM orders GROUP BY state HAVING count(*) > 1'],
  ['of groups by another column too', 'SELECT state FROM orders GROUP BY state, customer'],
  ['that are counted of chosen rows', 'SELECT count(DISTINCT state) FILTER (WHERE amount > 1) FROM orders'],
  ['that are counted with repeats', 'SELECT count(state) FROM orders'],
  ['that are counted beside another count', 'SELECT count(DISTINCT state), count(*) FROM orders'],
  ['of a join', 'SELECT DISTINCT o.state FROM orders o JOIN customers c ON c.id = o.customer'],
  ['by a subquery', `${STATES} WHERE o.customer IN (SELECT id FROM customers)`],
  ['that are any two', `${STATES} LIMIT 2`],
  ['of an expression', 'SELECT DISTINCT upper(state) FROM orders'],
  ['in the order of an expression', 'SELECT state FROM orders GROUP BY state ORDER BY lower(state)'],
  [
    'in an order by the table’s column of the name that it is given',
    'SELECT id AS state FROM orders GROUP BY id ORDER BY orders.state',
  ],
  ['of a sample', 'SELECT DISTINCT state FROM orders TABLESAMPLE SYSTEM (50)'],
  ['of the row around', 'SELECT o.id FROM orders o WHERE EXISTS (SELECT DISTINCT o.state FROM items)'],
  ['that differ each time', `${STATES} WHERE random() > 0.5`],
  ['beside a query of its own', `WITH orders AS (SELECT name AS state FROM customers) ${STATES}`],
].map(([name = '', sql = '']): FormCase => ({ name: `the values of a column, ${name}`, form: 'stepsOverKeys', sql }));
