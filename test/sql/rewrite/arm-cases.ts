import type { FormCase } from './form-cases.js';

/** What happened to orders, parcels and customers. */
const arms = (union = 'UNION ALL', where = '') =>
  `SELECT 'order' AS what, o.id, o.placed AS at, o.amount FROM orders o ${where}
   ${union} SELECT 'parcel', p.id, p.sent, NULL FROM parcels p`;
const feed = (order = 'at DESC, what, id', union = 'UNION ALL', rest = 'LIMIT 3') =>
  `${arms(union)} ORDER BY ${order} ${rest}`;

/** Pages of several queries that each can be cut. */
export const ARM_CASES: readonly FormCase[] = [
  feed(),
  feed('what, id', 'UNION', 'LIMIT 2 OFFSET 1'),
  feed('3 NULLS FIRST, 1 DESC, 2'),
  feed('id DESC, what, at NULLS LAST', 'UNION', 'OFFSET 2 ROWS FETCH FIRST 2 ROWS ONLY'),
  feed('amount NULLS FIRST, id, what'),
  `${arms('UNION', "WHERE o.state = 'open'")} UNION ALL SELECT 'customer'::text, c.id, NULL, c.credit FROM customers c ORDER BY what, at, id LIMIT 4`,
  `SELECT 1 AS source, o.id, c.name FROM orders o JOIN customers c ON c.id = o.customer UNION SELECT 2, p.id, c.name FROM parcels p LEFT JOIN customers c ON c.id = p.customer ORDER BY name, source, id DESC LIMIT 3`,
  `SELECT p.sent AS id, p.id AS sent, 'p' AS kind FROM parcels p UNION ALL SELECT o.shipped, o.id, 'o' FROM orders o ORDER BY id DESC, sent, kind LIMIT 2`,
  `WITH due AS (SELECT 1 AS n) SELECT 'a' AS what, o.id FROM orders o WHERE o.id > (SELECT n FROM due) UNION SELECT 'b', c.id FROM customers c ORDER BY id, what LIMIT 2`,
  ...['at DESC', 'at DESC, what', 'amount, id'].map((order) => feed(order)),
  feed('at DESC', 'UNION ALL', 'LIMIT 2 OFFSET 1').replace("'parcel'", "'order'"),
  `SELECT 'a' AS what, o.id FROM orders o JOIN items i ON i.order_id = o.id UNION ALL SELECT 'b', p.id FROM parcels p ORDER BY id LIMIT 2`,
  `SELECT 'a' AS what, o.id FROM customers c LEFT JOIN orders o ON o.customer = c.id UNION ALL SELECT 'b', p.id FROM parcels p ORDER BY what, id NULLS FIRST LIMIT 2`,
  `SELECT f.id, f.at, c.name FROM (${arms()}) f LEFT JOIN customers c ON c.id = f.id ORDER BY f.at DESC, f.id LIMIT 3`,
  `SELECT f.*, c.name, d.region AS place FROM (${arms('UNION ALL', "WHERE o.state = 'open'")}) f LEFT JOIN customers c ON c.id = f.id AND c.credit > 1 LEFT JOIN customers d ON d.id = f.id ORDER BY f.what, f.at NULLS FIRST LIMIT 2 OFFSET 1`,
  `WITH feed AS (${arms()}) SELECT f.id AS number, c.name FROM feed f LEFT JOIN customers c ON f.id = c.id ORDER BY number DESC LIMIT 2`,
  `WITH feed AS (${arms()}) SELECT id, at FROM feed ORDER BY at DESC, id LIMIT 2`,
].map((sql): FormCase => ({ name: `the first rows of each: ${sql}`, form: 'cutArms', sql }));

/** Ties of rows that may be one, orders that are not the arms’ own, and rows that are not the tables’. */
export const NO_ARMS: readonly FormCase[] = [
  ['ties within an arm', feed('at DESC, what', 'UNION')],
  ['ties between arms', feed('at DESC, id', 'UNION')],
  [
    'ties of some with an arm by themselves',
    `${arms()} UNION SELECT 'customer', c.id, NULL, c.credit FROM customers c ORDER BY at LIMIT 2`,
  ],
  ['constants that are one', feed(undefined, 'UNION').replace("'parcel'", "'order'")],
  ['a constant of another type', feed(undefined, 'UNION').replace("'parcel'", 'NULL')],
  ['an expression in the order', feed().replace('p.sent', "p.sent + interval '1 day'")],
  ['a type that another becomes', feed().replace('p.sent', 'p.due')],
  [
    'a cast constant beside columns',
    feed('id, what, at').replace('NULL FROM', '1::float8 FROM').replace('id, what, at', 'amount, id, what'),
  ],
  [
    'a type whose values run together',
    `SELECT 'a' AS what, r.value, o.id FROM readings r, orders o UNION SELECT 'b', 1, p.id FROM parcels p ORDER BY value, what, id LIMIT 2`,
  ],
  [
    'rows that a join repeats',
    `SELECT 'a' AS what, o.id FROM orders o JOIN items i ON i.order_id = o.id UNION SELECT 'b', p.id FROM parcels p ORDER BY id, what LIMIT 2`,
  ],
  [
    'a key that an outer join may leave out',
    `SELECT 'a' AS what, o.id FROM customers c LEFT JOIN orders o ON o.customer = c.id UNION SELECT 'b', p.id FROM parcels p ORDER BY id, what LIMIT 2`,
  ],
  [
    'groups',
    `SELECT 'a' AS what, o.id, count(*) FROM orders o GROUP BY o.id UNION ALL SELECT 'b', p.id, 1 FROM parcels p ORDER BY id, what LIMIT 2`,
  ],
  [
    'a window',
    `SELECT 'a' AS what, o.id, row_number() OVER (ORDER BY o.placed) FROM orders o UNION ALL SELECT 'b', p.id, 1 FROM parcels p ORDER BY id, what LIMIT 2`,
  ],
  [
    'several rows for each',
    `SELECT 'a' AS what, p.id, unnest(p.labels) FROM parcels p UNION ALL SELECT 'b', o.id, 'x' FROM orders o ORDER BY id, what LIMIT 2`,
  ],
  ['chance', `${arms('UNION ALL', 'WHERE random() > 0.5')} ORDER BY at, what, id LIMIT 2`],
  [
    'an arm that is cut',
    `(SELECT 'a' AS what, o.id FROM orders o ORDER BY o.placed, o.id LIMIT 3) UNION ALL SELECT 'b', p.id FROM parcels p ORDER BY id, what LIMIT 2`,
  ],
  ['another set operation', feed('at DESC, what, id', 'EXCEPT')],
  ['ties on the page', feed('at DESC, what, id', 'UNION', 'FETCH FIRST 2 ROWS WITH TIES')],
  ...[
    [
      'rows that a join leaves out',
      `SELECT f.id FROM (${arms()}) f JOIN customers c ON c.id = f.id ORDER BY f.id LIMIT 2`,
    ],
    [
      'rows that a join repeats beside them',
      `SELECT f.id FROM (${arms()}) f LEFT JOIN items i ON i.order_id = f.id ORDER BY f.id LIMIT 2`,
    ],
    ['rows that a condition leaves out', `SELECT f.id FROM (${arms()}) f WHERE f.at IS NOT NULL ORDER BY f.id LIMIT 2`],
    [
      'the order of what is beside them',
      `SELECT f.id FROM (${arms()}) f LEFT JOIN customers c ON c.id = f.id ORDER BY c.name, f.id LIMIT 2`,
    ],
    [
      'a name that is given to what is beside them',
      `SELECT f.id AS number, c.credit AS id FROM (${arms()}) f LEFT JOIN customers c ON c.id = f.id ORDER BY id LIMIT 2`,
    ],
    [
      'a name that a star gives to what is beside them',
      `SELECT f.at, c.* FROM (${arms()}) f LEFT JOIN customers c ON c.id = f.id ORDER BY id LIMIT 2`,
    ],
    ['groups of them', `SELECT f.id, count(*) FROM (${arms()}) f GROUP BY f.id ORDER BY f.id LIMIT 2`],
    ['different ones of them', `SELECT DISTINCT f.id FROM (${arms()}) f ORDER BY f.id LIMIT 2`],
    ['numbers of them', `SELECT f.id, row_number() OVER (ORDER BY f.at) FROM (${arms()}) f ORDER BY f.id LIMIT 2`],
    ['several rows for each of them', `SELECT f.id, generate_series(1, 2) FROM (${arms()}) f ORDER BY f.id LIMIT 2`],
    [
      'an equality of two types beside them',
      `SELECT f.id FROM (${arms()}) f LEFT JOIN customers c ON c.id = f.amount ORDER BY f.id LIMIT 2`,
    ],
    [
      'those of a UNION further in',
      `SELECT f.id, f.at FROM (${arms('UNION')}) f LEFT JOIN customers c ON c.id = f.id ORDER BY f.at LIMIT 2`,
    ],
  ],
  ['no page', feed('at DESC, what, id', 'UNION', 'OFFSET 2')],
  ['all rows', feed('at DESC, what, id', 'UNION', 'LIMIT ALL')],
  ['a page of computed length', feed('at DESC, what, id', 'UNION', 'LIMIT (SELECT 2)')],
  ['more rows than are counted', feed('at DESC, what, id', 'UNION', 'LIMIT 2147483647 OFFSET 1')],
  ['all columns', `SELECT * FROM customers UNION SELECT * FROM customers ORDER BY id LIMIT 2`],
].map(([name = '', sql = '']): FormCase => ({ name, form: 'cutArms', sql }));
