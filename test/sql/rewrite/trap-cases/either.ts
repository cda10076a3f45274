import type { TrapCase } from '../trap-cases.js';

const boats = (condition: string, columns = 'b.id, b.name') => `SELECT ${columns} FROM boats b WHERE ${condition}`;
const IN = "b.id IN (SELECT x.boat FROM bids x WHERE x.state = 'open')";
const EXISTS = "EXISTS (SELECT 1 FROM bids x WHERE x.boat = b.id AND x.state = 'open')";

/** A condition or a subquery, and conditions of two tables. */
export const EITHER_TRAPS: readonly TrapCase[] = [
  { name: 'a condition that may be NULL or IN', sql: boats(`b.kind = 'a' OR ${IN}`) },
  { name: 'what is not known or IN', sql: boats(`(b.kind = 'a') IS NULL OR ${IN}`) },
  { name: 'IN or EXISTS or a list', sql: boats(`b.id IN (1, 2, NULL) OR ${IN} OR ${EXISTS}`) },
  {
    name: 'a condition or IN of a number with a fraction',
    sql: boats("b.kind = 'a' OR b.id IN (SELECT p.amount FROM prices p)"),
  },
  {
    name: 'a condition or IN of what is cut',
    sql: boats("b.kind = 'a' OR b.id IN (SELECT x.boat FROM bids x ORDER BY x.id LIMIT 1)"),
  },
  {
    name: 'a condition or IN of a WITH query',
    sql: boats("b.kind = 'a' OR b.id IN (WITH w AS (SELECT boat FROM bids) SELECT boat FROM w)"),
  },
  {
    name: 'a condition or IN of groups',
    sql: boats("b.kind = 'a' OR b.id IN (SELECT x.boat FROM bids x GROUP BY x.boat HAVING count(*) > 1)"),
  },
  {
    name: 'a condition or IN of a union',
    sql: boats('b.length_m > 1 OR b.id IN (SELECT boat FROM bids UNION SELECT "Boat" FROM "Log Book")'),
  },
  {
    name: 'a condition or a tied IN',
    sql: boats("b.kind = 'a' OR b.id IN (SELECT x.boat FROM bids x WHERE x.state = b.name)"),
  },
  {
    name: 'a condition or EXISTS of a count, which always is',
    sql: boats("b.kind = 'a' OR EXISTS (SELECT count(*) FROM bids x WHERE x.boat = b.id)"),
  },
  {
    name: 'a condition or EXISTS of none',
    sql: boats("b.kind = 'a' OR EXISTS (SELECT 1 FROM bids x WHERE x.boat = b.id LIMIT 0)"),
  },
  {
    name: 'a condition or EXISTS with two ties',
    sql: boats("b.kind = 'a' OR EXISTS (SELECT 1 FROM bids x WHERE x.boat = b.id AND x.id = b.owner)"),
  },
  {
    name: 'a condition or EXISTS of a lesser one',
    sql: boats("b.kind = 'a' OR EXISTS (SELECT 1 FROM bids x WHERE x.boat < b.id)"),
  },
  {
    name: 'a condition or EXISTS tied by another type',
    sql: boats("b.kind = 'a' OR EXISTS (SELECT 1 FROM prices p WHERE p.amount = b.id AND p.note = 'a')"),
  },
  { name: 'where a row lies or IN', sql: boats(`b.ctid = '(0,1)' OR ${IN}`) },
  { name: 'a whole row or IN', sql: boats(`b IS NOT NULL OR ${IN}`) },
  {
    name: 'names without their table or IN',
    sql: "SELECT id, name FROM boats WHERE kind = 'a' OR id IN (SELECT boat FROM bids WHERE state = 'open')",
  },
  {
    name: 'a condition of the optional table or IN',
    sql: `SELECT o.id, b.id AS boat FROM owners o LEFT JOIN boats b ON b.owner = o.id WHERE b.kind IS NULL OR ${IN}`,
  },
  { name: 'a condition or IN, locked', sql: `${boats(`b.kind = 'a' OR ${IN}`)} FOR UPDATE`, never: 'either-key' },
  { name: 'a die or IN', sql: boats(`roll(2) = 1 OR ${IN}`), never: 'either-key' },
  {
    name: 'a condition or IN of a view whose rows are others each time',
    sql: boats("b.kind = 'a' OR b.id IN (SELECT l.id FROM lucky l WHERE l.luck < 0.5)"),
    never: 'either-key',
  },
  {
    name: 'a condition or IN of numbers that round the key',
    sql: boats("b.kind = 'a' OR b.id IN (SELECT max(o.weight) FROM owners o GROUP BY o.plain)"),
    never: 'UNION ALL SELECT max',
  },
  {
    name: 'a condition or IN about a word without case',
    sql: 'SELECT w.word FROM words w WHERE w.uses > 1 OR w.word IN (SELECT o.plain FROM owners o WHERE o.id > 1)',
  },
  {
    name: 'a condition or IN about a title without case',
    sql: 'SELECT r.title FROM ranks r WHERE r.place > 1 OR r.title IN (SELECT b.title FROM boats b WHERE b.id > 1)',
  },
  {
    name: 'a condition or IN about a table with heirs',
    sql: "SELECT c.id, c.name FROM crafts c WHERE c.name = 'a' OR c.id IN (SELECT o.id FROM owners o)",
  },
  {
    name: 'a condition or IN by a name that several schemas have',
    sql: "SELECT d.id FROM docks d WHERE d.town = 'a' OR d.id IN (SELECT x.dock FROM berths x WHERE x.free)",
    never: 'public.docks',
  },
  {
    name: 'a condition or IN by a name under its schema',
    sql: "SELECT d.id FROM north.docks d WHERE d.town = 'a' OR d.id IN (SELECT x.dock FROM berths x WHERE x.free)",
  },
  {
    name: 'either of two tables',
    sql: "SELECT b.id, x.id AS bid FROM boats b JOIN bids x ON x.boat = b.id WHERE b.kind = 'a' OR x.state = 'open' ORDER BY b.id, x.id",
  },
  {
    name: 'either of two tables, what is NULL among it',
    sql: "SELECT b.id, x.amount FROM boats b LEFT JOIN bids x ON x.boat = b.id WHERE b.kind IS NULL OR x.state <> 'open' OR b.owner = 1 ORDER BY 1, x.amount LIMIT 3",
  },
  {
    name: 'either of two tables, locked',
    sql: "SELECT b.id FROM boats b JOIN bids x ON x.boat = b.id WHERE b.kind = 'a' OR x.state = 'open' FOR UPDATE OF b",
    never: 'either-side',
  },
  {
    name: 'either of two tables, with a NULL and an order under another collation',
    sql: `SELECT b.name, NULL AS nothing, 'x' AS word FROM boats b JOIN bids x ON x.boat = b.id WHERE b.kind = 'a' OR x.state = 'open' ORDER BY b.name COLLATE "C"`,
  },
  {
    name: 'either of two tables, with ties',
    sql: "SELECT b.kind, x.amount FROM boats b JOIN bids x ON x.boat = b.id WHERE b.owner = 1 OR x.state = 'open' ORDER BY b.kind FETCH FIRST 1 ROW WITH TIES",
  },
  {
    name: 'either of two tables, one of which is a view whose rows are others each time',
    sql: "SELECT l.id, l.luck FROM lucky l JOIN bids x ON x.boat = l.id WHERE l.luck < 0.5 OR x.state = 'open'",
    never: 'either-side',
  },
  {
    name: 'either of two tables after a WITH query that writes',
    sql: "WITH w AS (DELETE FROM bids WHERE state = 'void' RETURNING boat) SELECT b.id, w.boat FROM w JOIN boats b ON b.id = w.boat JOIN owners o ON o.id = b.skipper WHERE b.kind = 'a' OR o.plain = 'a'",
  },
  {
    name: 'distinct rows over a join, of what is compared without case',
    sql: "SELECT DISTINCT b.handle, b.title FROM boats b JOIN bids x ON x.boat = b.id WHERE x.state = 'open'",
  },
  {
    name: 'distinct rows over a join for which a die is thrown',
    sql: 'SELECT DISTINCT b.id FROM boats b JOIN bids x ON x.boat = b.id AND random() < 0.5',
    never: 'exists-form',
  },
  {
    name: 'distinct lists over a join',
    sql: 'SELECT DISTINCT o.id, unnest(o.tags) FROM owners o JOIN boats b ON b.owner = o.id ORDER BY 1, 2 LIMIT 3',
  },
  {
    name: 'a day of a time with a zone',
    sql: "SELECT id FROM boats WHERE launched::date = '2024-01-01' OR date(launched) = $1",
  },
  {
    name: 'the month of a time with a zone',
    sql: "SELECT id FROM boats WHERE date_trunc('month', launched) = '2024-01-01' AND extract(year FROM launched) = 2024",
  },
  {
    name: 'a text of a number',
    sql: "SELECT id FROM boats WHERE id::text = $1 OR owner::text IN ('1', '01', ' 1', 'a')",
  },
  {
    name: 'a substitute for NULL',
    sql: "SELECT id FROM boats WHERE coalesce(owner, 0) = 0 OR coalesce(kind, '') <= 'a'",
  },
  {
    name: 'a number with a fraction',
    sql: 'SELECT id FROM boats WHERE skipper = 1.5 OR owner = 2.0 OR id = 9223372036854775808.0',
  },
  {
    name: 'days that are added to a date, beside a time of day',
    sql: 'SELECT id FROM owners WHERE born + 30 < now() OR born + 7 >= current_timestamp',
    never: 'sargable',
  },
  {
    name: 'days that are added to a date, beside a date',
    sql: "SELECT id FROM owners WHERE born + 30 < current_date AND born - 1 > '2024-01-01'",
  },
  {
    name: 'a day that is drawn',
    sql: "SELECT id FROM boats WHERE launched::date = (timestamptz '2024-01-01' + random() * interval '2 days')::date",
    never: 'sargable',
  },
  {
    name: 'sums and products of a column',
    sql: 'SELECT id FROM boats WHERE skipper * 2 = 2147483646 OR owner + 1 > 2147483647 OR length_m * -1 < 2',
  },
];

/** What holds for all of several rows. */
export const DIVISION_TRAPS: readonly TrapCase[] = [
  {
    name: 'owners who have bid for each boat',
    sql: 'SELECT o.id FROM owners o WHERE NOT EXISTS (SELECT 1 FROM boats b WHERE NOT EXISTS (SELECT 1 FROM bids x WHERE x.boat = b.id AND x.id = o.id))',
  },
  {
    name: 'owners who have bid for each boat of a kind',
    sql: "SELECT o.id FROM owners o WHERE NOT EXISTS (SELECT 1 FROM boats b WHERE b.kind = 'a' AND NOT EXISTS (SELECT 1 FROM bids x WHERE x.boat = b.id AND x.id = o.id AND x.state <> 'void'))",
  },
  {
    name: 'owners who have bid for each boat of their own',
    sql: 'SELECT o.id FROM owners o WHERE NOT EXISTS (SELECT 1 FROM boats b WHERE b.owner = o.id AND NOT EXISTS (SELECT 1 FROM bids x WHERE x.boat = b.id AND x.id = o.id))',
  },
  {
    name: 'owners for each of whose words there is a title',
    sql: 'SELECT o.id FROM owners o WHERE NOT EXISTS (SELECT 1 FROM words w WHERE NOT EXISTS (SELECT 1 FROM boats b WHERE b.handle = w.word AND b.owner = o.id))',
  },
  {
    name: 'owners for each of whose titles there is a boat',
    sql: 'SELECT o.id FROM owners o WHERE NOT EXISTS (SELECT 1 FROM ranks r WHERE NOT EXISTS (SELECT 1 FROM boats b WHERE b.title = r.title AND b.skipper = o.id))',
  },
  {
    name: 'owners of a tree of crafts, each of which they sail',
    sql: 'SELECT o.id FROM owners o WHERE NOT EXISTS (SELECT 1 FROM crafts c WHERE NOT EXISTS (SELECT 1 FROM boats b WHERE b.id = c.id AND b.skipper = o.id))',
  },
  {
    name: 'whether there is a word that is not theirs',
    sql: 'SELECT o.id, EXISTS (SELECT 1 FROM words w WHERE w.uses > 1 AND NOT EXISTS (SELECT 1 FROM boats b LEFT JOIN bids x ON x.boat = b.id WHERE b.handle = w.word AND b.owner = o.id)) AS missing FROM owners o',
  },
  {
    name: 'running totals along a title without case',
    sql: 'SELECT b.id, (SELECT count(*) FROM boats c WHERE c.title = b.title AND c.launched < b.launched) AS earlier FROM boats b',
  },
  {
    name: 'the boat before in the order of grades',
    sql: 'SELECT b.id, (SELECT c.name FROM boats c WHERE c.grade < b.grade ORDER BY c.grade DESC LIMIT 1) AS before FROM boats b',
  },
  {
    name: 'totals of rows like one of blanks',
    sql: 'SELECT b.id, (SELECT sum(c.length_m) FROM boats c WHERE c.tag = b.tag AND c.kind = b.kind) AS total FROM boats b WHERE b.length_m > (SELECT avg(c.length_m) FROM boats c WHERE c.handle = b.handle)',
  },
  {
    name: 'more than each of a title',
    sql: 'SELECT b.id FROM boats b WHERE b.title >= ALL (SELECT c.title FROM boats c WHERE c.owner = b.owner)',
  },
  {
    name: 'more than each of a grade',
    sql: 'SELECT b.id FROM boats b WHERE b.grade > ALL (SELECT c.grade FROM boats c WHERE c.owner = b.owner) OR b.length_m < ANY (SELECT c.length_m FROM boats c WHERE c.skipper = b.skipper)',
  },
  {
    name: 'more than each list',
    sql: 'SELECT b.id FROM boats b WHERE b.tags > ALL (SELECT c.tags FROM boats c WHERE c.owner = b.owner) AND b.launched <= ANY (SELECT x.at FROM bids x WHERE x.boat = b.id)',
  },
];
