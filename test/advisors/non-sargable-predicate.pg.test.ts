import { expect, it } from 'vitest';
import { nonSargablePredicate } from '../../src/advisors/non-sargable-predicate.js';
import { testDatabase } from '../postgres.js';
import { adviseOn } from './advise-on.js';
import { checkStatementCases, findingsIn } from './statements/check-statement-cases.js';

checkStatementCases(nonSargablePredicate, [
  {
    name: 'finds a key as text',
    sql: 'SELECT email FROM customers WHERE token::text = ANY($1)',
    finds: ['customers.token'],
  },
  {
    name: 'finds a date of a time',
    sql: "SELECT email FROM customers WHERE created_at::date = '2026-03-01'",
    finds: ['customers.created_at'],
  },
  {
    name: 'finds ILIKE without a wildcard',
    sql: "SELECT id FROM customers WHERE email ILIKE 'USER812@example.org'",
    finds: ['customers.email'],
  },
  {
    name: 'is silent about ILIKE with a wildcard at the end',
    sql: "SELECT id FROM customers WHERE email ILIKE 'user812%'",
    finds: [],
  },
  { name: 'finds lower()', sql: 'SELECT id FROM customers WHERE lower(email) = $1', finds: ['customers.email'] },
  {
    name: 'finds coalesce',
    sql: "SELECT id FROM customers WHERE coalesce(email, 'none') = 'c3'",
    finds: ['customers.email'],
  },
  { name: 'finds arithmetic', sql: 'SELECT id FROM orders o WHERE o.cents + 1 = $1', finds: ['o.cents'] },
  {
    name: 'finds the day of another time zone',
    sql: "SELECT id FROM orders WHERE (placed_at AT TIME ZONE 'Europe/Lisbon')::date = date '2026-03-01'",
    finds: ['orders.placed_at'],
  },
  {
    name: 'finds the hour that a text tells',
    sql: "SELECT id FROM orders WHERE to_char(placed_at, 'YYYY-MM-DD HH24') = '2026-03-01 13'",
    finds: ['orders.placed_at'],
  },
  {
    name: 'finds a month of a year',
    sql: 'SELECT id FROM orders WHERE extract(year FROM placed_at) = 2026 AND extract(month FROM placed_at) = 3 AND cents < 9000',
    finds: ['orders.placed_at'],
  },
  {
    name: 'finds an age',
    sql: "SELECT id FROM orders WHERE age(timestamptz '2026-10-01Z', placed_at) < interval '20 days'",
    finds: ['orders.placed_at'],
  },
  {
    name: 'finds what stands beside a factor',
    sql: 'SELECT id FROM orders WHERE customer_id * 2 = 154',
    finds: ['orders.customer_id'],
  },
  {
    name: 'finds IS NOT DISTINCT FROM',
    sql: 'SELECT id FROM orders WHERE customer_id IS NOT DISTINCT FROM 77',
    finds: ['orders.customer_id'],
  },
  {
    name: 'finds CASE',
    sql: 'SELECT id FROM orders WHERE CASE WHEN customer_id = 77 THEN 1 ELSE 0 END = 1',
    finds: ['orders.customer_id'],
  },
  {
    name: 'is silent about CASE of another value',
    sql: 'SELECT id FROM orders WHERE CASE WHEN customer_id = 77 THEN 1 ELSE 1 END = 1',
    finds: [],
  },
  {
    name: 'finds what a query within makes of a column',
    sql: "SELECT x.id FROM (SELECT id, placed_at::date AS day FROM orders) x WHERE x.day = '2026-03-01'",
    finds: ['computed'],
  },
  {
    name: 'is silent about what a query within cuts',
    sql: "SELECT x.id FROM (SELECT id, placed_at::date AS day FROM orders ORDER BY id LIMIT 30000) x WHERE x.day = '2026-03-01'",
    finds: [],
  },
  {
    name: 'finds rows behind a key',
    sql: "SELECT id, state FROM orders WHERE placed_at > '2026-10-01' OR (placed_at = '2026-10-01' AND id > 500)",
    finds: ['comparison'],
  },
  {
    name: 'finds one of several columns',
    sql: 'SELECT state FROM orders WHERE 77 = ANY (ARRAY[customer_id, cents])',
    finds: ['comparison'],
  },
  {
    name: 'finds a join by what is not distinct',
    sql: 'SELECT n.note, l.product FROM line_notes n JOIN order_lines l ON l.order_id IS NOT DISTINCT FROM n.order_id AND l.line_no IS NOT DISTINCT FROM n.line_no',
    finds: ['comparison'],
  },
  { name: 'is silent about a bare column', sql: 'SELECT email FROM customers WHERE token = $1', finds: [] },
  { name: 'is silent where most rows are wanted', sql: "SELECT id FROM orders WHERE lower(state) = 'done'", finds: [] },
  {
    name: 'is silent where the column is compared with its own table',
    sql: 'SELECT id FROM orders WHERE cents + 1 = parent_id',
    finds: [],
  },
  {
    name: 'is silent about a cast that costs nothing',
    sql: "SELECT id FROM customers WHERE email::text = 'User1@Example.org'",
    finds: [],
  },
  {
    name: 'finds NOT IN of what may be NULL',
    sql: 'SELECT id FROM orders WHERE id NOT IN (SELECT parent_id FROM orders)',
    finds: ['orders.parent_id'],
  },
  {
    name: 'is silent about NOT IN of what is never NULL',
    sql: 'SELECT id FROM customers WHERE id NOT IN (SELECT customer_id FROM orders)',
    finds: [],
  },
  {
    name: 'is silent where NULLs are left out',
    sql: 'SELECT id FROM orders WHERE id NOT IN (SELECT parent_id FROM orders WHERE parent_id IS NOT NULL)',
    finds: [],
  },
  {
    name: 'finds OR across tables',
    sql: "SELECT o.id FROM orders o JOIN customers c ON c.id = o.customer_id WHERE o.cents = 3 OR c.email = 'x'",
    finds: ['o,c'],
  },
  {
    name: 'is silent about OR within one table',
    sql: "SELECT o.id FROM orders o JOIN customers c ON c.id = o.customer_id WHERE o.cents = 3 OR o.state = 'open'",
    finds: [],
  },
  {
    name: 'finds OR across tables whose rows are made distinct',
    sql: `SELECT DISTINCT c.id FROM customers c LEFT JOIN orders o ON o.customer_id = c.id WHERE c.id = 5 OR o.id = 3`,
    finds: ['c,o'],
  },
  {
    name: 'finds OR across tables in WHERE of a list of tables',
    sql: 'SELECT o.id FROM orders o, customers c WHERE c.id = o.customer_id AND (o.cents = 3 OR c.id = 7)',
    finds: ['o,c'],
  },
  {
    name: 'finds a month of a time',
    sql: "SELECT email FROM customers WHERE date_trunc('day', created_at) = '2026-03-01'",
    finds: ['customers.created_at'],
  },
  {
    name: 'finds a text list of keys',
    sql: "SELECT email FROM customers WHERE token::text IN ('c4ca4238-a0b9-2382-0dcc-509a6f75849b', 'x')",
    finds: ['customers.token'],
  },
  {
    name: 'finds a wildcard in front',
    sql: "SELECT order_id FROM order_lines WHERE product LIKE '%17'",
    finds: ['order_lines.product'],
  },
  {
    name: 'finds one that is put in front of a parameter',
    sql: "SELECT order_id FROM order_lines WHERE product ILIKE '%' || $1",
    parameters: ['17'],
    finds: ['order_lines.product'],
  },
  {
    name: 'is silent about it where the whole table is read in no time',
    sql: "SELECT rate FROM rates WHERE country LIKE '%17'",
    finds: [],
  },
  {
    name: 'is silent about times with and without a zone, which one index serves',
    sql: "SELECT email FROM customers WHERE created_at < '2026-01-03 00:00+00'::timestamptz",
    finds: [],
  },
  {
    name: 'is silent about whole numbers of two widths, which one index serves',
    sql: 'SELECT state FROM orders WHERE id = 42::smallint',
    finds: [],
  },
  {
    name: 'is silent about what is made of the value alone',
    sql: "SELECT email FROM customers WHERE created_at = date_trunc('day', '2026-03-01 10:00'::timestamp)",
    finds: [],
  },
  {
    name: 'is silent about words of SQL in a text',
    sql: "SELECT email FROM customers WHERE email = 'lower(email) LIKE ''%x'''",
    finds: [],
  },
  { name: 'is silent about a wildcard at the end', sql: "SELECT id FROM orders WHERE state LIKE 'op%'", finds: [] },
]);

it('prices an index on the expression where no form is known', async () => {
  const [found] = await findingsIn(nonSargablePredicate, { sql: 'SELECT id FROM customers WHERE lower(email) = $1' });
  expect(found?.message.replaceAll(/cost of [\d,]+ to [\d,]+|twin [\d.]+/g, '…')).toMatchInlineSnapshot(
    `"The condition lower(email) = $1 compares what is made of public.customers.email, so no index on email serves it. An index on ((lower(email))) brings the statement from a planner … a call, as planned on …"`,
  );
  expect(found?.fix?.sql[0]?.sql).toMatch(
    /^CREATE INDEX CONCURRENTLY \w+ ON public\.customers \(\(lower\(email\)\)\)$/,
  );
  expect(found?.queries[0]?.costAfter).toBeLessThan((found?.queries[0]?.costBefore ?? 0) / 2);
});

it('shows the form that was checked, and a simpler one with what differs', async () => {
  const [found] = await findingsIn(nonSargablePredicate, {
    sql: 'SELECT email FROM customers WHERE token::text = ANY($1)',
  });
  expect(found?.fix?.rewrittenQuery?.replaceAll(/\s+/g, ' ')).toMatchInlineSnapshot(
    `"SELECT email FROM customers WHERE customers.token = ANY (ARRAY(SELECT id::uuid FROM unnest(CAST($1 AS text[])) AS texts(id) WHERE id ~ '^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$'))"`,
  );
  expect(found?.alternatives?.map(({ sql, reason }) => [sql.replaceAll(/\s+/g, ' '), reason])).toMatchInlineSnapshot(`
    [
      [
        "SELECT email FROM customers WHERE customers.token = ANY (CAST(CAST($1 AS text[]) AS uuid[]))",
        "it does not give the same in every case: a text that is no uuid becomes an error, and one that is written otherwise, such as in capitals, is found",
      ],
    ]
  `);
});

it('writes OR across tables as one query a table where that halves the cost', async () => {
  const [found] = await findingsIn(nonSargablePredicate, {
    sql: 'SELECT o.id FROM orders o JOIN customers c ON c.id = o.customer_id WHERE o.id = 3 OR c.id = 5',
  });
  expect(found?.fix?.rewrittenQuery?.replaceAll(/\s+/g, ' ')).toMatchInlineSnapshot(
    `"SELECT o.id FROM orders AS o JOIN customers AS c ON c.id = o.customer_id WHERE o.id = 3 UNION ALL SELECT o.id FROM orders AS o JOIN customers AS c ON c.id = o.customer_id WHERE c.id = 5 AND o.id = 3 IS NOT TRUE"`,
  );
  expect(found?.message).toMatch(/both forms gave the same rows: no counterexample in 600 databases \(seed 1\)\.$/);
});

const rewrittenOf = async (sql: string) => {
  const [found] = await findingsIn(nonSargablePredicate, { sql });
  return found?.fix?.rewrittenQuery?.replaceAll(/\s+/g, ' ') ?? null;
};

it.each([
  [
    'a date',
    "SELECT email FROM customers WHERE created_at::date = '2026-03-01'",
    "SELECT email FROM customers WHERE customers.created_at >= '2026-03-01'::date AND customers.created_at < ('2026-03-01'::date + 1)",
  ],
  ['a sum', 'SELECT id FROM orders o WHERE o.cents + 1 = 17', 'SELECT id FROM orders AS o WHERE o.cents = (17 - 1)'],
  ['a fraction', 'SELECT state FROM orders WHERE id = 42.0', 'SELECT state FROM orders WHERE orders.id = 42'],
])('shows the bare column of %s, once the two forms have given the same', async (_, sql, bare) => {
  expect(await rewrittenOf(sql)).toBe(bare);
});

it('says what NULL does to NOT IN', async () => {
  const [found] = await findingsIn(nonSargablePredicate, {
    sql: 'SELECT id FROM orders WHERE id NOT IN (SELECT parent_id FROM orders)',
  });
  expect(found?.message).toMatchInlineSnapshot(
    `"NOT IN gives no row at all once public.orders.parent_id is NULL in one row of the subquery, and PostgreSQL cannot make an anti-join of it. NOT EXISTS says what is mostly meant, and is planned as an anti-join; where NULL never stands there, declare the column NOT NULL."`,
  );
});

it('lists the values that a CHECK leaves where an index finds their rows, and where most rows have them does not', async () => {
  const { url, session } = await testDatabase();
  await session.script(`
    CREATE TABLE jobs (id int PRIMARY KEY, state text NOT NULL CHECK (state IN ('new', 'open', 'done', 'gone')), note text);
    INSERT INTO jobs SELECT n, CASE WHEN n % 500 = 0 THEN 'new' WHEN n % 300 = 0 THEN 'open' ELSE 'done' END, repeat('x', 80)
      FROM generate_series(1, 30000) n;
    CREATE INDEX ON jobs (state); ANALYZE`);
  const rare = "SELECT id, note FROM jobs WHERE state <> 'done' AND state <> 'gone'";
  const report = await adviseOn(url, [{ sql: rare }, { sql: rare.replace('done', 'new') }], ['non-sargable-predicate']);
  expect(
    report.findings.map(({ key, fix }) => [key.split(':').at(-1), fix?.rewrittenQuery?.replaceAll(/\s+/g, ' ')]),
  ).toEqual([['others', "SELECT id, note FROM jobs WHERE state IN ('new', 'open')"]]);
});

it('compares a padded column with a text by its index', async () => {
  const { url, session } = await testDatabase();
  await session.script(`
    CREATE TABLE bookings (id int PRIMARY KEY, locator char(6) NOT NULL UNIQUE, note text);
    INSERT INTO bookings SELECT n, lpad(upper(to_hex(n * 7919 % 16777213)), 6, '0'), repeat('x', 80) FROM generate_series(1, 30000) n;
    ANALYZE`);
  const sql = "SELECT id, note FROM bookings b WHERE b.locator = '001EEF'::text";
  const { findings } = await adviseOn(url, [{ sql }], ['non-sargable-predicate']);
  expect(findings.map(({ key, fix }) => [key.split(':').at(-1), fix?.rewrittenQuery?.replaceAll(/\s+/g, ' ')])).toEqual(
    [['b.locator', "SELECT id, note FROM bookings AS b WHERE b.locator = CAST('001EEF'::text AS bpchar)"]],
  );
});

it('lowers both sides of ILIKE, with an index on that', async () => {
  const sql = "SELECT id FROM customers WHERE email ILIKE 'USER812@example.org'";
  const [found] = await findingsIn(nonSargablePredicate, { sql });
  expect(found?.fix?.rewrittenQuery?.replaceAll(/\s+/g, ' ')).toMatchInlineSnapshot(
    `"SELECT id FROM customers WHERE lower(customers.email) = lower('USER812@example.org')"`,
  );
  expect(found?.fix?.sql.map((each) => each.sql)).toMatchInlineSnapshot(`
    [
      "CREATE INDEX CONCURRENTLY customers_expr_2a6e5387_idx ON public.customers ((lower(email)))",
      "ANALYZE public.customers",
    ]
  `);
  expect(found?.message.replaceAll(/cost of [\d,]+ to [\d,]+|twin [\d.]+/g, '…')).toMatchInlineSnapshot(
    `"The condition email ILIKE 'USER812@example.org' compares what is made of public.customers.email, so no index on email serves it. With lower() on both sides with an index on ((lower(email))) it falls from a planner … a call, as planned on …; both forms gave the same rows: no counterexample in 600 databases (seed 1)."`,
  );
});
