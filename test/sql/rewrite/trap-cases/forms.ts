import type { TrapCase } from '../trap-cases.js';

/** DISTINCT, and UNION, of what a key seems to keep apart. */
export const DISTINCT_TRAPS: readonly TrapCase[] = [
  {
    name: 'windows by a key that tables which inherit do not have',
    sql: 'SELECT DISTINCT c.id, c.name, count(*) OVER (PARTITION BY c.id) AS n FROM crafts c',
    never: 'windows-as-groups',
  },
  {
    name: 'windows by a key that may be there twice for a while',
    sql: 'SELECT DISTINCT d.id, d.note, count(*) OVER (PARTITION BY d.id) AS n FROM drafts d',
    never: 'windows-as-groups',
  },
  {
    name: 'windows by what is compared without regard to case',
    sql: 'SELECT DISTINCT b.handle, count(*) OVER (PARTITION BY b.handle) AS n FROM boats b',
    never: 'windows-as-groups',
  },
  {
    name: 'windows of what aggregates as JSON',
    sql: 'SELECT DISTINCT b.owner, json_agg(b.owner) OVER (PARTITION BY b.owner)::text AS owners, first_value(b.owner) OVER (PARTITION BY b.owner) AS one FROM boats b',
    never: 'windows-as-groups',
  },
  {
    name: 'groups by a column under whose name something else is given',
    sql: 'SELECT DISTINCT lower(p.label) AS label, count(*) FROM plates p GROUP BY label',
    never: 'without-distinct',
  },
  {
    name: 'tables that find each other, and not the first',
    sql: 'SELECT DISTINCT o.id FROM owners o CROSS JOIN stamps s LEFT JOIN plates p ON p.port = s.port WHERE s.id = p.owner',
    never: 'without-distinct',
  },
  {
    name: 'tables of an outer join that find each other',
    sql: 'SELECT DISTINCT o.id FROM owners o LEFT JOIN (plates p CROSS JOIN stamps s) ON p.id = s.plate AND s.id = p.owner',
    never: 'without-distinct',
  },
  {
    name: 'a key that is compared without regard to case',
    sql: "SELECT DISTINCT s.id FROM stamps s, plates p WHERE p.label = 'A' COLLATE any_case",
    never: 'without-distinct',
  },
  {
    name: 'a key that is compared as a floating number',
    sql: 'SELECT DISTINCT s.id FROM stamps s, plates p WHERE p.amount = 1::float8',
    never: 'without-distinct',
  },
  {
    name: 'a key that is drawn',
    sql: 'SELECT DISTINCT s.id FROM stamps s, plates p WHERE p.id = (random() * 3)::int',
    never: 'without-distinct',
  },
  { name: 'a key under another collation', sql: 'SELECT DISTINCT p.title FROM plates p', never: 'without-distinct' },
  {
    name: 'a count of a key under another collation',
    sql: 'SELECT count(DISTINCT p.title) FROM plates p',
    never: 'without-distinct',
  },
  {
    name: 'a table found by a key under another collation',
    sql: "SELECT DISTINCT s.id FROM stamps s JOIN plates p ON p.title = 'a'",
    never: 'without-distinct',
  },
  {
    name: 'a key that may be broken for a while',
    sql: 'SELECT DISTINCT d.id FROM drafts d',
    never: 'without-distinct',
  },
  {
    name: 'a union of the first rows of groups',
    sql: "SELECT DISTINCT ON (s.plate) s.port, 'a' FROM stamps s UNION SELECT p.id, 'b' FROM plates p",
    never: 'without-distinct',
  },
  {
    name: 'a union of what comes of a union',
    sql: "SELECT s.x, count(*), 'a' FROM (SELECT port AS x FROM plates UNION SELECT port FROM stamps) s GROUP BY s.x UNION SELECT port, count(*), 'b' FROM stamps GROUP BY port",
    never: 'UNION ALL SELECT port FROM stamps ) AS s',
  },
  {
    name: 'a union that goes on until nothing new is found',
    sql: 'WITH RECURSIVE r AS (SELECT id, 1 AS step FROM stamps UNION SELECT DISTINCT s.id, 2 FROM stamps s JOIN r ON s.plate = r.id) SELECT id, step FROM r',
    never: 'without-distinct',
  },
  {
    name: 'a key under another collation, and a table that multiplies its rows',
    sql: 'SELECT DISTINCT p.title FROM plates p JOIN stamps s ON s.plate > p.id',
    never: 'SELECT p.title FROM',
  },
];

/** Orders, and names in them. */
export const ORDER_TRAPS: readonly TrapCase[] = [
  ...(
    [
      ['o.id FROM owners o WHERE EXISTS (', ')', 'without-order'],
      ['o.id FROM owners o WHERE o.id IN (', ')', 'without-order'],
      ['o.id, EXISTS (', ') FROM owners o', 'joined-group'],
      ['o.id, (', ' LIMIT 1) IS NOT NULL FROM owners o', 'EXISTS (SELECT 1'],
    ] as const
  ).map(([before, after, never]) => ({
    name: `${before} one row by its order`,
    sql: `SELECT ${before}SELECT 3 FROM boats b WHERE b.owner = o.id ORDER BY count(*)${after}`,
    never,
  })),
  {
    name: 'an order by a column under whose name something else is given',
    sql: "SELECT lower(p.label) AS label FROM plates p ORDER BY coalesce(label, '')",
    never: 'plain-order',
  },
  {
    name: 'an order by a column that a function bears the name of',
    sql: "SELECT name(b.tag) FROM boats b ORDER BY coalesce(name, '')",
    never: 'plain-order',
  },
  {
    name: 'an order by numbers that are turned, NaN among them',
    sql: 'SELECT p.id FROM plates p ORDER BY -p.amount, p.id',
    never: 'plain-order',
  },
  {
    name: 'an order by the distance from a number, NaN among them',
    sql: 'SELECT p.id FROM plates p ORDER BY 5 - p.amount, p.id',
    never: 'plain-order',
  },
  {
    name: 'an order by what is NaN for all',
    sql: "SELECT p.id FROM plates p ORDER BY p.amount + 'NaN', p.id",
    never: 'plain-order',
  },
  {
    name: 'an order by numbers that are made less exact',
    sql: 'SELECT p.id FROM plates p ORDER BY p.big + 1::float8, p.id',
    never: 'plain-order',
  },
  {
    name: 'an order under another collation',
    sql: `SELECT p.id FROM plates p ORDER BY coalesce(p.plain, 'x' COLLATE "C"), p.id`,
    never: 'plain-order',
  },
  {
    name: 'an order of texts of another type',
    sql: 'SELECT p.id FROM plates p ORDER BY coalesce(p.handle, p.plain), p.id',
    never: 'plain-order',
  },
  {
    name: 'an order of groups and their total',
    sql: 'SELECT p.port, count(*) FROM plates p GROUP BY ROLLUP (p.port) ORDER BY p.port NULLS FIRST',
    never: 'plain-order',
  },
  {
    name: 'an order by which a sequence counts',
    sql: "SELECT q.n, q.port FROM (SELECT nextval('tickets') AS n, port FROM stamps ORDER BY port) q ORDER BY q.n",
    never: 'without-order',
  },
  {
    name: 'an order by which rows are numbered',
    sql: 'SELECT q.id FROM (SELECT id FROM stamps ORDER BY port DESC) q ORDER BY row_number() OVER ()',
    never: 'without-order',
  },
  {
    name: 'an order of which the first of each group is given',
    sql: 'SELECT DISTINCT ON (q.plate) q.plate, q.id FROM (SELECT plate, id FROM stamps ORDER BY plate, id DESC) q ORDER BY q.plate',
    never: 'without-order',
  },
  {
    name: 'first values in an order by a name that something else is given under',
    sql: 'SELECT DISTINCT s.plate, first_value(s.id) OVER (PARTITION BY s.plate ORDER BY port DESC) AS port FROM stamps s',
    never: 'first-of-groups',
  },
  {
    name: 'first values of groups by a name that something else is given under',
    sql: 'SELECT (array_agg(s.id ORDER BY s.port DESC))[1] AS plate FROM stamps s GROUP BY plate',
    never: 'first-of-groups',
  },
  {
    name: 'the first of lists',
    sql: 'SELECT o.plain, (array_agg(o.tags ORDER BY o.id))[1] FROM owners o GROUP BY o.plain',
    never: 'first-of-groups',
  },
];

/** Pages, and queries that stand by themselves. */
export const PAGE_TRAPS: readonly TrapCase[] = [
  ...[
    [
      'under another collation',
      "SELECT 'a' AS what, p.title, p.id FROM plates p UNION SELECT 'b', p.label, p.id FROM plates p",
    ],
    ['that are padded', "SELECT 'a' AS what, b.tag, b.id FROM boats b UNION SELECT 'b', b.name, b.id FROM boats b"],
    [
      'without regard to case',
      "SELECT 'a' AS what, b.handle, b.id FROM boats b UNION SELECT 'b', b.name, b.id FROM boats b",
    ],
    [
      'that run together',
      "SELECT 'a' AS what, p.big, p.id FROM plates p UNION SELECT 'b', p.weight, p.id FROM plates p",
    ],
    [
      'of a key that may be broken for a while',
      "SELECT 'a' AS what, d.note, d.id FROM drafts d UNION SELECT 'b', p.plain, p.id FROM plates p",
    ],
    [
      'of tables and those that inherit from them',
      "SELECT 'a' AS what, c.name, c.id FROM crafts c UNION SELECT 'b', p.plain, p.id FROM plates p",
    ],
    [
      'of a key of another collation',
      "SELECT 'a' AS what, p.title, 1 FROM plates p UNION SELECT 'b', p.title, 2 FROM plates p",
    ],
  ].map(
    ([kind, sql]): TrapCase => ({
      name: `a page of two queries by values ${kind}`,
      sql: `${sql} ORDER BY 2, 3, what LIMIT 2`,
      never: 'cut-arms',
    }),
  ),
  {
    name: 'a page of several rows for each',
    sql: 'SELECT b.id, unnest(b.tags) FROM boats b ORDER BY b.id LIMIT 3 OFFSET 1',
    never: 'keys-of-page',
  },
  {
    name: 'a page by a key that may be broken for a while',
    sql: 'SELECT d.id, d.note FROM drafts d ORDER BY d.id LIMIT 3 OFFSET 1',
    never: 'keys-of-page',
  },
  {
    name: 'a page with rows that may lead nowhere for a while',
    sql: 'SELECT d.note, o.id FROM drafts d JOIN owners o ON o.id = d.owner ORDER BY d.id LIMIT 3 OFFSET 1',
    never: 'keys-of-page',
  },
  {
    name: 'texts that are numbers, which the query by itself chooses',
    sql: "WITH n AS MATERIALIZED (SELECT * FROM plates WHERE plain ~ '^[0-9]+$') SELECT n.id FROM n WHERE n.plain::int > 1",
    never: 'fences',
  },
  {
    name: 'divisors that a query with OFFSET chooses',
    sql: 'SELECT n.id FROM (SELECT * FROM stamps WHERE port <> 0 OFFSET 0) n WHERE 10 / n.port > 1',
    never: 'fences',
  },
  {
    name: 'a row of several that tie, taken once',
    sql: 'WITH n AS (SELECT port, id FROM stamps ORDER BY port LIMIT 1) SELECT a.id, b.id FROM n a JOIN n b ON a.port = b.port',
    never: 'fences',
  },
  {
    name: 'first rows of groups, taken once',
    sql: 'WITH n AS (SELECT DISTINCT ON (port) port, id FROM stamps) SELECT a.id, b.id FROM n a JOIN n b ON a.port = b.port',
    never: 'fences',
  },
  {
    name: 'numbers of rows that tie, counted once',
    sql: 'WITH n AS (SELECT id, row_number() OVER (ORDER BY port) AS r FROM stamps) SELECT a.id, b.id FROM n a JOIN n b ON a.r = b.r',
    never: 'fences',
  },
];

/** Joins of columns whose equality is not that of their spelling. */
export const JOIN_TRAPS: readonly TrapCase[] = [
  {
    name: 'a join either way, grouped by a column under whose name a constant is given',
    sql: 'SELECT 1 AS weight, count(*) FROM plates p JOIN stamps s ON p.port = s.port OR p.id = s.plate GROUP BY weight',
    never: 'AS met GROUP BY weight',
  },
  {
    name: 'a join either way of what an outer join merges',
    sql: 'SELECT id, t."order" FROM plates p FULL JOIN stamps s USING (id), "Log Book" t WHERE p.owner = t."Id" OR s.plate = t."Id"',
    never: 'split-join',
  },
  {
    name: 'a list that makes texts of what is blind to case',
    sql: 'SELECT p.id, o.id FROM plates p, owners o WHERE o.handle = ANY (ARRAY[p.handle, p.plain])',
    never: 'split-join',
  },
  {
    name: 'one of several columns of which one is blind to case',
    sql: "SELECT p.id FROM plates p WHERE 'a' = ANY (ARRAY[p.handle, p.plain])",
    never: 'spelled-comparisons',
  },
  {
    name: 'the greatest of several columns of which one is blind to case',
    sql: "SELECT p.id FROM plates p WHERE greatest(p.handle, p.plain) > 'A'",
    never: 'spelled-comparisons',
  },
  {
    name: 'a bound on the spelling of what is blind to case',
    sql: "SELECT p.id, o.id FROM plates p JOIN owners o ON o.handle = p.handle WHERE o.handle < 'a'::text",
    never: 'known-bounds',
  },
  {
    name: 'a list under another collation',
    sql: `SELECT p.id, o.id FROM plates p JOIN owners o ON o.title = p.title WHERE o.title IN ('a' COLLATE "C", 'b')`,
    never: 'known-bounds',
  },
  {
    name: 'a bound that is passed on by floating numbers',
    sql: 'SELECT s.id FROM stamps s JOIN plates p ON p.weight = s.big JOIN plates q ON q.big = p.weight WHERE s.big <= 3',
    never: 'known-bounds',
  },
  {
    name: 'a text that ends with a blank, which no padded column has as a text',
    sql: "SELECT o.id FROM owners o WHERE o.tag = 'a '::text",
    never: 'sargable',
  },
  {
    name: 'rows that may lead nowhere for a while, of which that is asked',
    sql: 'SELECT d.id FROM drafts d LEFT JOIN owners o ON o.id = d.owner WHERE o.id IS NULL',
    never: 'without-tested-join',
  },
  {
    name: 'rows that lead to hidden ones, of which that is asked',
    sql: 'SELECT k.id FROM keepsakes k LEFT JOIN hidden h ON h.id = k.hidden_id WHERE h.id IS NULL',
    never: 'without-tested-join',
  },
  {
    name: 'what is not distinct of a row that may be missing',
    sql: 'SELECT o.id FROM owners o LEFT JOIN plates p ON p.owner = o.id JOIN boats b ON b.kind IS NOT DISTINCT FROM p.plain',
    never: 'spelled-comparisons',
  },
];
