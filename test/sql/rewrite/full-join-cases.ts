import type { FormCase } from './form-cases.js';

const PLACED = '(SELECT customer, count(*) AS n, max(shipped) AS last FROM orders GROUP BY customer)';
const SENT = '(SELECT customer, count(*) AS n FROM parcels WHERE id > 1 GROUP BY customer)';
const JOINED = `SELECT coalesce(a.customer, b.customer) AS customer, a.n, b.n AS sent FROM ${PLACED} a FULL JOIN ${SENT} b ON a.customer = b.customer`;
const MERGED = `FROM ${PLACED} a FULL JOIN ${SENT} b USING (customer)`;
const DAYS = `WITH a AS (SELECT placed::date AS day, count(*) AS n FROM orders GROUP BY 1),
  b AS (SELECT sent::date AS day, count(*) AS n FROM parcels WHERE sent IS NOT NULL GROUP BY 1)`;

/** What is asked of the key of a full join. */
export const FULL_JOIN_CASES: readonly FormCase[] = [
  ['one key', `${JOINED} WHERE coalesce(a.customer, b.customer) = 3`],
  [
    'some keys, the other side first',
    `${JOINED} WHERE coalesce(b.customer, a.customer) IN (1, 2, 5) AND a.n IS DISTINCT FROM 2`,
  ],
  [
    'a range from the other side',
    `${JOINED} WHERE 2 <= coalesce(a.customer, b.customer) AND coalesce(a.customer, b.customer) < 9`,
  ],
  ['a list', `${JOINED} WHERE coalesce(a.customer, b.customer) = ANY (ARRAY[1, 4])`],
  ['a merged key', `SELECT customer, a.n, b.n ${MERGED} WHERE customer BETWEEN 2 AND 6 ORDER BY customer`],
  ['a merged key, all columns', `SELECT * ${MERGED} WHERE customer > 2`],
  [
    'days of queries in WITH',
    `${DAYS} SELECT coalesce(a.day, b.day) AS day, coalesce(a.n, 0) AS placed, coalesce(b.n, 0) AS sent FROM a FULL JOIN b ON b.day = a.day
     WHERE coalesce(a.day, b.day) >= '2024-01-01'`,
  ],
  [
    'merged days of queries in WITH',
    `${DAYS} SELECT day, a.n, b.n FROM a FULL OUTER JOIN b USING (day) WHERE day >= '2024-01-01' AND day < '2025-01-01'`,
  ],
  [
    'a key that three queries have',
    `SELECT customer, a.n, b.n, c.total ${MERGED} FULL JOIN (SELECT customer, sum(discount) AS total FROM orders GROUP BY customer) c USING (customer) WHERE customer <= 4`,
  ],
  [
    'tables',
    'SELECT o.id, p.id, p.due, o.* FROM orders o FULL JOIN parcels p ON o.id = p.id WHERE coalesce(o.id, p.id) <= 3',
  ],
  [
    'a join that others are joined to',
    `${JOINED.replace('coalesce(a.customer, b.customer) AS customer', 'c.name')} LEFT JOIN customers c ON c.id = coalesce(a.customer, b.customer) WHERE coalesce(a.customer, b.customer) < 5`,
  ],
].map(([name = '', sql = '']): FormCase => ({ name: `a full join bounded by ${name}`, form: 'fullJoinBounds', sql }));

export const NO_FULL_JOIN: readonly FormCase[] = [
  ['one side', `${JOINED} WHERE a.customer = 3`],
  ['its missing', `${JOINED} WHERE coalesce(a.customer, b.customer) IS NULL`],
  ['what is made of its key', `${JOINED} WHERE coalesce(a.customer, b.customer) % 2 = 1`],
  ['its key or more', `${JOINED} WHERE coalesce(a.customer, b.customer) = 3 OR a.n > 1`],
  ['a column of it', `${JOINED} WHERE coalesce(a.customer, b.customer) = b.n`],
  ['what one side has else', `${JOINED} WHERE coalesce(a.customer, 3) = 3`],
  ['other columns', `${JOINED} WHERE coalesce(a.n, b.n) = 3`],
  [
    'a key of another comparison',
    `${JOINED.replace('a.customer = b.customer', 'a.customer = b.customer + 1')} WHERE coalesce(a.customer, b.customer) = 3`,
  ],
  [
    'a key of two types',
    `${JOINED.replace('SELECT customer, count(*) AS n FROM parcels WHERE id > 1 GROUP BY customer', 'SELECT id::bigint AS customer, 1 AS n FROM parcels')} WHERE coalesce(a.customer, b.customer) = 3`,
  ],
  [
    'a day or a moment',
    "SELECT * FROM (SELECT due AS x FROM parcels) a FULL JOIN (SELECT coalesce(due, sent) AS x FROM parcels) b USING (x) WHERE x > '2024-01-01 12:00'",
  ],
  [
    'numbers that are written in several ways',
    'SELECT * FROM (SELECT amount AS x FROM orders) a FULL JOIN (SELECT price AS x FROM items) b USING (x) WHERE x = 1.0',
  ],
  [
    'its key where it may be missing as a whole',
    `SELECT c.id FROM customers c LEFT JOIN (${PLACED} a FULL JOIN ${SENT} b ON a.customer = b.customer) ON a.n = c.id WHERE coalesce(a.customer, b.customer) = 3`,
  ],
  [
    'its key beside whole rows',
    'SELECT o, p.id FROM orders o FULL JOIN parcels p ON o.id = p.id WHERE coalesce(o.id, p.id) <= 3',
  ],
  [
    'its key beside places of rows',
    'SELECT o.ctid, p.id FROM orders o FULL JOIN parcels p ON o.id = p.id WHERE coalesce(o.id, p.id) <= 3',
  ],
  [
    'the key of a join of all rows on the left',
    `${JOINED.replace('FULL', 'LEFT')} WHERE coalesce(a.customer, b.customer) = 3`,
  ],
].map(([name = '', sql = '']): FormCase => ({ name: `a full join bounded by ${name}`, form: 'fullJoinBounds', sql }));
