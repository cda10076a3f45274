import type { TrapCase } from '../trap-cases.js';

const united = (columns: string, one: string, other: string, source = 'boats') =>
  `SELECT ${columns} FROM ${source} WHERE ${one} UNION SELECT ${columns} FROM ${source} WHERE ${other}`;
const tiles = (...columns: readonly string[]) =>
  `SELECT ${columns.map((column, place) => `(SELECT ${column}) AS c${place}`).join(', ')}`;

/** The same rows, read for each of several conditions. */
export const SCAN_TRAPS: readonly TrapCase[] = [
  {
    name: 'arms of which some are cut by themselves',
    sql: `(${united('skipper', 'owner = 1', "kind = 'a'")} ORDER BY 1 LIMIT 1) UNION SELECT skipper FROM boats WHERE length_m > 1`,
    never: 'one-scan',
  },
  {
    name: 'counts of arms of which some are skipped by themselves',
    sql: `(SELECT 'a' AS what, count(*) FROM boats WHERE owner = 1 UNION ALL SELECT 'b', count(*) FROM boats WHERE skipper = 1 ORDER BY 1 OFFSET 1)
      UNION ALL SELECT 'c', count(*) FROM boats WHERE owner = 2`,
    never: 'one-row-each',
  },
  {
    name: 'arms whose conditions are NULL',
    sql: united('skipper, kind', "kind <> 'a'", 'built IS NULL AND kind IS NULL'),
  },
  { name: 'arms of what is compared without case', sql: united('handle, tag', 'length_m > 1', "kind = 'a'") },
  {
    name: 'arms of titles, in their order',
    sql: `${united('title', 'length_m > 1', "kind = 'a'")} ORDER BY title COLLATE "C"`,
  },
  {
    name: 'arms in an order of their own',
    sql: `${united('name, built', 'length_m > 1', "kind = 'a'")} ORDER BY built DESC NULLS LAST, 1 LIMIT 2`,
  },
  {
    name: 'arms with a constant and a NULL',
    sql: united("'x' AS word, NULL AS nothing, skipper", 'length_m > 1', 'skipper > 1'),
  },
  { name: 'arms of a document', sql: united('note', 'id > 1', 'id < 3', 'owners') },
  { name: 'arms of a list of lists', sql: united('tags, extra', 'id > 1', "plain = 'a'", 'owners') },
  { name: 'arms that give several rows each', sql: united('skipper, unnest(tags)', 'length_m > 1', 'length_m <= 1') },
  {
    name: 'arms of a view whose rows are others each time',
    sql: united('id, luck', 'owner = 1', "kind = 'a'", 'lucky'),
    never: 'one-scan',
  },
  { name: 'arms that throw a die', sql: united('id, roll(6)', 'owner = 1', "kind = 'a'"), never: 'one-scan' },
  {
    name: 'arms with a condition that throws a die',
    sql: united('id', 'owner = roll(6)', "kind = 'a'"),
    never: 'one-scan',
  },
  {
    name: 'arms whose bytes are drawn',
    sql: united('id, gen_random_uuid()', 'owner = 1', "kind = 'a'"),
    never: 'one-scan',
  },
  {
    name: 'arms of a sample',
    sql: united('id', 'owner = 1', "kind = 'a'", 'boats TABLESAMPLE system (50)'),
    never: 'one-scan',
  },
  {
    name: 'arms of which one keeps what is equal',
    sql: `SELECT kind FROM boats WHERE id > 1 UNION SELECT kind FROM boats WHERE id < 3 UNION ALL SELECT kind FROM boats WHERE owner = 1`,
  },
  {
    name: 'arms behind one that keeps what is equal',
    sql: `SELECT kind FROM boats WHERE id > 1 UNION ALL SELECT kind FROM boats WHERE id < 3 UNION SELECT kind FROM boats WHERE owner = 1`,
  },
  {
    name: 'arms less another',
    sql: `SELECT kind FROM boats WHERE id > 1 UNION SELECT kind FROM boats WHERE id < 3 EXCEPT SELECT kind FROM boats WHERE owner = 1`,
  },
  {
    name: 'arms of groups',
    sql: 'SELECT kind, count(*) FROM boats WHERE id > 1 GROUP BY kind UNION SELECT kind, count(*) FROM boats WHERE id < 3 GROUP BY kind',
  },
  {
    name: 'an arm with all rows',
    sql: 'SELECT kind FROM boats UNION SELECT kind FROM boats WHERE owner = 1 ORDER BY 1',
  },
  { name: 'arms with a parameter', sql: united('id, kind', 'kind = $1', 'length_m < $2 OR kind = $1') },
  {
    name: 'arms of an outer join',
    sql: united('b.id, x.amount', "x.state = 'open'", 'x.id IS NULL', 'boats b LEFT JOIN bids x ON x.boat = b.id'),
  },
  { name: 'arms of a tree', sql: united('id, name', "name = 'a'", 'id > 2', 'crafts') },
  {
    name: 'counts, sums and means side by side',
    sql: tiles(
      "count(*) FROM boats WHERE kind = 'a'",
      'sum(length_m) FROM boats',
      'avg(length_m) FROM boats WHERE owner IS NULL',
      'count(DISTINCT kind) FROM boats',
    ),
  },
  {
    name: 'lists side by side',
    sql: tiles(
      "array_agg(id ORDER BY id) FROM boats WHERE kind = 'a'",
      "string_agg(name, ',' ORDER BY id) FROM boats",
      'jsonb_agg(kind ORDER BY id) FROM boats WHERE owner = 1',
    ),
  },
  {
    name: 'arrays of queries side by side',
    sql: "SELECT ARRAY(SELECT id FROM boats WHERE kind = 'a' ORDER BY id) AS a, ARRAY(SELECT id FROM boats ORDER BY id) AS b",
  },
  {
    name: 'medians side by side',
    sql: tiles(
      "percentile_cont(0.5) WITHIN GROUP (ORDER BY length_m) FROM boats WHERE kind = 'a'",
      'mode() WITHIN GROUP (ORDER BY kind) FROM boats',
    ),
  },
  {
    name: 'quotients side by side',
    sql: tiles('sum(1 / skipper) FROM boats WHERE skipper <> 0', 'count(*) FROM boats WHERE skipper = 0'),
  },
  {
    name: 'totals of which one is cut off',
    sql: tiles('count(*) FROM boats WHERE owner = 1 OFFSET 1', 'count(*) FROM boats', 'max(id) FROM boats LIMIT 0'),
  },
  {
    name: 'totals with a condition on all of them',
    sql: tiles(
      "count(*) FROM boats WHERE kind = 'a' HAVING count(*) > 1",
      'count(*) FROM boats',
      "sum(length_m) FROM boats WHERE kind = 'a'",
    ),
  },
  {
    name: 'totals beside rows',
    sql: "SELECT o.id, (SELECT count(*) FROM boats WHERE kind = 'a') AS a, (SELECT max(id) FROM boats WHERE owner IS NULL) AS b FROM owners o WHERE o.plain = 'a' ORDER BY o.id LIMIT 2",
  },
  {
    name: 'totals beside distinct rows',
    sql: 'SELECT DISTINCT o.plain, (SELECT count(*) FROM boats WHERE owner = 1) AS a, (SELECT count(*) FROM boats) AS b FROM owners o',
  },
  {
    name: 'totals that choose rows',
    sql: 'SELECT o.id FROM owners o WHERE o.id > (SELECT min(owner) FROM boats) AND o.id < (SELECT max(owner) FROM boats WHERE length_m > 1) OR o.share IS NULL',
  },
  {
    name: 'totals beside rows that are locked',
    sql: 'SELECT o.id, (SELECT count(*) FROM boats WHERE owner = 1) AS a, (SELECT count(*) FROM boats) AS b FROM owners o FOR UPDATE',
    never: 'one-scan',
  },
  {
    name: 'totals that are asked for in one case alone',
    sql: 'SELECT o.id, CASE WHEN o.id > 1 THEN (SELECT 1 / count(*) FROM boats WHERE owner = 1) END AS a, (SELECT count(*) FROM boats) AS b FROM owners o',
  },
  {
    name: 'totals of rows whose name is the row around',
    sql: 'SELECT boats.id, (SELECT count(*) FROM boats WHERE owner = 1) AS a, (SELECT sum(length_m) FROM boats) AS b FROM boats',
  },
  {
    name: 'totals of the rows around',
    sql: 'SELECT o.plain, (SELECT count(*) FROM boats WHERE owner = 1) AS a, (SELECT count(*) FROM boats) AS b, count(*) FROM owners o GROUP BY o.plain',
  },
  {
    name: 'totals that a die chooses',
    sql: tiles('count(*) FROM boats WHERE owner = roll(3)', 'count(*) FROM boats'),
    never: 'one-scan',
  },
  {
    name: 'totals that are numbered',
    sql: 'SELECT numbered(), (SELECT count(*) FROM boats WHERE owner = 1) AS a, (SELECT count(*) FROM boats) AS b',
    never: 'one-scan',
  },
  {
    name: 'totals of a view whose rows are others each time',
    sql: tiles('count(*) FROM lucky WHERE luck < 0.5', 'count(*) FROM lucky WHERE luck >= 0.5'),
    never: 'one-scan',
  },
  {
    name: 'totals of one table and of its parent',
    sql: tiles('count(*) FROM crafts WHERE id > 1', 'count(*) FROM ONLY crafts', 'count(*) FROM crafts'),
  },
  ...[
    ['numbers that are equal and not the same', 'length_m', 'boats', 'one-grouping'],
    ['handles that are equal and not the same', 'handle', 'boats', 'one-grouping'],
    ['titles that are equal and not the same', 'title', 'boats', 'one-grouping'],
    ['padded tags', 'tag', 'boats', 'one-grouping'],
    ['kinds that may be NULL', 'kind', 'boats'],
    ['rows of a view that are others each time', 'owner', 'lucky', 'one-grouping'],
    ['the elements of lists', 'unnest(tags)::text', 'boats', 'one-grouping'],
    ['rows of parts', 'boat', 'readings'],
  ].map(([name = '', key = '', table = '', never]): TrapCase => {
    const groups = (condition: string) =>
      `(SELECT ${key} AS key, count(*) AS n, array_agg(DISTINCT ${key}) AS keys FROM ${table} WHERE ${condition} GROUP BY 1)`;
    const of = table === 'readings' ? ['depth > 1', 'depth IS NULL'] : ['id > 1', "kind = 'a' OR id < 3"];
    const [one = '', other = ''] = of.map((condition) => (table === 'lucky' ? `${condition} AND luck < 1` : condition));
    return {
      name: `groups by ${name}`,
      sql: `SELECT x.key, x.n, y.n AS others, y.key AS other FROM ${groups(one)} x LEFT JOIN ${groups(other)} y ON y.key = x.key`,
      ...(never === undefined ? {} : { never }),
    };
  }),
];
