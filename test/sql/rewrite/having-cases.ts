import type { FormCase } from './form-cases.js';

const orders = (outputs: string, having: string, where = '') =>
  `SELECT o.customer, ${outputs} FROM orders o ${where} GROUP BY o.customer HAVING ${having}`;
const items = (outputs: string, having: string) =>
  `SELECT i.order_id, ${outputs} FROM items i GROUP BY i.order_id HAVING ${having}`;

const NORTH = "o.customer IN (SELECT c.id FROM customers c WHERE c.region = 'a')";
const REFERRED = 'EXISTS (SELECT 1 FROM customers c WHERE c.referrer = o.customer)';

/** HAVING that asks for keys by subqueries. */
const KEYS = [
  orders('count(*) AS n', NORTH),
  orders('sum(o.amount) AS total', `count(*) > 1 AND ${REFERRED}`, "WHERE o.state = 'open'"),
  orders('count(*) AS n', `NOT ${REFERRED} AND (o.customer > 2 OR ${NORTH})`),
  orders('count(*) AS n', NORTH.replace(' IN ', ' NOT IN ').replace('c.id', 'c.referrer')),
  orders('count(*) AS n', 'customer IN (SELECT i.product FROM items i GROUP BY i.product HAVING count(*) >= 1)'),
  `SELECT o.state, c.region, max(o.amount) FROM orders o LEFT JOIN customers c ON c.id = o.customer GROUP BY 1, c.region
   HAVING EXISTS (SELECT * FROM items i WHERE i.note = c.region) OR c.region IS NULL ORDER BY 1, 2 LIMIT 3`,
];

const NOT_KEYS = [
  orders('count(*) AS n', 'EXISTS (SELECT 1 FROM customers c WHERE c.id > max(o.customer))'),
  orders('count(*) AS n', 'EXISTS (SELECT 1 FROM customers c WHERE c.id = o.customer AND c.credit > max(o.amount))'),
  orders('count(*) AS n', 'count(*) IN (SELECT c.id FROM customers c)'),
  orders('count(*) AS n', 'o.customer = (SELECT c.id FROM customers c)'),
  orders('count(*) AS n', 'EXISTS (SELECT 1 FROM customers)'),
  orders('count(*) AS n', `${NORTH} AND random() > 0.5`),
  orders('count(*) AS n', NORTH).replace('GROUP BY o.customer', 'GROUP BY ROLLUP (o.customer)'),
  orders('count(*) AS n', 'o.amount IN (SELECT c.credit FROM customers c)').replaceAll('o.customer', 'o.amount'),
  `SELECT o.id, count(*) FROM orders o GROUP BY o.id HAVING ${NORTH}`,
];

/** HAVING that asks for some row, with what nothing but such rows changes. */
const ROWS = [
  orders(
    `sum(CASE WHEN o.state = 'open' THEN 1 ELSE 0 END) AS n`,
    `sum(CASE WHEN o.state = 'open' THEN 1 ELSE 0 END) > 0`,
  ),
  orders(`count(*) FILTER (WHERE o.state = 'open') AS n`, `count(*) FILTER (WHERE o.state = 'open') > 0`),
  orders(`count(*) FILTER (WHERE o.state = 'open' AND o.amount > 1) AS n`, `bool_or(o.state = 'open')`),
  orders(`count(*) FILTER (WHERE o.state = 'open') AS n`, `2 <= count(CASE WHEN o.state = 'open' THEN 1 END)`),
  orders(`sum(CASE WHEN o.state = 'open' THEN o.amount ELSE 0 END) AS n`, `sum((o.state = 'open')::int) >= 1`),
  orders(`max(CASE WHEN o.discount > 1 THEN 1 ELSE 0 END) AS n`, `max(CASE WHEN o.discount > 1 THEN 1 ELSE 0 END) = 1`),
  orders(
    `sum(CASE WHEN o.discount > 1 THEN o.amount ELSE 0 END) AS n`,
    `sum(CASE WHEN o.discount > 1 THEN o.amount ELSE 0 END) > 2`,
  ),
  orders(
    `sum(CASE WHEN o.discount > 1 THEN o.discount END) AS n`,
    `sum(CASE WHEN o.discount > 1 THEN o.discount END) < 5`,
  ),
  orders(`avg(o.amount) FILTER (WHERE o.state = 'paid') AS mean`, `avg(o.amount) FILTER (WHERE o.state = 'paid') > 2`),
  orders(`max(o.placed) AS last`, `max(o.placed) >= timestamptz '2024-02-01Z'`),
  orders(
    `max(o.shipped) AS last, count(o.shipped) FILTER (WHERE o.shipped > timestamptz '2024-02-01Z')`,
    `max(o.shipped) > timestamptz '2024-02-01Z'`,
  ),
  orders(`min(o.id) AS first`, `min(o.id) < 3`, `WHERE o.state <> 'void'`),
  items(
    `count(i.quantity) AS n, sum(i.quantity) FILTER (WHERE i.quantity IS NOT NULL) AS total`,
    `count(i.quantity) > 0`,
  ),
  `SELECT c.id, count(o.id) AS n FROM customers c LEFT JOIN orders o ON o.customer = c.id GROUP BY c.id HAVING count(o.id) > 0`,
  `SELECT c.region FROM customers c GROUP BY c.region HAVING bool_or(c.credit > 1) ORDER BY bool_or(c.credit > 1), c.region`,
];

/** The same beside what all rows of a group change; its key is never NULL. */
const GROUPS = [
  items('count(*) AS n, sum(i.quantity) AS total', 'bool_or(i.price > 2)'),
  items('count(*) AS n', 'count(*) FILTER (WHERE i.product = 1) > 0 AND count(*) FILTER (WHERE i.product = 2) > 0'),
  items('array_agg(i.product ORDER BY i.product) AS n', 'max(i.product) > 2'),
  items('count(*) AS n', 'sum(CASE WHEN i.quantity > 1 THEN 1 ELSE 0 END) >= 2'),
  ...['count(DISTINCT i.product) = 2', 'count(DISTINCT i.product) >= 2', '1 < count(DISTINCT i.product)'].map(
    (having) =>
      `SELECT i.order_id, sum(i.quantity) AS total FROM items i WHERE i.product IN (1, 2) GROUP BY i.order_id HAVING ${having}`,
  ),
  `SELECT i.order_id FROM items i WHERE i.product = ANY (ARRAY[1, 2, 3]) AND i.price > 0 GROUP BY i.order_id HAVING count(DISTINCT i.product) = 3`,
  `SELECT c.id, c.name FROM customers c JOIN orders o ON o.customer = c.id WHERE o.state = 'open' OR o.state = 'paid' GROUP BY c.id HAVING count(DISTINCT o.state) = 2`,
  `SELECT c.id, count(*) FROM orders o JOIN customers c ON c.id = o.customer JOIN items i ON i.order_id = o.id WHERE c.credit > 0 AND i.product IN (1, 2) GROUP BY c.id HAVING 2 = count(DISTINCT i.product)`,
  `SELECT c.id FROM customers c JOIN orders o ON o.customer = c.id WHERE o.id IN (1, 2) GROUP BY c.id HAVING count(*) = 2`,
  ...['array_agg(i.product) @> ARRAY[1, 2]', 'array_agg(DISTINCT i.product) @> ARRAY[1, 2]::int[]'].map(
    (having) => `SELECT i.order_id, count(*) AS n FROM items i GROUP BY i.order_id HAVING ${having}`,
  ),
  `SELECT c.id FROM customers c JOIN orders o ON o.customer = c.id WHERE o.amount > 0 GROUP BY c.id HAVING array_agg(o.state) @> ARRAY['open', 'paid']`,
  `SELECT o.id, count(*) AS n FROM orders o JOIN items i ON i.order_id = o.id WHERE o.amount > 0 GROUP BY o.id HAVING min(i.product) = 1`,
  items('count(*) AS n, min(i.quantity) AS low', 'min(i.quantity) >= 2'),
  items('count(*) AS n', 'min(i.product) BETWEEN 2 AND 3'),
  items(
    'count(*) AS n',
    'max(i.product) FILTER (WHERE i.price > 1) < 3 AND max(i.product) FILTER (WHERE i.price > 1) > 0',
  ),
  `SELECT count(*) AS n FROM (${items('min(i.product) AS low', 'count(*) > 1')}) t WHERE t.low >= 2`,
  `WITH t AS (SELECT i.order_id, max(i.product) AS high FROM items i GROUP BY i.order_id)
   SELECT o.state, t.high FROM orders o JOIN t ON t.order_id = o.id WHERE high <= 2 AND high > 0`,
];

export const HAVING_CASES: readonly FormCase[] = [
  ...KEYS.map((sql): FormCase => ({ name: `keys in WHERE of ${sql}`, form: 'keysOfHaving', sql })),
  ...ROWS.map((sql): FormCase => ({ name: `rows of ${sql}`, form: 'rowsOfHaving', sql })),
  ...GROUPS.map((sql): FormCase => ({ name: `keys of ${sql}`, form: 'groupsOfHaving', sql })),
];

/** What other rows of the group change, or what no row need meet. */
const NOT_ROWS = [
  orders('count(*) AS n', `bool_or(o.state = 'open')`),
  orders(`sum(CASE WHEN o.state = 'open' THEN o.discount ELSE 0 END) AS n`, `bool_or(o.state = 'open')`),
  orders(`bool_or(o.state = 'open' AND o.discount > 1) AS n`, `bool_or(o.state = 'open')`),
  orders('bool_and(o.discount > 1) AS n', 'bool_or(o.discount > 1)'),
  orders('min(o.placed) AS first', `max(o.placed) >= timestamptz '2024-02-01Z'`),
  orders('max(o.amount) AS n', 'max(o.amount) >= 1'),
  orders('max(o.placed) AS last', `max(o.placed) < timestamptz '2024-02-01Z'`),
  orders(`count(*) FILTER (WHERE o.state = 'open') AS n`, `count(*) FILTER (WHERE o.state = 'open') < 3`),
  orders(`count(*) FILTER (WHERE o.state = 'open') AS n`, `count(*) FILTER (WHERE o.state = 'open') >= 0`),
  orders(`count(*) FILTER (WHERE o.state = 'open') AS n`, `count(*) FILTER (WHERE o.state = 'open') > max(o.id)`),
  orders(
    `count(*) FILTER (WHERE o.state = 'open') AS n`,
    `count(*) FILTER (WHERE o.state = 'open') > 0 OR o.customer = 1`,
  ),
  orders(
    `max(CASE WHEN o.discount > 1 THEN -1 ELSE 0 END) AS n`,
    `max(CASE WHEN o.discount > 1 THEN -1 ELSE 0 END) = 1`,
  ),
  orders('count(o) AS n', 'count(o) > 0'),
  orders(`count(*) FILTER (WHERE o.state::int = 1) AS n`, `bool_or(o.state::int = 1)`),
  orders(`count(*) FILTER (WHERE o.state = 'open') AS n`, `bool_or(o.state = 'open')`)
    .replace('GROUP BY', 'GROUP BY ROLLUP')
    .replace('BY ROLLUP o.customer', 'BY ROLLUP (o.customer)'),
  `SELECT count(*) FILTER (WHERE o.state = 'open') FROM orders o HAVING bool_or(o.state = 'open')`,
  `SELECT r.sensor, sum(r.value) FILTER (WHERE r.flag) FROM readings r GROUP BY r.sensor HAVING bool_or(r.flag)`,
  `SELECT c.id FROM customers c WHERE EXISTS (SELECT i.product FROM items i GROUP BY i.product HAVING bool_or(c.credit > 1))`,
];

/** NULL is a group, too, which nothing is equal to. */
const NOT_GROUPS = [
  orders('count(*) AS n', `bool_or(o.state = 'open')`),
  `SELECT o.customer, count(*) FROM items i LEFT JOIN orders o ON o.id = i.order_id GROUP BY o.id HAVING bool_or(i.price > 1)`,
  items('count(*) AS n', 'bool_or(i.price > (SELECT avg(price) FROM items))'),
  ...[
    'count(*) = 2',
    'count(DISTINCT i.order_id) = 2',
    'count(DISTINCT i.product) = 1',
    'count(DISTINCT i.product) <= 2',
  ].map((having) => `SELECT i.order_id FROM items i WHERE i.product IN (1, 2) GROUP BY i.order_id HAVING ${having}`),
  ...['i.product IN (1, i.quantity)', 'i.product NOT IN (1, 2)', 'i.product + 0 IN (1, 2)'].map(
    (where) => `SELECT i.order_id FROM items i WHERE ${where} GROUP BY i.order_id HAVING count(DISTINCT i.product) = 2`,
  ),
  `SELECT c.id FROM customers c JOIN orders o ON o.customer = c.id WHERE o.amount IN (1, 2) GROUP BY c.id HAVING count(DISTINCT o.amount) = 2`,
  ...[
    'array_agg(i.product) <@ ARRAY[1, 2]',
    'array_agg(i.product) FILTER (WHERE i.price > 1) @> ARRAY[1, i.order_id]',
    'array_agg(i.product) @> ARRAY[1, NULL]',
    'array_agg(i.product) && ARRAY[1, 2]',
    'ARRAY[1, 2] @> array_agg(i.product)',
  ].map((having) => `SELECT i.order_id FROM items i GROUP BY i.order_id HAVING ${having}`),
  `SELECT o.customer FROM orders o WHERE o.id IN (1, 2) GROUP BY o.customer HAVING count(*) = 2`,
  items('count(*) AS n', 'min(i.product) <> 2'),
  `SELECT o.id, t.low FROM orders o LEFT JOIN (SELECT i.order_id, min(i.product) AS low FROM items i GROUP BY i.order_id) t ON t.order_id = o.id WHERE t.low > 2 OR t.low IS NULL`,
  `SELECT t.low, t.n FROM (SELECT i.order_id, min(i.product) AS low, row_number() OVER (ORDER BY i.order_id) AS n FROM items i GROUP BY i.order_id) t WHERE t.low > 2`,
  `SELECT t.low FROM (SELECT i.order_id, min(i.product) AS low FROM items i GROUP BY i.order_id ORDER BY i.order_id LIMIT 2) t WHERE t.low > 2`,
];

export const NO_HAVING: readonly FormCase[] = [
  ...NOT_KEYS.map((sql): FormCase => ({ name: `keys in WHERE of ${sql}`, form: 'keysOfHaving', sql })),
  ...NOT_ROWS.map((sql): FormCase => ({ name: `rows of ${sql}`, form: 'rowsOfHaving', sql })),
  ...NOT_GROUPS.map((sql): FormCase => ({ name: `keys of ${sql}`, form: 'groupsOfHaving', sql })),
];
