import type { FormCase } from './form-cases.js';

/** Set operations that have another form. */
export const SET_CASES: readonly FormCase[] = [
  [
    'rows that two queries have in common, each once',
    'SELECT o.customer FROM orders o WHERE o.amount > 1 INTERSECT SELECT c.id FROM customers c WHERE c.credit > 1',
  ],
  [
    'values that may be NULL in the one query alone',
    'SELECT c.id AS who FROM customers c INTERSECT SELECT p.customer FROM parcels p ORDER BY who DESC LIMIT 3',
  ],
  [
    'rows that the other query has not, of values that may be NULL',
    "SELECT p.customer FROM parcels p EXCEPT SELECT c.id FROM customers c WHERE c.region = 'a'",
  ],
  [
    'pairs, of queries that group and cut',
    `(SELECT o.id, o.state FROM orders o ORDER BY o.id LIMIT 3)
     EXCEPT (SELECT i.order_id, o.state FROM items i JOIN orders o ON o.id = i.order_id GROUP BY i.order_id, o.state HAVING count(*) > 1)`,
  ],
  [
    'arms of another set operation',
    'SELECT c.id FROM customers c INTERSECT SELECT o.customer FROM orders o UNION ALL (SELECT p.id FROM parcels p EXCEPT SELECT i.order_id FROM items i)',
  ],
  [
    'a subquery that asks for the row around it, under the same names',
    'SELECT c.id FROM customers c WHERE EXISTS (SELECT o.id FROM orders o WHERE o.customer = c.id EXCEPT SELECT o.order_id FROM items o WHERE o.quantity > c.credit)',
  ],
].map(([name = '', sql = '']): FormCase => ({ name, form: 'commonRows', sql }));

/** Set operations that have none. */
export const NO_SET: readonly FormCase[] = [
  ['columns that may be NULL in both', 'SELECT p.customer FROM parcels p INTERSECT SELECT o.customer FROM orders o'],
  [
    'an outer join, which makes its columns NULL',
    'SELECT o.customer FROM orders o INTERSECT SELECT c.id FROM orders x LEFT JOIN customers c ON c.id = x.customer',
  ],
  ['numbers that are written in several ways', 'SELECT o.amount FROM orders o INTERSECT SELECT i.price FROM items i'],
  ['rows that are counted', 'SELECT o.id FROM orders o INTERSECT ALL SELECT i.order_id FROM items i'],
  ['columns of two types', 'SELECT o.id FROM orders o EXCEPT SELECT o.amount FROM orders o'],
  ['what is no column', 'SELECT o.id FROM orders o EXCEPT SELECT i.order_id + 1 FROM items i'],
  ['a star', 'SELECT * FROM orders EXCEPT SELECT * FROM orders'],
  ['what differs each time', 'SELECT o.id FROM orders o EXCEPT SELECT i.order_id FROM items i WHERE random() > 0.5'],
].map(([name = '', sql = '']): FormCase => ({ name, form: 'commonRows', sql }));
