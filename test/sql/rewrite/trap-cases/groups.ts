import type { TrapCase } from '../trap-cases.js';

const joined = (groups: string, rest = 't.skipper = o.id WHERE o.born IS NULL', columns = 'o.id, t.n') =>
  `SELECT ${columns} FROM owners o JOIN (${groups}) t ON ${rest}`;
const COUNTS = 'SELECT skipper, count(*) AS n FROM boats GROUP BY skipper';
const NUMBERED = 'SELECT b.*, row_number() OVER (PARTITION BY b.skipper ORDER BY b.id) AS n FROM boats b';

/** Groups of all rows, beside what chooses a few. */
export const GROUP_TRAPS: readonly TrapCase[] = [
  { name: 'groups of all owners, joined to some', sql: joined(COUNTS) },
  ...['c.id', 'c.id, c.name'].map((key) => ({
    name: `rows of a tree that are joined to themselves, by ${key}`,
    sql: `SELECT ${key}, count(*) FROM crafts c JOIN crafts d ON d.id <= c.id GROUP BY ${key}`,
    never: 'ungrouped',
  })),
  {
    name: 'groups that are numbered from a sequence',
    sql: joined("SELECT skipper, count(*) AS n, max(nextval('tickets')) FROM boats GROUP BY skipper"),
    never: 'selected-groups',
  },
  {
    name: 'groups of which a function of the database draws a number',
    sql: joined('SELECT skipper, numbered() AS n FROM boats GROUP BY skipper'),
    never: 'selected-groups',
  },
  ...[
    [
      'rows of a group of each text in which texts in any case are looked up',
      'SELECT o.id FROM owners o WHERE o.born IS NULL AND (o.title, o.id) IN (SELECT b.name, max(b.skipper) FROM boats b GROUP BY b.name)',
    ],
    [
      'rows of groups that are numbered from a sequence, looked up in a list',
      "SELECT o.id FROM owners o WHERE o.born IS NULL AND (o.id, o.weight) IN (SELECT b.skipper, max(nextval('tickets')) FROM boats b GROUP BY b.skipper)",
    ],
    [
      'rows of which a lot is looked up in a list',
      'SELECT o.id FROM owners o WHERE o.born IS NULL AND (o.id, roll(6)) IN (SELECT b.skipper, count(*) FROM boats b GROUP BY b.skipper)',
    ],
  ].flatMap(([name = '', sql = '']) =>
    ['selected-groups', 'groups-of-each-row'].map((never) => ({ name: `${name}, by ${never}`, sql, never })),
  ),
  ...['selected-groups', 'groups-of-each-row'].flatMap((never) => [
    {
      name: `the last of each owner’s drafts, two of which may bear one key for a while, by ${never}`,
      sql: 'SELECT d.note FROM drafts d WHERE d.note IS NULL AND d.id IN (SELECT max(x.id) FROM drafts x GROUP BY x.owner)',
      never,
    },
    {
      name: `the last of crafts, among them rafts of the same key, by ${never}`,
      sql: 'SELECT c.name FROM crafts c WHERE c.name IS NULL AND c.id IN (SELECT max(x.id) FROM crafts x GROUP BY x.id)',
      never,
    },
  ]),
  {
    name: 'the last plate of each title in any case',
    sql: 'SELECT p.port, p.title FROM plates p WHERE p.big > 1 AND p.id IN (SELECT max(x.id) FROM plates x GROUP BY x.title)',
  },
  {
    name: 'the last plate of each handle in any case, of some handles',
    sql: "SELECT p.port FROM plates p WHERE p.id IN (SELECT max(x.id) FROM plates x GROUP BY x.handle) AND p.handle IN (SELECT w.word FROM words w WHERE w.word::text <> 'a')",
  },
  {
    name: 'groups of texts in any case beside what is asked of one of them',
    sql: 'SELECT p.id, g.n FROM plates p LEFT JOIN (SELECT handle, count(*) AS n FROM plates GROUP BY handle) g ON g.handle = p.handle WHERE EXISTS (SELECT FROM words w WHERE w.word::text = p.handle::text)',
  },
  ...[
    [
      'values that are one in another case, of a type',
      "SELECT b.skipper FROM boats b WHERE b.handle IN ('a', 'A') GROUP BY b.skipper HAVING count(DISTINCT b.handle) = 2",
    ],
    [
      'values that are one in another case, under a collation',
      "SELECT b.skipper FROM boats b WHERE b.title IN ('a', 'A') GROUP BY b.skipper HAVING count(DISTINCT b.title) = 2",
    ],
    [
      'values of which a table and its heirs have several rows each',
      'SELECT c.name FROM crafts c JOIN owners o ON o.plain = c.name WHERE c.id IN (1, 2) GROUP BY o.id, c.name HAVING count(*) = 2',
    ],
    [
      'values of which a transaction may have several rows each',
      'SELECT d.owner FROM drafts d WHERE d.id IN (1, 2) GROUP BY d.owner HAVING count(*) = 2',
    ],
    [
      'values of a column that is filled up with blanks',
      "SELECT b.skipper FROM boats b WHERE b.tag IN ('a', 'a ') GROUP BY b.skipper HAVING count(DISTINCT b.tag) = 2",
    ],
  ].map(([name = '', sql = '']) => ({ name: `a row of each of ${name}`, sql, never: 'groups-of-having' })),
  ...[
    [
      'values that are one in another case',
      "SELECT o.id FROM owners o WHERE (SELECT count(DISTINCT b.title) FROM boats b WHERE b.owner = o.id AND b.title IN ('a', 'A')) = 2",
    ],
    [
      'values of which a table and its heirs have several rows each',
      'SELECT o.id FROM owners o WHERE (SELECT count(*) FROM crafts c WHERE c.name = o.plain AND c.id IN (1, 2)) = 2',
    ],
    [
      'whole rows some field of which is NULL',
      'SELECT o.id FROM owners o WHERE (SELECT count(b) FROM boats b WHERE b.owner = o.id AND b.id IN (1, 2)) = 2',
    ],
  ].map(([name = '', sql = '']) => ({ name: `a row of each of ${name}, of a subquery`, sql, never: 'EXISTS (SELECT' })),
  {
    name: 'rows of each of two values, of a key that is partitioned',
    sql: 'SELECT o.id FROM owners o WHERE (SELECT count(*) FROM readings r WHERE r.at = o.seen AND r.boat IN (1, 2)) = 2',
  },
  ...['count(b)', 'count(b.*)'].map((count) => ({
    name: `${count} of rows of which some field is NULL`,
    sql: `SELECT o.id FROM owners o WHERE (SELECT ${count} FROM boats b WHERE b.owner = o.id) > 0`,
    never: 'EXISTS (SELECT',
  })),
  ...['rows-of-having', 'groups-of-having'].map((never) => ({
    name: `${never} of groups none of whose rows is such`,
    sql: "SELECT b.skipper FROM boats b GROUP BY b.skipper HAVING bool_or(b.kind = 'a') = false",
    never,
  })),
  {
    name: 'a recursion whose stars are not of one length',
    sql: "WITH RECURSIVE t AS (SELECT c.*, c.name AS x FROM crafts c UNION ALL SELECT s.*, t.x, 'b' FROM (SELECT id FROM owners) s JOIN t ON t.id = s.id - 1) SELECT t.id, t.x FROM t WHERE t.x = 'a'",
    never: 'bound-recursion',
  },
  {
    name: 'groups of a table by whose name a later query is called',
    sql: 'WITH t AS (SELECT skipper, count(*) AS n FROM boats GROUP BY skipper), boats AS (SELECT id AS skipper FROM owners) SELECT o.id, t.n FROM owners o JOIN t ON t.skipper = o.id WHERE o.id < 3',
    never: 'WITH boats AS',
  },
  {
    name: 'groups of a table by whose name a query further in is called',
    sql: 'WITH t AS (SELECT skipper, count(*) AS n FROM boats GROUP BY skipper) SELECT x.id FROM (WITH boats AS (SELECT id FROM owners) SELECT o.id FROM owners o JOIN t ON t.skipper = o.id WHERE o.id < 3) x',
    never: 'GROUP BY skipper ) AS t',
  },
  {
    name: 'what a function counts in a table by whose name a query of WITH is called',
    sql: 'WITH boats AS (SELECT id AS owner FROM owners) SELECT o.id, boats_of(o.id) FROM owners o JOIN boats b ON b.owner = o.id',
    never: 'count(*)',
  },
  {
    name: 'counts of what is exact, beside numbers of two kinds',
    sql: 'SELECT x.k, (SELECT count(*) FROM boats b WHERE b.length_m = x.k) FROM (SELECT amount AS k FROM prices UNION ALL SELECT weight FROM owners) x',
    never: 'joined-group',
  },
  {
    name: 'counts of values, held against those of fewer rows',
    sql: 'SELECT o.id FROM owners o WHERE (SELECT count(DISTINCT b.kind) FROM boats b WHERE b.owner = o.id) = (SELECT count(DISTINCT b.kind) FROM boats b WHERE b.owner = o.id AND b.length_m > 5)',
    never: 'EXISTS (SELECT 1 FROM boats',
  },
  {
    name: 'groups of citext, joined by a text',
    sql: 'SELECT o.id, t.handle, t.n FROM owners o JOIN (SELECT handle, count(*) AS n FROM boats GROUP BY handle) t ON t.handle = o.plain WHERE o.id < 3',
  },
  {
    name: 'groups of citext, joined by its text',
    sql: 'SELECT o.id, t.n FROM owners o JOIN (SELECT handle, count(*) AS n FROM boats GROUP BY handle) t ON t.handle::text = o.plain WHERE o.id < 3',
  },
  {
    name: 'groups under a collation of their own, joined under another',
    sql: 'SELECT o.id, t.n FROM owners o JOIN (SELECT title, count(*) AS n FROM boats GROUP BY title) t ON t.title = o.plain COLLATE "C" WHERE o.id < 3',
  },
  {
    name: 'rows numbered under a collation of their own, joined under another',
    sql: 'SELECT o.id, t.n FROM owners o JOIN (SELECT title, row_number() OVER (PARTITION BY title ORDER BY id) AS n FROM boats) t ON t.title = o.plain COLLATE "C" WHERE o.id < 3',
  },
  {
    name: 'distinct rows under a collation of their own, joined under another',
    sql: 'SELECT o.id, t.title FROM owners o JOIN (SELECT DISTINCT title FROM boats) t ON t.title = o.plain COLLATE "C" WHERE o.id < 3',
  },
  {
    name: 'the first of each in an order that a window of all rows gives',
    sql: joined(
      'SELECT DISTINCT ON (skipper) skipper, id AS n FROM boats ORDER BY skipper, ntile(2) OVER (ORDER BY name, id), id DESC',
    ),
  },
  {
    name: 'ranks of groups among all groups',
    sql: joined('SELECT skipper, rank() OVER (ORDER BY count(*) DESC) AS n FROM boats GROUP BY skipper'),
  },
  {
    name: 'windows of two kinds, one of all rows',
    sql: joined(
      'SELECT skipper, row_number() OVER (PARTITION BY skipper ORDER BY id) AS n, count(*) OVER () AS everything FROM boats',
      't.skipper = o.id WHERE o.born IS NULL',
      'o.id, t.n, t.everything',
    ),
  },
  {
    name: 'groups with totals of totals',
    sql: joined('SELECT skipper, count(*) AS n FROM boats GROUP BY ROLLUP (skipper)'),
  },
  {
    name: 'groups by sets with the key in each',
    sql: joined('SELECT skipper, kind, count(*) AS n FROM boats GROUP BY GROUPING SETS ((skipper, kind), (skipper))'),
  },
  { name: 'owners without a group', sql: `${joined(COUNTS).replace('JOIN', 'LEFT JOIN')} AND t.n IS NULL` },
  {
    name: 'groups that are all kept',
    sql: joined(COUNTS, 't.skipper = o.id AND o.born IS NULL').replace('JOIN', 'RIGHT JOIN'),
  },
  { name: 'groups and owners that are all kept', sql: joined(COUNTS).replace('JOIN', 'FULL JOIN') },
  {
    name: 'optional groups within an optional join',
    sql: `SELECT o.id, b.id AS boat, t.n FROM owners o LEFT JOIN (bids b JOIN (${COUNTS}) t ON t.skipper = b.id) ON b.boat = o.id AND b.state = 'open'`,
  },
  {
    name: 'groups that are cut by ties',
    sql: joined(
      'SELECT skipper, count(*) AS n FROM boats GROUP BY skipper ORDER BY count(*) DESC FETCH FIRST 1 ROW WITH TIES',
    ),
  },
  {
    name: 'groups of a name that a later WITH query takes',
    sql: `WITH t AS (${COUNTS}), boats AS (SELECT id AS skipper FROM owners) SELECT o.id, t.n FROM owners o JOIN t ON t.skipper = o.id WHERE o.id = 1`,
  },
  {
    name: 'groups in WITH beside a WITH query that deletes what they count',
    sql: `WITH gone AS (DELETE FROM bids WHERE state = 'void' RETURNING boat), t AS (SELECT boat, count(*) AS n FROM bids GROUP BY boat) SELECT g.boat, t.n FROM gone g JOIN t ON t.boat = g.boat WHERE g.boat > 0`,
  },
  {
    name: 'numbered rows, the first of each',
    sql: `SELECT o.id, t.id AS boat FROM owners o JOIN (${NUMBERED}) t ON t.skipper = o.id WHERE t.n = 1 AND o.grade = 'low'`,
  },
  {
    name: 'groups of an optional column',
    sql: `SELECT o.id, t.n FROM owners o, (SELECT b.owner, count(x.id) AS n FROM boats b LEFT JOIN bids x ON x.boat = b.id GROUP BY b.owner) t WHERE t.owner = o.id AND o.plain = 'a'`,
  },
  {
    name: 'groups joined by numbers of another type',
    sql: `SELECT p.note, t.n FROM prices p JOIN (SELECT id, count(*) AS n FROM bids GROUP BY id) t ON t.id = p.amount WHERE p.note = 'a'`,
  },
  {
    name: 'groups by numbers of several scales, which are shown',
    sql: `SELECT p.note, t.amount, t.n FROM prices p JOIN (SELECT amount, count(*) AS n FROM bids GROUP BY amount) t ON t.amount = p.amount WHERE p.note = 'a'`,
  },
  {
    name: 'groups beside a condition that is another one each time',
    sql: joined(COUNTS, 't.skipper = o.id WHERE o.id < roll(3)'),
    never: 'selected-groups',
  },
  {
    name: 'groups beside rows of a view that are others each time',
    sql: `SELECT l.id, t.n FROM lucky l JOIN (${COUNTS}) t ON t.skipper = l.owner WHERE l.luck < 0.5`,
    never: 'selected-groups',
  },
];

/** All rows, for the first of each key. */
export const PARENT_TRAPS: readonly TrapCase[] = [
  ...['owner AS skipper, name', 'b'].map((given) => ({
    name: `the first row of each skipper, given as ${given}`,
    sql: `SELECT DISTINCT ON (skipper) ${given} FROM boats b ORDER BY skipper, id`,
    never: 'rows-of-parents',
  })),
  {
    name: 'the last boat of each skipper',
    sql: 'SELECT DISTINCT ON (skipper) * FROM boats ORDER BY skipper, launched DESC, id',
  },
  {
    name: 'the last of each row that others may not see',
    sql: 'SELECT DISTINCT ON (hidden_id) * FROM keepsakes ORDER BY hidden_id, at DESC, id',
    never: 'rows-of-parents',
  },
  {
    name: 'the extremes of each row that others may not see',
    sql: 'SELECT hidden_id, max(at), min(at) FROM keepsakes GROUP BY hidden_id',
    never: 'rows-of-parents',
  },
  {
    name: 'an order by what the query calls otherwise',
    sql: 'SELECT DISTINCT ON (skipper) skipper, id AS launched FROM boats ORDER BY skipper, launched, name, id',
  },
  {
    name: 'an order by place',
    sql: 'SELECT DISTINCT ON (skipper) skipper, launched, id FROM boats ORDER BY skipper, 2 DESC, 3',
  },
  {
    name: 'the first row of each with ties',
    sql: 'SELECT DISTINCT ON (skipper) skipper, id FROM boats ORDER BY skipper, id FETCH FIRST 2 ROWS WITH TIES',
  },
  {
    name: 'the first row of each, behind some',
    sql: 'SELECT DISTINCT ON (skipper) skipper, id FROM boats ORDER BY skipper DESC, built NULLS FIRST, id LIMIT 2 OFFSET 1',
  },
  {
    name: 'the first row of each, of many',
    sql: 'SELECT DISTINCT ON (skipper) skipper, unnest(tags) AS tag FROM boats ORDER BY skipper, id',
  },
  { name: 'the first row of each, whole', sql: 'SELECT DISTINCT ON (skipper) b FROM boats b ORDER BY skipper, id' },
  {
    name: 'the first row of each, numbered',
    sql: 'SELECT DISTINCT ON (skipper) skipper, count(*) OVER () AS n FROM boats ORDER BY skipper, id',
  },
  {
    name: 'the first row of each, where it lies',
    sql: 'SELECT DISTINCT ON (skipper) skipper, ctid FROM boats ORDER BY skipper, id',
  },
  {
    name: 'the first row of each, locked',
    sql: 'SELECT skipper, max(launched) FROM (SELECT * FROM boats FOR UPDATE) b GROUP BY skipper',
  },
  {
    name: 'the first of each number of several scales',
    sql: 'SELECT DISTINCT ON (amount) amount, at FROM bids ORDER BY amount, at, id',
  },
  {
    name: 'the extremes of each number of several scales',
    sql: 'SELECT amount, max(at) AS last FROM bids GROUP BY amount',
  },
  {
    name: 'the extremes of each, sorted by one',
    sql: 'SELECT max(name) AS m, skipper FROM boats GROUP BY skipper ORDER BY m DESC, skipper',
  },
  {
    name: 'the extremes of a column by a title that is one',
    sql: 'SELECT skipper, max(name) AS handle, min(handle) AS name FROM boats GROUP BY skipper ORDER BY name, skipper',
  },
  {
    name: 'the extremes of each, of what is compared without case',
    sql: 'SELECT skipper, max(handle), min(title) FROM boats GROUP BY skipper',
  },
  {
    name: 'the extremes of each, of lists, words and blanks',
    sql: 'SELECT skipper, max(tags), min(grade), max(tag) FROM boats WHERE kind = $1 GROUP BY 1',
  },
  {
    name: 'extremes of chosen rows',
    sql: "SELECT skipper, max(launched) FILTER (WHERE kind = 'a') FROM boats GROUP BY skipper",
  },
  { name: 'extremes of what may be NULL', sql: 'SELECT skipper, max(built) FROM boats GROUP BY skipper' },
  { name: 'a key that may be NULL', sql: 'SELECT owner, max(launched) FROM boats GROUP BY owner' },
  {
    name: 'extremes of an expression and groups by two',
    sql: 'SELECT skipper, max(launched), count(*) FROM boats GROUP BY skipper, kind',
  },
  { name: 'extremes of each by a name of several schemas', sql: 'SELECT dock, max(at) FROM berths GROUP BY dock' },
  {
    name: 'the first of each of some by a parameter',
    sql: 'SELECT DISTINCT ON ("Boat") "Boat", "order" FROM "Log Book" WHERE "User" = $1 ORDER BY "Boat", "order" DESC NULLS LAST, "Id"',
  },
];
