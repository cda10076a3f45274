/** A statement over the bureau’s tables, with what the rules about statements are to say of it. */
export interface ReadCase {
  /** What the statement is, as the end of a sentence. */
  readonly name: string;
  readonly sql: string;
  readonly parameters?: readonly unknown[];
  /** `unused-join m`: rules with what stands behind the fingerprint in their keys; none where silence is right. */
  readonly finds: readonly string[];
}

/** Joins of which nothing is read. */
const JOINS: readonly ReadCase[] = [
  {
    name: 'a LEFT JOIN on a deferrable key, on which PostgreSQL does not rely',
    sql: 'SELECT b.id FROM bookings b LEFT JOIN seats s ON s.number = b.seat',
    finds: ['unused-join s'],
  },
  {
    name: 'a LEFT JOIN of two tables in parentheses',
    sql: 'SELECT p.id FROM parts p LEFT JOIN (makers m JOIN countries c ON c.id = m.country_id) ON m.id = p.maker_id',
    finds: ['unused-join m,c'],
  },
  {
    name: 'a LEFT JOIN of two tables in parentheses, one of which is read',
    sql: 'SELECT p.id, c.code FROM parts p LEFT JOIN (makers m JOIN countries c ON c.id = m.country_id) ON m.id = p.maker_id',
    finds: [],
  },
  {
    name: 'a LEFT JOIN of two tables in parentheses, one of which multiplies',
    sql: 'SELECT p.id FROM parts p LEFT JOIN (makers m JOIN "Order" o ON o."Maker" = m.id) ON m.id = p.maker_id',
    finds: [],
  },
  {
    name: 'a LATERAL subquery of one row',
    sql: `SELECT p.id FROM parts p
            LEFT JOIN LATERAL (SELECT n.note FROM part_notes n WHERE n.part_id = p.id ORDER BY n.id DESC LIMIT 1) last ON true`,
    finds: ['unused-join last'],
  },
  {
    name: 'a LATERAL subquery of one row that is read',
    sql: `SELECT p.id, last.note FROM parts p
            LEFT JOIN LATERAL (SELECT n.note FROM part_notes n WHERE n.part_id = p.id ORDER BY n.id DESC LIMIT 1) last ON true`,
    finds: [],
  },
  {
    name: 'a LATERAL subquery of up to two rows',
    sql: `SELECT p.id FROM parts p
            LEFT JOIN LATERAL (SELECT n.kind FROM part_notes n WHERE n.part_id = p.id ORDER BY n.id LIMIT 2) last ON true`,
    finds: [],
  },
  {
    name: 'a LATERAL subquery that takes a number from a sequence',
    sql: `SELECT p.id FROM parts p
            LEFT JOIN LATERAL (SELECT nextval('draws') FROM part_notes n WHERE n.part_id = p.id LIMIT 1) last ON true`,
    finds: [],
  },
  {
    name: 'a LEFT JOIN on a key that is converted for the comparison',
    sql: 'SELECT p.id FROM parts p LEFT JOIN makers m ON m.id = p.price',
    finds: ['unused-join m'],
  },
  {
    name: 'a LEFT JOIN on a key of text that is compared without regard to case',
    sql: 'SELECT p.id FROM parts p LEFT JOIN makers m ON m.code = p.maker_handle',
    finds: [],
  },
  {
    name: 'a LEFT JOIN of a table that others inherit from, whose key holds for a part of the rows',
    sql: 'SELECT v.id FROM visits v LEFT JOIN animals a ON a.id = v.animal_id',
    finds: [],
  },
  {
    name: 'a LEFT JOIN of a partitioned table on its key, which PostgreSQL leaves out',
    sql: "SELECT v.id FROM visits v LEFT JOIN readings r ON r.device_id = v.id AND r.taken_at = '2026-01-05Z'",
    finds: [],
  },
  {
    name: 'a join whose rows are locked',
    sql: 'SELECT p.id FROM parts p JOIN makers m ON m.id = p.maker_id WHERE p.id < 50 FOR UPDATE',
    finds: [],
  },
  {
    name: 'a join with a table of which row-level security hides rows',
    sql: 'SELECT i.id FROM invoices i JOIN clients c ON c.id = i.client_id',
    finds: [],
  },
  {
    name: 'a join along a key that may be NULL',
    sql: 'SELECT p.id FROM parts p JOIN makers m ON m.id = p.spare_maker',
    finds: [],
  },
  {
    name: 'a join whose row is given as a whole',
    sql: 'SELECT p.id, row_to_json(m) FROM parts p JOIN makers m ON m.id = p.maker_id',
    finds: [],
  },
  {
    name: 'a join of quoted names',
    sql: 'SELECT o."Id", o."select" FROM "Order" o JOIN makers m ON m.id = o."Maker"',
    finds: ['unused-join m'],
  },
  {
    name: 'a table beside another in FROM, on its key',
    sql: 'SELECT p.id, p.label FROM parts p, makers m WHERE m.id = p.maker_id AND p.price > 90',
    finds: ['unused-join m'],
  },
  {
    name: 'a table beside another in FROM, of which a condition is asked',
    sql: 'SELECT p.id, p.label FROM parts p, makers m WHERE m.id = p.maker_id AND m.country_id = 7',
    finds: [],
  },
  {
    name: 'a table that stands first, with another condition on the join',
    sql: 'SELECT p.label FROM makers m JOIN parts p ON p.maker_id = m.id AND p.price > 95',
    finds: ['unused-join m'],
  },
  {
    name: 'a table at the end of a chain in FROM',
    sql: "SELECT p.id FROM countries c, makers m, parts p WHERE c.id = m.country_id AND m.id = p.maker_id AND m.code > 'm5'",
    finds: ['unused-join c'],
  },
  {
    name: 'a table in one of two queries of a UNION',
    sql: 'SELECT p.id FROM parts p, makers m WHERE m.id = p.maker_id AND p.price = 3 UNION ALL SELECT b.id FROM bookings b',
    finds: ['unused-join m'],
  },
  {
    name: 'a RIGHT JOIN on a deferrable key',
    sql: 'SELECT b.seat FROM seats s RIGHT JOIN bookings b ON s.number = b.seat',
    finds: ['unused-join s'],
  },
  {
    name: 'a RIGHT JOIN of the table that is given',
    sql: 'SELECT s.row_letter FROM bookings b RIGHT JOIN seats s ON s.number = b.seat',
    finds: [],
  },
  {
    name: 'a table beside a LEFT JOIN that multiplies',
    sql: 'SELECT p.id, n.kind FROM parts p LEFT JOIN part_notes n ON n.part_id = p.id, makers m WHERE m.id = p.maker_id AND p.price < 5',
    finds: ['unused-join m'],
  },
  {
    name: 'a join beside a star within another query',
    sql: `SELECT p.id FROM parts p JOIN makers m ON m.id = p.maker_id
           WHERE EXISTS (SELECT * FROM part_notes n WHERE n.part_id = p.id AND n.kind = 'k1')`,
    finds: ['unused-join m'],
  },
  {
    name: 'a join by which a later one goes (USING)',
    sql: 'SELECT b.id FROM bookings b JOIN orders o ON o.id = b.id JOIN lines l USING (tenant_id) WHERE b.id = 3 AND l.order_id = 7',
    finds: [],
  },
];

/** Rows that a join multiplies. */
const FAN_OUTS: readonly ReadCase[] = [
  {
    name: 'DISTINCT of all columns of a table over two others',
    sql: `SELECT DISTINCT m.* FROM makers m JOIN parts p ON p.maker_id = m.id JOIN part_notes n ON n.part_id = p.id
           WHERE m.country_id = 7`,
    finds: ['distinct-over-fan-out'],
  },
  {
    name: 'DISTINCT over a table that each row meets once',
    sql: "SELECT DISTINCT p.stage FROM parts p JOIN makers m ON m.id = p.maker_id WHERE m.country_id = 7 AND m.code > 'm'",
    finds: [],
  },
  {
    name: 'DISTINCT of columns of every table',
    sql: 'SELECT DISTINCT m.code, p.label FROM parts p JOIN makers m ON m.id = p.maker_id',
    finds: [],
  },
  {
    name: 'a join without the tenant, on a number that tells all rows apart by itself',
    sql: 'SELECT l.amount FROM orders o JOIN lines l ON l.order_id = o.id WHERE o.id = 77',
    finds: [],
  },
  {
    name: 'a join of two keys without the tenant, on a number that each tenant has',
    sql: 'SELECT t.state, m.mark FROM tickets t JOIN reply_marks m ON m.number = t.number WHERE t.tenant_id = 7',
    finds: ['join-fan-out t,m'],
  },
  {
    name: 'the same under DISTINCT, which hides it',
    sql: 'SELECT DISTINCT t.state, m.mark FROM tickets t JOIN reply_marks m ON m.number = t.number WHERE t.tenant_id = 7',
    finds: ['join-fan-out t,m'],
  },
  {
    name: 'the same with the tenant',
    sql: 'SELECT t.state, m.mark FROM tickets t JOIN reply_marks m USING (tenant_id, number) WHERE t.tenant_id = 7',
    finds: [],
  },
  {
    name: 'a join on a part of a foreign key whose columns have other names',
    sql: 'SELECT t.state, a.body FROM tickets t JOIN answers a ON a.ticket = t.number WHERE t.tenant_id = 7',
    finds: ['join-fan-out t,a'],
  },
  {
    name: 'a join on the whole of such a key',
    sql: 'SELECT t.state, a.body FROM tickets t JOIN answers a ON a.ticket = t.number AND t.tenant_id = a.tenant WHERE t.tenant_id = 7',
    finds: [],
  },
  {
    name: 'DISTINCT of what is made of a table’s columns, in the order of one of them',
    sql: 'SELECT DISTINCT t.number, upper(t.state) AS state FROM tickets t JOIN replies r ON r.tenant_id = t.tenant_id ORDER BY state',
    finds: ['distinct-over-fan-out'],
  },
  {
    name: 'DISTINCT of columns in the order of the second one',
    sql: 'SELECT DISTINCT t.number, t.state FROM tickets t JOIN replies r ON r.tenant_id = t.tenant_id ORDER BY 2 LIMIT 20',
    finds: ['distinct-over-fan-out'],
  },
  {
    name: 'DISTINCT of a number of rows',
    sql: `SELECT DISTINCT m.code, count(*) OVER () FROM makers m JOIN parts p ON p.maker_id = m.id JOIN part_notes n ON n.part_id = p.id
           WHERE m.country_id = 7`,
    finds: [],
  },
];

/** Tables without a condition between them, and conditions that say nothing. */
const CONDITIONS: readonly ReadCase[] = [
  { name: 'a table of settings beside another', sql: 'SELECT p.price * s.margin FROM parts p, settings s', finds: [] },
  { name: 'a few months with a few grades', sql: 'SELECT m.n, g.code FROM months m, grades g', finds: [] },
  { name: 'ON true', sql: 'SELECT p.id, m.n FROM parts p JOIN months m ON true', finds: [] },
  { name: 'an empty table', sql: 'SELECT p.id, n.note FROM parts p, nothing n', finds: [] },
  { name: 'a table that nobody has counted', sql: 'SELECT p.id, u.note FROM parts p, unseen u', finds: [] },
  {
    name: 'UPDATE by another table without a condition',
    sql: 'UPDATE bookings SET seat = v.fee FROM visits v WHERE v.fee > 80',
    finds: ['implicit-cross-join bookings,v'],
  },
  {
    name: 'DELETE by another table that the subquery in its condition connects',
    sql: 'DELETE FROM bookings b USING visits v WHERE b.id IN (SELECT s.number FROM seats s WHERE s.number = v.id)',
    finds: [],
  },
  {
    name: 'two times of the inner table that the outer one has too',
    sql: `SELECT p.id, (SELECT count(*) FROM (VALUES (1)) AS one) FROM parts p
           WHERE EXISTS (SELECT 1 FROM parts WHERE created_at = updated_at AND label = 'Part 3')`,
    finds: [],
  },
  {
    name: 'a name that differs from the outer one by its capitals',
    sql: 'SELECT "Id" FROM "Order" WHERE EXISTS (SELECT 1 FROM parts WHERE maker_id = id)',
    finds: [],
  },
  {
    name: 'a key that means the inner table',
    sql: "SELECT id FROM makers WHERE EXISTS (SELECT 1 FROM parts WHERE maker_id = id AND stage = 'gone')",
    finds: ['self-shadowed-subquery parts.id'],
  },
  {
    name: 'a key that means a table that is joined within, and was to mean the outer one',
    sql: 'DELETE FROM makers WHERE NOT EXISTS (SELECT 1 FROM "Order" o JOIN countries c ON c.code = o."select" WHERE o."Maker" = id)',
    finds: ['self-shadowed-subquery c.id'],
  },
  {
    name: 'NOT IN of what a comparison leaves no NULL in',
    sql: 'SELECT code FROM makers WHERE id NOT IN (SELECT spare_maker FROM parts WHERE spare_maker > 0)',
    finds: [],
  },
  {
    name: 'NOT IN of what another comparison leaves NULL in',
    sql: 'SELECT code FROM makers WHERE id NOT IN (SELECT spare_maker FROM parts WHERE maker_id > 0)',
    finds: ['non-sargable-predicate parts.spare_maker'],
  },
  {
    name: 'NOT IN of what a CHECK leaves no NULL in',
    sql: "SELECT label FROM parts WHERE id NOT IN (SELECT after_id FROM part_notes WHERE kind = 'k1')",
    finds: [],
  },
];

/** Conditions with and without an index that serves them. */
const PREDICATES: readonly ReadCase[] = [
  {
    name: 'an enum as text',
    sql: "SELECT id FROM parts WHERE stage::text = 'gone'",
    finds: ['non-sargable-predicate parts.stage'],
  },
  {
    name: 'an enum as a text that the program gives',
    sql: 'SELECT price FROM parts WHERE stage::text = $1',
    finds: [],
  },
  {
    name: 'a wildcard in front that an index on trigrams serves',
    sql: "SELECT id FROM parts WHERE label LIKE '%rt 1234%'",
    finds: [],
  },
  {
    name: 'a wildcard in front, with another condition that leaves few rows',
    sql: `SELECT p.id, n.note FROM parts p JOIN part_notes n ON n.part_id = p.id
           WHERE p.maker_id = $1 AND n.note LIKE '%x' AND p.price > (SELECT avg(value) FROM readings)`,
    finds: [],
  },
  {
    name: 'a day of a partitioned table',
    sql: "SELECT value FROM readings WHERE taken_at::date = '2026-01-10'",
    finds: ['non-sargable-predicate readings.taken_at'],
  },
  { name: 'a stored column that is computed', sql: 'SELECT id FROM parts WHERE label_length = 6', finds: [] },
  { name: 'a view', sql: 'SELECT id FROM live_parts WHERE lower(label) = $1', finds: [] },
  {
    name: 'either of two tables, by conditions that most rows meet',
    sql: "SELECT p.id FROM parts p JOIN makers m ON m.id = p.maker_id WHERE p.stage = 'live' OR m.country_id < 40",
    finds: [],
  },
  {
    name: 'either of two tables, by conditions that few rows meet and no index serves yet',
    sql: "SELECT p.label, m.code FROM parts p JOIN makers m ON m.id = p.maker_id WHERE p.label = 'Part 3' OR m.\"Name\" = 'Maker 7'",
    finds: ['non-sargable-predicate p,m'],
  },
  {
    name: 'a name without regard to case, in lower case once more',
    sql: 'SELECT id FROM makers WHERE lower(handle) = $1',
    finds: ['non-sargable-predicate makers.handle'],
  },
  {
    name: 'a day that is added to a time',
    sql: "SELECT id FROM parts WHERE created_at + interval '1 day' < '2026-01-03Z'",
    finds: ['non-sargable-predicate parts.created_at'],
  },
  {
    name: 'a label in small letters, of which one is wanted',
    sql: 'SELECT price FROM parts WHERE lower(label) = $1 LIMIT 1',
    parameters: ['part 77'],
    finds: ['non-sargable-predicate parts.label'],
  },
  {
    name: 'days from one on',
    sql: "SELECT id FROM parts WHERE date_trunc('day', created_at) >= '2026-05-18Z'",
    finds: ['non-sargable-predicate parts.created_at'],
  },
  {
    name: 'a day as a text',
    sql: "SELECT id FROM parts WHERE to_char(created_at, 'YYYY-MM-DD') = '2026-02-01'",
    finds: ['non-sargable-predicate parts.created_at'],
  },
  {
    name: 'the time since a moment',
    sql: "SELECT id FROM parts WHERE timestamptz '2026-05-19 21:00Z' - created_at < interval '3 hours'",
    finds: ['non-sargable-predicate parts.created_at'],
  },
  {
    name: 'the time since a moment, by months, which are of no length',
    sql: "SELECT price FROM parts WHERE timestamptz '2026-05-19 21:00Z' - created_at < interval '1 month'",
    finds: [],
  },
  {
    name: 'a condition on what a WITH query gives',
    sql: "WITH new AS MATERIALIZED (SELECT id, label FROM parts WHERE maker_id = 7) SELECT id FROM new WHERE upper(label) = 'X'",
    finds: [],
  },
  {
    name: 'a column of the outer query within a function',
    sql: 'SELECT m.id FROM makers m WHERE m.country_id = 7 AND EXISTS (SELECT 1 FROM parts p WHERE p.maker_id = m.id AND abs(m.id) > 3)',
    finds: [],
  },
  {
    name: 'parameters of which nothing tells the type',
    sql: 'SELECT id FROM parts WHERE coalesce($1, label) = $2 AND ($3::text IS NULL OR stage::text = $3)',
    finds: [],
  },
  {
    name: 'the name of a domain’s type in capitals',
    sql: 'SELECT id FROM makers WHERE "Name" = $1',
    finds: [],
  },
];

/** Pages, orders and draws. */
const PAGES: readonly ReadCase[] = [
  {
    name: 'a deep page of a small table',
    sql: 'SELECT code FROM countries ORDER BY id LIMIT 20 OFFSET 5000',
    finds: [],
  },
  {
    name: 'a deep page of few rows of a large table',
    sql: 'SELECT id FROM parts WHERE maker_id = 7 ORDER BY id LIMIT 20 OFFSET 5000',
    finds: [],
  },
  {
    name: 'a deep page by a quoted key',
    sql: 'SELECT "Id" FROM "Order" ORDER BY "Id" LIMIT 20 OFFSET 5000',
    finds: ['deep-offset'],
  },
  {
    name: 'a deep page that counts all of them',
    sql: 'SELECT id, count(*) OVER () FROM parts ORDER BY id LIMIT 20 OFFSET 5000',
    finds: ['deep-offset'],
  },
  { name: 'a count beside rows that are taken to work on', sql: 'SELECT count(*) FROM bookings', finds: [] },
  {
    name: 'a page within FROM',
    sql: 'SELECT p.label, m.code FROM (SELECT label, maker_id FROM parts ORDER BY id LIMIT 20 OFFSET 5000) p JOIN makers m ON m.id = p.maker_id',
    finds: ['deep-offset'],
  },
  { name: 'the first notes by their key', sql: 'SELECT id, kind FROM part_notes ORDER BY id LIMIT 20', finds: [] },
  { name: 'a count of ones', sql: 'SELECT count(1) FROM part_notes', finds: ['paging-count'] },
  { name: 'a count of a key', sql: 'SELECT count("Order"."Id") FROM "Order"', finds: ['paging-count'] },
  { name: 'a count of different keys', sql: 'SELECT count(DISTINCT id) AS n FROM part_notes', finds: ['paging-count'] },
  { name: 'a count of different values', sql: 'SELECT count(DISTINCT part_id) FROM part_notes', finds: [] },
  { name: 'whether there are more than some', sql: 'SELECT count(*) FROM part_notes HAVING count(*) > 5', finds: [] },
  {
    name: 'a count up to a limit',
    sql: 'SELECT count(*) FROM (SELECT 1 AS one FROM part_notes LIMIT 1001) AS counted',
    finds: [],
  },
  { name: 'a count of what may be NULL', sql: 'SELECT count(note) FROM part_notes', finds: [] },
  {
    name: 'a count of what a subquery gives',
    sql: 'SELECT count(*) FROM (SELECT 1 AS one FROM part_notes) AS counted',
    finds: ['paging-count'],
  },
  {
    name: 'a count of some that a subquery gives',
    sql: "SELECT count(*) FROM (SELECT 1 AS one FROM part_notes WHERE kind = 'k1') AS counted",
    finds: [],
  },
  {
    name: 'a draw by a name that the statement gives',
    sql: 'SELECT label, random() AS draw FROM parts ORDER BY draw LIMIT 3',
    finds: ['random-order'],
  },
  {
    name: 'a draw by what is made of a random number',
    sql: 'SELECT label FROM parts ORDER BY md5(label || random()) LIMIT 3',
    finds: ['random-order'],
  },
  {
    name: 'rows that are taken to work on',
    sql: 'SELECT id FROM bookings ORDER BY id LIMIT 10 FOR UPDATE SKIP LOCKED',
    finds: [],
  },
  { name: 'the first row by its key', sql: 'SELECT id FROM bookings ORDER BY id DESC LIMIT 1', finds: [] },
  {
    name: 'a draw among few rows of a large table',
    sql: 'SELECT label FROM parts WHERE maker_id = 7 ORDER BY random() LIMIT 3',
    finds: [],
  },
  {
    name: 'a draw among all rows of a partitioned table',
    sql: 'SELECT value FROM readings ORDER BY random() LIMIT 3',
    finds: ['random-order'],
  },
];

/** All of them, by what they are about. */
export const STATEMENT_CASES: readonly (readonly [string, readonly ReadCase[]])[] = [
  ['joins', JOINS],
  ['rows that are multiplied', FAN_OUTS],
  ['conditions between tables', CONDITIONS],
  ['conditions on columns', PREDICATES],
  ['pages', PAGES],
];
