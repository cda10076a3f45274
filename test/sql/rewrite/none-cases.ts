import type { FormCase } from './form-cases.js';

const LAST_OF_CUSTOMER = `SELECT o.id, o.state FROM orders o WHERE NOT EXISTS
  (SELECT 1 FROM orders x WHERE x.customer = o.customer AND x.placed > o.placed)`;
const WITHOUT_LATER = `SELECT o.id, o.state FROM orders o LEFT JOIN orders x ON x.customer = o.customer AND x.placed > o.placed
  WHERE x.id IS NULL`;

/** Rows that no other of their table and key comes after. */
export const NONE_CASES: readonly FormCase[] = [
  ['a later one', LAST_OF_CUSTOMER],
  [
    'one as late or later, under a condition',
    LAST_OF_CUSTOMER.replace('>', '>=').replace(')', " AND x.state = 'paid')"),
  ],
  ['an earlier one, of what may be NULL', LAST_OF_CUSTOMER.replace('x.placed > o.placed', 'o.shipped > x.shipped')],
  [
    'a later one by two columns',
    LAST_OF_CUSTOMER.replace('x.placed > o.placed', '(x.placed, x.id) > (o.placed, o.id)'),
  ],
  [
    'a later one, beside other conditions and tables',
    `SELECT c.name, o.* FROM customers c JOIN orders o ON o.customer = c.id
     WHERE c.region = 'a' AND o.amount > 1 AND NOT EXISTS (SELECT * FROM orders WHERE customer = o.customer AND id > o.id)`,
  ],
  ['a later one that a join would lead to', WITHOUT_LATER],
  [
    'a later one that a join would lead to, by a column that may be NULL',
    `SELECT p.id, count(*) FROM parcels p LEFT JOIN parcels q ON q.customer = p.customer AND q.sent > p.sent
     WHERE q.sent IS NULL GROUP BY p.id`,
  ],
  [
    'a later one that a join among others would lead to',
    `SELECT o.id, c.name FROM orders o LEFT JOIN orders x ON x.customer = o.customer AND x.id > o.id AND x.state <> 'void'
     JOIN customers c ON c.id = o.customer WHERE x.customer IS NULL AND c.credit > 1`,
  ],
].map(([name = '', sql = '']): FormCase => ({ name: `none but ${name}`, form: 'noneAfter', sql }));

export const NO_NONE: readonly FormCase[] = [
  ['that there is a later one', LAST_OF_CUSTOMER.replace('NOT EXISTS', 'EXISTS')],
  ['or not', LAST_OF_CUSTOMER.replace('WHERE NOT', 'WHERE o.amount > 1 OR NOT')],
  ['of another table', LAST_OF_CUSTOMER.replace('orders x', 'parcels x').replace('x.placed > o.placed', 'x.id > o.id')],
  ['by another column', LAST_OF_CUSTOMER.replace('> o.placed', '> o.shipped')],
  ['that the joined row is read', WITHOUT_LATER.replace('o.state', 'x.state')],
  ['that all columns of the joined row are given', WITHOUT_LATER.replace('o.id, o.state', '*')],
  ['of a joined column that may be NULL by itself', WITHOUT_LATER.replace('x.id IS NULL', 'x.discount IS NULL')],
  ['that there is a joined row', WITHOUT_LATER.replace('x.id IS NULL', 'x.id IS NOT NULL')],
  [
    'that the joined row is none or another',
    WITHOUT_LATER.replace('x.id IS NULL', "(x.id IS NULL OR x.state = 'open')"),
  ],
  ['that are kept without the other rows', WITHOUT_LATER.replace('LEFT JOIN', 'FULL JOIN')],
  ['of rows that a call multiplies', LAST_OF_CUSTOMER.replace('SELECT 1', 'SELECT generate_series(1, x.id)')],
  ['of rows that are cut', LAST_OF_CUSTOMER.replace('o.placed)', 'o.placed OFFSET 1)')],
  ['of groups', LAST_OF_CUSTOMER.replace('o.placed)', 'o.placed HAVING count(*) > 1)')],
  ['that differs each time', LAST_OF_CUSTOMER.replace('o.placed)', 'o.placed AND random() > 0.5)')],
].map(([name = '', sql = '']): FormCase => ({ name: `none ${name}`, form: 'noneAfter', sql }));
