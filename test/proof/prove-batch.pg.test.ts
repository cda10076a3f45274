import { beforeAll, describe, expect, it } from 'vitest';
import type { Session } from '../../src/postgres/session.js';
import { proveBatch } from '../../src/proof/prove-batch.js';
import { type SelectBatch, selectBatches } from '../../src/sql/batch/select-batch.js';
import { parseStatement } from '../../src/sql/parse.js';
import { bodyOf } from '../../src/sql/walk.js';
import { testDatabase } from '../postgres.js';

let session: Session;

beforeAll(async () => {
  ({ session } = await testDatabase());
  // Keys 1 to 5: four rows with a tie, two equal rows, one row, none, one row of a sum of NULL.
  await session.script(`
    CREATE TABLE items (id int, box int, day date, amount int);
    INSERT INTO items VALUES (1, 1, '2026-01-03', 5), (2, 1, '2026-01-01', 6), (3, 1, '2026-01-02', 7), (4, 1, '2026-01-04', 7),
      (5, 2, '2026-01-01', 1), (5, 2, '2026-01-01', 1), (6, 3, '2026-01-01', 2), (7, 5, '2026-01-01', NULL)`);
});

const CALLS = ['3', '1', '2', '4', '5'].map((key) => [key]);

async function tried(
  text: string,
  batch: SelectBatch,
  calls: readonly (readonly string[])[] = CALLS,
  types: readonly string[] | null = null,
) {
  const isOrdered = bodyOf(parseStatement(text).tree, 'SelectStmt')?.sortClause !== undefined;
  const varying = calls[0]?.map((_, index) => index + 1) ?? [];
  const parameters = types?.map((type, index) => ({ number: index + 1, type }));
  const loop = { text, calls, varying, isOrdered, ...(parameters === undefined ? {} : { parameters }) };
  return proveBatch(session, loop, { batch, statementTimeoutMs: 5000 });
}

const batchesOf = (text: string, types: readonly string[]) =>
  selectBatches(
    { text, parameters: types.map((type, index) => ({ number: index + 1, type })) },
    parseStatement(text).tree,
  );

describe('a batch', () => {
  it.each([
    ['SELECT * FROM items WHERE box = $1', 2],
    ['SELECT id FROM items WHERE amount > 1 AND box = $1', 2],
    ['SELECT i.id, i.box FROM items i JOIN items j USING (id) WHERE i.box = $1 ORDER BY i.day', 2],
    ['SELECT count(*) FROM items WHERE box = $1', 2],
    ['SELECT sum(amount) AS total FROM items WHERE box = $1 AND amount > 0', 2],
    ['SELECT id FROM items WHERE box = $1 ORDER BY day DESC LIMIT 2', 1],
    ['SELECT DISTINCT amount FROM items WHERE box = $1', 1],
    ['SELECT day, count(*) FROM items WHERE box = $1 GROUP BY day ORDER BY day', 1],
    ['SELECT id FROM items WHERE box = $1 OR amount = $1', 1],
  ])('gives the rows of the loop: %s', async (text, count) => {
    const batches = batchesOf(text, ['integer']);
    expect(batches).toHaveLength(count);
    for (const batch of batches)
      expect([batch.sql, await tried(text, batch)]).toMatchObject([batch.sql, { kind: 'equal', calls: 5 }]);
  });

  it('gives the rows of a loop over several values', async () => {
    const text = 'SELECT id FROM items WHERE box = $1 AND day = $2 ORDER BY id';
    const [batch] = batchesOf(text, ['integer', 'date']);
    expect(batch?.sql).toMatchInlineSnapshot(`
      "SELECT wanted.key_1, wanted.key_2, found.*
        FROM unnest($1::integer[], $2::date[]) WITH ORDINALITY AS wanted (key_1, key_2, place)
       CROSS JOIN LATERAL (SELECT ordered.*, row_number() OVER () AS row_place FROM (SELECT id FROM items WHERE box = wanted.key_1 AND day = wanted.key_2 ORDER BY id) AS ordered) AS found
       ORDER BY wanted.place, found.row_place"
    `);
    const calls = [
      ['1', '2026-01-01'],
      ['2', '2026-01-01'],
      ['4', '2026-01-01'],
    ];
    expect(batch && (await tried(text, batch, calls))).toMatchObject({ kind: 'equal', rows: 3 });
  });

  it.each<[string, readonly string[], readonly (readonly string[])[], number]>([
    [
      'SELECT id FROM things WHERE is_old = $1 AND code = $2',
      ['boolean', 'character'],
      [
        ['true', 'ab'],
        ['false', 'cd'],
      ],
      1,
    ],
    ['SELECT id FROM things WHERE at = $1', ['timestamp with time zone'], [['2026-01-01T00:00:00Z']], 2],
    ['SELECT id FROM things WHERE code = $1', ['character'], [['ab'], ['cd']], 2],
    ['SELECT id FROM things WHERE tags = $1', ['text[]'], [['{a,b}'], ['{ c }']], 1],
    ['SELECT id FROM things WHERE flags = $1', ['bit'], [['101'], ['110']], 2],
  ])('gives the rows of keys that the server writes otherwise: %s', async (text, types, calls, count) => {
    await session.script(`
      CREATE TABLE IF NOT EXISTS things (id int, is_old boolean, code char(4), at timestamptz, tags text[], flags bit(3));
      TRUNCATE things; INSERT INTO things VALUES (1, true, 'ab', '2026-01-01Z', '{a,b}', B'101'), (2, false, 'cd', '2026-01-02Z', '{c}', B'110')`);
    const batches = batchesOf(text, types);
    expect(batches).toHaveLength(count);
    const verdicts = [];
    for (const batch of batches) verdicts.push((await tried(text, batch, calls, types)).kind);
    // A key of a fixed length comes back longer than it was asked for: the last batch gives it as it was.
    expect([text, verdicts.at(-1)]).toEqual([text, 'equal']);
  });

  it('shows the key beside the rows where the result does not hold it, or holds it under another table', () => {
    const keysBefore = (text: string) => batchesOf(text, ['integer']).map((batch) => batch.keysBefore);
    const joined = 'FROM items i JOIN items j ON j.id = i.id + 1 WHERE i.box = $1';
    expect(keysBefore(`SELECT i.box, i.id ${joined}`)).toEqual([0, 1]);
    expect(keysBefore(`SELECT j.box, i.id ${joined}`)).toEqual([1, 1]);
    expect(keysBefore(`SELECT * ${joined}`)).toEqual([1, 1]);
    expect(keysBefore(`SELECT i.*, j.box ${joined}`)).toEqual([1, 1]);
    expect(keysBefore('SELECT id AS box FROM items WHERE box = $1')).toEqual([1, 1]);
    // The first column is another one behind the key.
    expect(keysBefore('SELECT id FROM items WHERE box = $1 ORDER BY 1')).toEqual([1]);
    expect(batchesOf('SELECT id FROM items WHERE box = $1 ORDER BY 1', ['integer'])[0]?.sql).toContain('LATERAL');
  });

  it('is written as a person would', () => {
    const plain = (text: string) => batchesOf(text, ['integer'])[0]?.sql;
    expect(plain('SELECT id FROM items WHERE box = $1 LIMIT 1')).toMatchInlineSnapshot(`
      "SELECT wanted.key_1, found.*
        FROM unnest($1::integer[]) WITH ORDINALITY AS wanted (key_1, place)
       CROSS JOIN LATERAL (SELECT id FROM items WHERE box = wanted.key_1 LIMIT 1) AS found
       ORDER BY wanted.place"
    `);
    expect(plain('SELECT count(*) FROM items WHERE box = $1')).toMatchInlineSnapshot(`
      "SELECT wanted.key_1, coalesce(found.value, 0) AS count
        FROM unnest($1::integer[]) AS wanted (key_1)
        LEFT JOIN (SELECT box AS key_1, count(*) AS value FROM items WHERE box = ANY ($1::integer[]) GROUP BY box) AS found ON found.key_1 = wanted.key_1"
    `);
    expect(plain('SELECT i.id FROM items i WHERE i.box = $1 ORDER BY i.day')).toMatchInlineSnapshot(
      `"SELECT i.box, i.id FROM items i WHERE i.box = ANY ($1::integer[]) ORDER BY i.day"`,
    );
  });
});

it('nothing is said of a batch where no key gives a row', async () => {
  const text = 'SELECT id FROM items WHERE box = $1';
  const [batch] = batchesOf(text, ['integer']);
  expect(batch && (await tried(text, batch, [['77'], ['78']]))).toEqual({
    kind: 'not run',
    reason: 'none of its keys gives a row any more, so that nothing could be compared',
  });
});

describe('a batch that is wrong', () => {
  const lateral = (inner: string, rest = '') =>
    `SELECT w.key, f.* FROM unnest($1::int[]) WITH ORDINALITY AS w (key, place) CROSS JOIN LATERAL (${inner}) f ${rest}`;
  const LATEST = 'SELECT id FROM items WHERE box = $1 ORDER BY day DESC LIMIT 2';

  it.each([
    [
      'an order that is dropped',
      'SELECT id FROM items WHERE box = $1 ORDER BY day',
      'SELECT box, id FROM items WHERE box = ANY ($1) ORDER BY id',
    ],
    [
      'duplicates that are lost',
      'SELECT id FROM items WHERE box = $1',
      'SELECT DISTINCT box, id FROM items WHERE box = ANY ($1)',
    ],
    [
      'a NULL key that meets rows',
      'SELECT id FROM items WHERE box = $1',
      lateral('SELECT id FROM items WHERE box = w.key OR w.key IS NULL'),
    ],
    [
      'groups without rows that are missing',
      'SELECT count(*) FROM items WHERE box = $1',
      'SELECT box, count(*) FROM items WHERE box = ANY ($1) GROUP BY box',
    ],
    [
      'a sum that turns to zero',
      'SELECT sum(amount) FROM items WHERE box = $1',
      lateral('SELECT coalesce(sum(amount), 0) FROM items WHERE box = w.key'),
    ],
    [
      'a limit of each that became one of all',
      LATEST,
      'SELECT box, id FROM items WHERE box = ANY ($1) ORDER BY day DESC LIMIT 2',
    ],
    [
      'the least in place of the greatest',
      LATEST,
      lateral('SELECT id FROM items WHERE box = w.key ORDER BY day LIMIT 2'),
    ],
    [
      'rows under the wrong key',
      'SELECT id FROM items WHERE box = $1',
      'SELECT box + 1, id FROM items WHERE box = ANY ($1)',
    ],
  ])('is told by %s', async (_, text, sql) => {
    expect((await tried(text, { sql, keysBefore: 1, keyColumn: null })).kind).toBe('differs');
  });

  it('is told where the server refuses it, and not where the server refuses the loop', async () => {
    const batch = { sql: 'SELECT nothing', keysBefore: 1, keyColumn: null };
    expect(await tried('SELECT id FROM items WHERE box = $1', batch)).toEqual({
      kind: 'differs',
      reason: 'the batch is refused: column "nothing" does not exist',
    });
    expect(await tried('SELECT id FROM items WHERE boxes = $1', batch)).toMatchObject({ kind: 'not run' });
    expect((await session.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  });
});
