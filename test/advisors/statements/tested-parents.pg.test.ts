import { beforeAll, describe, expect, it } from 'vitest';
import { needlessJoins } from '../../../src/advisors/statements/needless-joins.js';
import { readText } from '../../../src/advisors/statements/read-statement.js';
import type { Catalog } from '../../../src/model/catalog.js';
import type { Session } from '../../../src/postgres/session.js';
import { readSnapshot } from '../../../src/postgres/snapshot-reader.js';
import { testDatabase } from '../../postgres.js';

let session: Session;
let catalog: Catalog;

beforeAll(async () => {
  ({ session } = await testDatabase());
  await session.script(`
    CREATE TYPE place AS (x int, y int);
    CREATE TABLE gifts (id int PRIMARY KEY, amount int NOT NULL, note text, at place NOT NULL, code text UNIQUE);
    INSERT INTO gifts SELECT n, n, CASE WHEN n > 1 THEN 'n' END, ROW(NULL, NULL)::place, CASE WHEN n < 3 THEN 'c' || n END FROM generate_series(1, 3) n;
    CREATE TABLE hidden (id int PRIMARY KEY); CREATE TABLE heirs_of (id int PRIMARY KEY); CREATE TABLE heirs () INHERITS (heirs_of);
    INSERT INTO hidden VALUES (1); ALTER TABLE hidden ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
    CREATE POLICY own ON hidden USING (false);
    CREATE TABLE parts (
      id int PRIMARY KEY, due int, gift_id int REFERENCES gifts, code text REFERENCES gifts (code), wide bigint REFERENCES gifts,
      hidden_id int REFERENCES hidden, heir_id int REFERENCES heirs_of, late_id int REFERENCES gifts DEFERRABLE, free_id int);
    ALTER TABLE parts ADD open_id int; ALTER TABLE parts ADD FOREIGN KEY (open_id) REFERENCES gifts NOT VALID;
    INSERT INTO parts SELECT n, n % 3, NULLIF(n % 4, 0), CASE WHEN n % 2 = 0 THEN 'c1' END, NULL, NULL, NULL, NULL, n FROM generate_series(1, 12) n`);
  ({ catalog } = await readSnapshot(session));
});

/** The statements that leave such a join out. */
function written(sql: string): readonly string[] {
  const read = readText(sql, catalog);
  if (read === null) return [];
  return needlessJoins(read, catalog).flatMap(({ kind, text }) =>
    kind === 'tested' ? [text.replaceAll(/\s+/g, ' ')] : [],
  );
}

const JOINED = 'FROM parts p LEFT JOIN gifts g ON g.id = p.gift_id';

describe('a parent of which its being there is asked', () => {
  it.each([
    `SELECT p.id ${JOINED} WHERE g.id IS NULL AND p.due < 2`,
    `SELECT p.id ${JOINED} WHERE g.amount IS NOT NULL OR p.due = 1`,
    `SELECT p.id, g.id IS NULL AS missing ${JOINED} WHERE NOT (g.amount IS NULL AND p.due = 1) ORDER BY g.id IS NULL, p.id`,
    `SELECT g.id IS NULL, count(*) FILTER (WHERE g.amount IS NULL) ${JOINED} GROUP BY g.id IS NULL`,
    `SELECT p.id, CASE WHEN g.id IS NOT NULL THEN 'paid' ELSE 'open' END ${JOINED}`,
    'SELECT p.id FROM parts p LEFT JOIN gifts g ON p.code = g.code WHERE g.code IS NULL',
    `SELECT p.id, q.id ${JOINED} LEFT JOIN parts q ON q.due = p.id AND g.id IS NULL`,
    `SELECT x.id FROM (SELECT p.id, p.due ${JOINED} WHERE g.id IS NULL) x WHERE x.due = 0`,
    `SELECT q.id FROM parts q WHERE EXISTS (SELECT 1 ${JOINED} WHERE g.id IS NULL AND p.due = q.due)`,
  ])('is left out: %s', async (sql) => {
    const others = written(sql);
    expect(others).toHaveLength(1);
    expect(others[0]).not.toMatch(/JOIN gifts/);
    const [rows, left] = [await session.query(sql), await session.query(others[0] ?? '')].map((each) =>
      each.rows.map((row) => JSON.stringify(row)).sort(),
    );
    expect(rows?.length).toBeGreaterThan(0);
    expect(left).toEqual(rows);
  });

  it.each([
    ['a column that may be NULL is asked for', `SELECT p.id ${JOINED} WHERE g.note IS NULL`],
    ['a value of fields that are NULL is asked for', `SELECT p.id ${JOINED} WHERE g.at IS NULL`],
    ['another column is read', `SELECT p.id, g.amount ${JOINED} WHERE g.id IS NULL`],
    ['a star may read it', `SELECT * ${JOINED} WHERE g.id IS NULL`],
    ['the whole row is asked for', `SELECT p.id ${JOINED} WHERE g IS NULL`],
    ['it is compared', `SELECT p.id ${JOINED} WHERE g.id IS NULL OR g.amount > 2`],
    ['a query within asks', `SELECT p.id ${JOINED} WHERE EXISTS (SELECT 1 FROM hidden p WHERE g.id IS NULL)`],
    ['it is grouped by', `SELECT g.id IS NULL, count(*) ${JOINED} GROUP BY g.id`],
    ['the join asks for more', `SELECT p.id ${JOINED} AND g.amount > 1 WHERE g.id IS NULL`],
    ['there is no key', 'SELECT p.id FROM parts p LEFT JOIN gifts g ON g.id = p.free_id WHERE g.id IS NULL'],
    ['the key was not checked', 'SELECT p.id FROM parts p LEFT JOIN gifts g ON g.id = p.open_id WHERE g.id IS NULL'],
    [
      'the key may lead nowhere for a while',
      'SELECT p.id FROM parts p LEFT JOIN gifts g ON g.id = p.late_id WHERE g.id IS NULL',
    ],
    [
      'another column is joined',
      'SELECT p.id FROM parts p LEFT JOIN gifts g ON g.amount = p.gift_id WHERE g.id IS NULL',
    ],
    ['rows may be hidden', 'SELECT p.id FROM parts p LEFT JOIN hidden h ON h.id = p.hidden_id WHERE h.id IS NULL'],
    ['tables inherit', 'SELECT p.id FROM parts p LEFT JOIN heirs_of h ON h.id = p.heir_id WHERE h.id IS NULL'],
    [
      'the row itself may be missing',
      'SELECT q.id FROM gifts q LEFT JOIN parts p ON p.due = q.id LEFT JOIN gifts g ON g.id = p.gift_id WHERE g.id IS NULL',
    ],
    [
      'the row itself may be missing further out',
      `SELECT q.id ${JOINED} RIGHT JOIN gifts q ON q.id = p.due WHERE g.id IS NULL`,
    ],
    [
      'the column is of another query',
      'SELECT p.id FROM parts p WHERE EXISTS (SELECT 1 FROM hidden h LEFT JOIN gifts g ON g.id = p.gift_id WHERE g.id IS NULL)',
    ],
    ['rows are locked', `SELECT p.id ${JOINED} WHERE g.id IS NULL FOR UPDATE OF p`],
  ])('stays where %s', (_, sql) => {
    expect(written(sql)).toEqual([]);
  });
});
