import type { FormCase } from './form-cases.js';

const cases = (all: readonly (readonly [string, string])[]): readonly FormCase[] =>
  all.map(([name, sql]) => ({ name: `a presence that DISTINCT counts: ${name}`, form: 'countedPresence', sql }));

const OF_REGION = 'FROM customers c LEFT JOIN orders o ON o.customer = c.id';

/** Tables that are joined to see, by `count(DISTINCT …)`, which rows have any of theirs. */
export const PRESENCE_CASES: readonly FormCase[] = cases([
  [
    'the column that they are joined by',
    `SELECT c.region, count(DISTINCT c.id) AS n, count(DISTINCT o.customer) AS some ${OF_REGION} AND o.state = 'paid' GROUP BY c.region`,
  ],
  [
    'of all rows',
    `SELECT count(DISTINCT c.id), count(DISTINCT o.customer) AS some, max(c.joined) ${OF_REGION} AND o.placed >= c.joined`,
  ],
  [
    'by CASE and FILTER',
    `SELECT c.region, count(DISTINCT CASE WHEN o.amount > 1 AND o.discount IS NOT NULL THEN c.id END) AS cut, count(DISTINCT c.name) FILTER (WHERE o.state = 'open') ${OF_REGION} GROUP BY 1 ORDER BY 1`,
  ],
  [
    'in HAVING and a share',
    `SELECT c.region, round(100.0 * count(DISTINCT o.customer) / count(DISTINCT c.id), 1) AS share ${OF_REGION} WHERE c.credit IS NOT NULL GROUP BY c.region HAVING count(DISTINCT o.customer) > 0 ORDER BY share DESC, c.region`,
  ],
  [
    'several tables, of rows that share the value',
    `SELECT a.state, count(DISTINCT a.customer) AS n, count(DISTINCT b.customer) AS open, count(DISTINCT p.customer) AS sent FROM orders a LEFT JOIN orders b ON b.customer = a.customer AND b.state = 'open' LEFT JOIN parcels p ON p.customer = a.customer AND p.sent IS NOT NULL WHERE a.amount > 0 GROUP BY a.state`,
  ],
  [
    'behind inner joins',
    `SELECT c.region, o.state, count(DISTINCT i.order_id) AS filled FROM customers c JOIN orders o ON o.customer = c.id LEFT JOIN items i ON i.order_id = o.id AND i.quantity > 1 GROUP BY c.region, o.state`,
  ],
  [
    'of a table beside one that is no more than joined',
    `SELECT count(DISTINCT c.id) AS n, count(DISTINCT o.customer), count(DISTINCT p.due) FROM customers c LEFT JOIN orders o ON o.customer = c.id LEFT JOIN parcels p ON p.customer = c.id`,
  ],
  [
    'names without tables',
    `SELECT region, count(DISTINCT customer) FROM customers LEFT JOIN parcels ON customer = customers.id AND due > joined GROUP BY region`,
  ],
]);

export const NO_PRESENCE: readonly FormCase[] = cases([
  [
    'beside a count of the joined rows',
    `SELECT c.region, count(*), count(DISTINCT o.customer) ${OF_REGION} GROUP BY c.region`,
  ],
  ['a column of its own', `SELECT c.region, count(DISTINCT o.id) ${OF_REGION} GROUP BY c.region`],
  ['those without', `SELECT c.region, count(DISTINCT c.id) FILTER (WHERE o.id IS NULL) ${OF_REGION} GROUP BY c.region`],
  [
    'with something else for those without',
    `SELECT c.region, count(DISTINCT CASE WHEN o.amount > 1 THEN c.id ELSE 0 END) ${OF_REGION} GROUP BY c.region`,
  ],
  [
    'a table that WHERE asks',
    `SELECT c.region, count(DISTINCT o.customer) ${OF_REGION} WHERE o.state = 'paid' OR c.credit > 1 GROUP BY c.region`,
  ],
  ['a table that is grouped by', `SELECT o.state, count(DISTINCT o.customer) ${OF_REGION} GROUP BY o.state`],
  [
    'a table of which more is joined',
    `SELECT count(DISTINCT o.customer), count(DISTINCT i.product) ${OF_REGION} LEFT JOIN items i ON i.order_id = o.id`,
  ],
  [
    'a column of another type',
    'SELECT c.region, count(DISTINCT r.value) FROM customers c LEFT JOIN readings r ON r.value = c.id GROUP BY c.region',
  ],
  [
    'what may fail',
    `SELECT c.region, count(DISTINCT CASE WHEN 1 / o.amount > 1 THEN c.id END) ${OF_REGION} GROUP BY c.region`,
  ],
  [
    'beside an extreme that may be written in two ways',
    `SELECT max(c.credit), count(DISTINCT o.customer) ${OF_REGION}`,
  ],
  [
    'an inner join',
    'SELECT c.region, count(DISTINCT o.customer), count(DISTINCT c.id) FROM customers c JOIN orders o ON o.customer = c.id GROUP BY c.region',
  ],
]);

/** Those that are joined by keys alone. */
export const KEYED_PRESENCE_CASES: readonly FormCase[] = PRESENCE_CASES.filter(
  ({ sql }) => !/o\.placed >= c\.joined|due > joined/.test(sql),
).map((each) => ({ ...each, form: 'countedKeys' }));

export const NO_KEYED_PRESENCE: readonly FormCase[] = [
  ...NO_PRESENCE,
  ...PRESENCE_CASES.filter((each) => !KEYED_PRESENCE_CASES.some(({ sql }) => sql === each.sql)),
].map((each) => ({ ...each, form: 'countedKeys' }));
