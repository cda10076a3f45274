const CHOSEN = `SELECT o.id, c.name FROM orders o JOIN customers c ON c.id = o.customer WHERE c.region = 'a' AND`;

/** Statements that look rows of several columns up in a list of groups, each under what is peculiar to it. */
export const LISTS_OF_ROWS: readonly (readonly [name: string, sql: string])[] = [
  [
    'with the most of each',
    `${CHOSEN} (o.customer, o.amount) IN (SELECT x.customer, max(x.amount) FROM orders x GROUP BY x.customer)`,
  ],
  [
    'the key behind what is made of them, NULL among the rows that may be',
    `SELECT p.id FROM parcels p WHERE p.id > 1 AND ROW(p.id, p.customer) IN (SELECT min(x.id), x.customer FROM orders x GROUP BY x.customer HAVING count(*) > 1)`,
  ],
  [
    'with two values under one name',
    `${CHOSEN} (o.amount, o.discount, o.customer) IN (SELECT max(x.amount), max(x.discount), x.customer FROM orders x GROUP BY x.customer)`,
  ],
  [
    'by two keys',
    `${CHOSEN} (o.state, o.customer, o.amount) IN (SELECT x.state, x.customer, min(x.amount) FROM orders x GROUP BY x.customer, x.state)`,
  ],
  [
    'that are distinct',
    `DELETE FROM customers c WHERE c.region = 'a' AND (c.id, c.credit) IN (SELECT DISTINCT o.customer, o.amount FROM orders o)`,
  ],
];

/** Statements with the first or last row of each group, whose key tells its group. */
export const ROWS_OF_GROUPS: readonly (readonly [name: string, sql: string])[] = [
  ['a list of last rows', `${CHOSEN} o.id IN (SELECT max(x.id) FROM orders x GROUP BY x.state)`],
  [
    'a list of first rows of some',
    `DELETE FROM orders WHERE amount > 1 AND id IN (SELECT min(x.id) FILTER (WHERE discount IS NULL) FROM orders x WHERE placed > '2025-01-01Z' GROUP BY state HAVING count(*) > 1)`,
  ],
  [
    'a list of the dearest rows',
    `${CHOSEN} o.id IN (SELECT DISTINCT ON (x.state) x.id FROM orders x ORDER BY x.state, x.amount DESC, x.id)`,
  ],
  [
    'joined last rows',
    `SELECT o.*, t.last FROM orders o JOIN (SELECT max(x.id) AS last, count(*) AS n FROM orders x GROUP BY x.state) t ON t.last = o.id AND t.n > 1 WHERE o.amount > 1`,
  ],
  [
    'joined last rows whose key is given beside them',
    `SELECT c.name, o.amount FROM customers c JOIN orders o ON o.customer = c.id JOIN (SELECT customer, state, max(id) AS id FROM orders GROUP BY state, customer) t ON t.id = o.id WHERE c.region = 'a'`,
  ],
  [
    'last rows that may be missing',
    `SELECT o.id, t.last FROM orders o LEFT JOIN (SELECT max(x.id) AS last FROM orders x GROUP BY x.state, x.customer) t ON t.last = o.id WHERE o.amount > 1`,
  ],
  [
    'numbered rows',
    `SELECT o.id, o.amount FROM orders o JOIN (SELECT x.id, row_number() OVER (PARTITION BY x.state ORDER BY x.amount DESC, x.id) AS n FROM orders x) t ON t.id = o.id WHERE t.n < 3 AND o.customer = 1`,
  ],
];

/** Such statements whose groups are not told. */
export const NO_ROWS_OF_GROUPS: readonly (readonly [name: string, sql: string])[] = [
  ['a key of groups that may be NULL', `${CHOSEN} o.id IN (SELECT max(x.id) FROM orders x GROUP BY x.discount)`],
  ['what is none of the row’s', `${CHOSEN} o.id IN (SELECT count(x.id) FROM orders x GROUP BY x.state)`],
  ['another table', `${CHOSEN} o.id IN (SELECT max(x.id) FROM parcels x GROUP BY x.id)`],
  ['another column', `${CHOSEN} o.customer IN (SELECT max(x.id) FROM orders x GROUP BY x.state)`],
  ['groups of several kinds', `${CHOSEN} o.id IN (SELECT max(x.id) FROM orders x GROUP BY ROLLUP (x.state))`],
  [
    'a star',
    `SELECT * FROM orders o JOIN (SELECT max(x.id) AS last FROM orders x GROUP BY x.state) t ON t.last = o.id WHERE o.amount > 1`,
  ],
  [
    'something else under the name of the key',
    `SELECT o.id, t.state FROM orders o JOIN (SELECT max(x.id) AS last, min(x.state) AS state FROM orders x GROUP BY x.state) t ON t.last = o.id WHERE o.amount > 1`,
  ],
  [
    'the name of the key twice',
    `SELECT o.id FROM orders o JOIN (SELECT max(x.id) AS last, x.state, x.customer AS state FROM orders x GROUP BY x.state, x.customer HAVING count(*) > 1) t ON t.last = o.id WHERE o.amount > 1`,
  ],
  [
    'the groups as rows',
    `SELECT o.id, t FROM orders o JOIN (SELECT max(x.id) AS last FROM orders x GROUP BY x.state) t ON t.last = o.id WHERE o.amount > 1`,
  ],
];

/** Such statements whose groups cannot be asked for. */
export const NO_LISTS_OF_ROWS: readonly (readonly [name: string, sql: string])[] = [
  [
    'no part of which is a key',
    `${CHOSEN} (o.customer, o.amount) IN (SELECT min(x.customer), max(x.amount) FROM orders x GROUP BY x.state)`,
  ],
  [
    'that none may be in',
    `${CHOSEN} (o.customer, o.amount) NOT IN (SELECT x.customer, max(x.amount) FROM orders x GROUP BY x.customer)`,
  ],
  [
    'whose key bears the name of what is made of them',
    `${CHOSEN} (o.amount, o.customer) IN (SELECT max(x.amount) AS customer, x.customer FROM orders x GROUP BY x.customer)`,
  ],
  [
    'that a star gives',
    `${CHOSEN} (o.customer, o.amount) IN (SELECT t.* FROM (SELECT x.customer, max(x.amount) FROM orders x GROUP BY x.customer) t GROUP BY 1, 2)`,
  ],
  [
    'that are cut',
    `${CHOSEN} (o.customer, o.amount) IN (SELECT x.customer, max(x.amount) FROM orders x GROUP BY x.customer LIMIT 2)`,
  ],
  [
    'whose key is compared as another type',
    `SELECT c.id FROM customers c WHERE c.region = 'a' AND (c.id::float8, c.credit) IN (SELECT x.customer, max(x.amount) FROM orders x GROUP BY x.customer)`,
  ],
  [
    'where a column of the rows around bears the name of the key',
    `SELECT o.id FROM orders o JOIN customers c ON c.id > 1 WHERE c.region = 'a' AND customer = c.id AND (o.id + 0, o.amount) IN (SELECT x.customer, max(x.amount) FROM parcels p JOIN orders x ON x.id = p.id GROUP BY x.customer)`,
  ],
];
