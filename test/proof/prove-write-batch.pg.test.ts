import { beforeAll, describe, expect, it } from 'vitest';
import type { Session } from '../../src/postgres/session.js';
import { proveWriteBatch } from '../../src/proof/prove-write-batch.js';
import { writeBatch } from '../../src/sql/batch/write-batch.js';
import { parseStatement } from '../../src/sql/parse.js';
import { testDatabase } from '../postgres.js';

let session: Session;

beforeAll(async () => {
  ({ session } = await testDatabase());
  await session.script(`
    CREATE TABLE stock (product int PRIMARY KEY, amount int DEFAULT 9 CHECK (amount >= 0), note text);
    INSERT INTO stock SELECT n, n, 'n' || n FROM generate_series(1, 6) AS n;
    CREATE TABLE moves (id bigserial PRIMARY KEY, product int REFERENCES stock ON DELETE CASCADE, at timestamptz DEFAULT clock_timestamp(), by int);
    INSERT INTO moves (product, by) VALUES (1, 1), (1, 2), (2, 1);
    CREATE TABLE audited (key int PRIMARY KEY, state text);
    INSERT INTO audited SELECT n, 'new' FROM generate_series(1, 5) AS n;
    CREATE TABLE audit (key int, note text);
    CREATE FUNCTION note_row() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN INSERT INTO audit VALUES (new.key, old.state); RETURN new; END';
    CREATE TRIGGER note_row AFTER UPDATE ON audited FOR EACH ROW EXECUTE FUNCTION note_row();
    CREATE TABLE counted (key int PRIMARY KEY, state text);
    INSERT INTO counted SELECT n, 'new' FROM generate_series(1, 5) AS n;
    CREATE FUNCTION note_statement() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN INSERT INTO audit VALUES (0, ''changed''); RETURN NULL; END';
    CREATE TRIGGER note_statement AFTER UPDATE ON counted FOR EACH STATEMENT EXECUTE FUNCTION note_statement();
    CREATE TABLE tasks (key int PRIMARY KEY, state text, place int);
    INSERT INTO tasks SELECT n, 'new', n FROM generate_series(1, 5) AS n;
    CREATE TABLE latest (one int PRIMARY KEY DEFAULT 1, task int, note serial); INSERT INTO latest DEFAULT VALUES;
    CREATE FUNCTION note_latest() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN UPDATE latest SET task = new.key; RETURN new; END';
    CREATE TRIGGER note_latest AFTER UPDATE OF state ON tasks FOR EACH ROW EXECUTE FUNCTION note_latest();
    CREATE FUNCTION move_others() RETURNS trigger LANGUAGE plpgsql AS
      'BEGIN UPDATE tasks SET place = -new.place WHERE key = 5; RETURN new; END';
    CREATE TRIGGER move_others AFTER UPDATE OF place ON tasks FOR EACH ROW WHEN (new.key <> 5) EXECUTE FUNCTION move_others();
    CREATE EXTENSION citext; CREATE TABLE people (name citext PRIMARY KEY, age int); INSERT INTO people VALUES ('Ann', 1), ('Bob', 2);
    CREATE TABLE loose (a int, b text); INSERT INTO loose VALUES (1, 'x'), (1, 'x'), (2, 'y');
    CREATE TABLE parts (a int, b text) PARTITION BY LIST (a);
    CREATE TABLE parts_1 PARTITION OF parts FOR VALUES IN (1); CREATE TABLE parts_2 PARTITION OF parts FOR VALUES IN (2)`);
});

type Calls = readonly (readonly (string | null)[])[];

interface Attempt {
  readonly types: readonly string[];
  readonly calls: Calls;
  readonly repeats?: boolean;
  /** In place of the batch that is made for it. */
  readonly sql?: string;
}

async function tried(text: string, { types, calls, sql, repeats = false }: Attempt) {
  const { tree } = parseStatement(text);
  const parameters = types.map((type, index) => ({ number: index + 1, type }));
  const made = writeBatch({ text, parameters }, tree, { repeats });
  const [name = ''] = /\w+$/.exec(text.replace(/^(?:INSERT INTO|UPDATE|DELETE FROM) (\w+).*$/s, '$1')) ?? [];
  const batch = { sql: sql ?? ('sql' in made ? made.sql : made.reason), hazards: [] };
  const loop = { text, tree, calls, varying: types.map((_, index) => index + 1), relation: { schema: 'public', name } };
  return proveWriteBatch(session, loop, { batch, statementTimeoutMs: 5000 });
}

const keys = (...values: readonly number[]): Calls => values.map((value) => [String(value)]);

const ADDING =
  'INSERT INTO stock (product, amount) VALUES ($1, $2) ON CONFLICT (product) DO UPDATE SET amount = stock.amount + excluded.amount';
const twice: Calls = [
  ['1', '5'],
  ['12', '6'],
  ['12', '7'],
  ['1', '5'],
];

describe('a batch of writes', () => {
  it.each<[string, Attempt, number]>([
    ['UPDATE stock SET amount = amount + 1 WHERE product = $1', { types: ['int'], calls: keys(1, 3, 99) }, 2],
    [
      'UPDATE stock SET note = $1 WHERE product = $2 RETURNING note',
      {
        types: ['text', 'int'],
        calls: [
          ['a', '1'],
          ['b', '2'],
        ],
      },
      2,
    ],
    ['DELETE FROM stock WHERE product = $1 -- by key', { types: ['int'], calls: keys(1, 2) }, 2],
    [
      'INSERT INTO moves (product, by) VALUES ($1, $2)',
      {
        types: ['int', 'int'],
        calls: [
          ['1', '7'],
          ['1', '7'],
          ['2', '8'],
        ],
      },
      3,
    ],
    [
      'INSERT INTO stock (product, note) VALUES ($1, $2) ON CONFLICT (product) DO UPDATE SET note = excluded.note',
      {
        types: ['int', 'text'],
        calls: [
          ['1', 'x'],
          ['12', 'y'],
          ['12', 'z'],
        ],
      },
      2,
    ],
    [ADDING, { types: ['int', 'int'], calls: twice, repeats: true }, 2],
    ['UPDATE loose SET b = $1 WHERE a = $2', { types: ['text', 'int'], calls: [['z', '1']] }, 2],
    [
      'INSERT INTO parts VALUES ($1, $2)',
      {
        types: ['int', 'text'],
        calls: [
          ['1', 'p'],
          ['2', 'p'],
        ],
      },
      2,
    ],
    ["UPDATE audited AS a SET state = 'done' WHERE a.key = $1", { types: ['int'], calls: keys(1, 2, 3) }, 3],
  ])('is seen to leave what the loop leaves: %s', async (text, attempt, rows) => {
    expect(await tried(text, attempt)).toMatchObject({
      verdict: { kind: 'equal', rows, calls: attempt.calls.length, ranOn: expect.stringMatching(/^scratch \d/) },
    });
  });

  it('leaves the copy as it was', async () => {
    const state = () => session.query('SELECT (SELECT sum(amount) FROM stock) AS stock, count(*) FROM moves');
    const { rows: before } = await state();
    await tried('DELETE FROM stock WHERE product = $1', { types: ['int'], calls: keys(1, 2) });
    expect((await state()).rows).toEqual(before);
  });

  it('names triggers, columns that no two runs agree in, and calls that are refused by themselves', async () => {
    const audited = await tried("UPDATE audited SET state = 'x' WHERE key = $1", { types: ['int'], calls: keys(1, 2) });
    expect(audited.hazards).toEqual(['Triggers of the table run within the one statement: note_row.']);
    const moved = await tried('INSERT INTO moves (product) VALUES ($1)', { types: ['int'], calls: keys(1, 99, 2) });
    expect(moved.verdict).toMatchObject({ kind: 'equal', calls: 2 });
    expect(moved.hazards).toEqual([
      '1 of 3 calls are refused there and were left out: insert or update on table "moves" violates foreign key constraint "moves_product_fkey".',
      'Not compared, since two runs of the loop differ in it as well: id, at.',
    ]);
  });
});

describe('a batch of writes that is wrong', () => {
  it.each<[string, string, Attempt]>([
    [
      'a key that comes twice and adds up in the loop alone',
      'UPDATE stock SET amount = amount + 1 WHERE product = $1',
      { types: ['int'], calls: keys(1, 1, 2) },
    ],
    [
      'rows that the loop leaves alone',
      'DELETE FROM stock WHERE product = $1',
      { types: ['int'], calls: keys(1, 2), sql: 'DELETE FROM stock WHERE product >= ANY ($1::int[])' },
    ],
    [
      'amounts of which the last alone is added',
      ADDING,
      {
        types: ['int', 'int'],
        calls: twice,
        sql: ADDING.replace(
          'VALUES ($1, $2)',
          'SELECT DISTINCT ON (k) k, a FROM unnest($1::int[], $2::int[]) WITH ORDINALITY AS w (k, a, n) ORDER BY k, n DESC',
        ),
      },
    ],
    [
      'equal amounts that are added once',
      ADDING,
      {
        types: ['int', 'int'],
        calls: twice,
        sql: ADDING.replace(
          'VALUES ($1, $2)',
          'SELECT k, sum(DISTINCT a) FROM unnest($1::int[], $2::int[]) AS w (k, a) GROUP BY k',
        ),
      },
    ],
    [
      'values that are given to the wrong keys',
      'UPDATE stock SET amount = $1 WHERE product = $2',
      {
        types: ['int', 'int'],
        calls: [
          ['70', '1'],
          ['80', '2'],
        ],
        sql: 'UPDATE stock SET amount = w.a FROM unnest($1::int[]) WITH ORDINALITY w (a, n), unnest($2::int[]) WITH ORDINALITY k (b, n) WHERE product = k.b AND w.n = 3 - k.n',
      },
    ],
    [
      'duplicates that are lost',
      'INSERT INTO moves (product, by) VALUES ($1, $2)',
      {
        types: ['int', 'int'],
        calls: [
          ['1', '7'],
          ['1', '7'],
        ],
        sql: 'INSERT INTO moves (product, by) SELECT DISTINCT * FROM unnest($1::int[], $2::int[])',
      },
    ],
    [
      'a statement trigger that runs once',
      "UPDATE counted SET state = 'x' WHERE key = $1",
      { types: ['int'], calls: keys(1, 2) },
    ],
    [
      'what a trigger leaves in another table',
      "UPDATE tasks SET state = 'done' WHERE key = $1",
      { types: ['int'], calls: keys(3, 1, 2) },
    ],
    [
      'what a trigger leaves in another row',
      'UPDATE tasks SET place = $1 WHERE key = $2',
      {
        types: ['int', 'int'],
        calls: [
          ['30', '3'],
          ['10', '1'],
          ['20', '2'],
        ],
        sql: 'UPDATE tasks SET place = w.p FROM (SELECT * FROM unnest($1::int[], $2::int[]) AS u (p, k) ORDER BY k) AS w WHERE key = w.k',
      },
    ],
    [
      'a row that two calls find by names that are equal to the server',
      'UPDATE people SET age = $1 WHERE name = $2',
      {
        types: ['int', 'citext'],
        calls: [
          ['5', 'ann'],
          ['6', 'ANN'],
          ['7', 'bob'],
        ],
      },
    ],
    [
      'a row that is refused with all others',
      'INSERT INTO stock (product) VALUES ($1)',
      { types: ['int'], calls: keys(11, 12), sql: 'INSERT INTO stock (product) SELECT 11 FROM unnest($1::int[])' },
    ],
  ])('is told by %s', async (_, text, attempt) => {
    expect((await tried(text, attempt)).verdict.kind).toBe('differs');
  });

  it('is told where it may have met the right one of several changes of a row by chance', async () => {
    const calls = [
      ['5', 'ann'],
      ['6', 'ANN'],
    ];
    const { verdict } = await tried('UPDATE people SET age = $1 WHERE name = $2', { types: ['int', 'citext'], calls });
    expect(verdict).toEqual({
      kind: 'differs',
      reason: 'calls of the loop change one row several times, where one statement does it once',
    });
  });

  it('says nothing where no call does anything on the copy', async () => {
    const gone = await tried('DELETE FROM stock WHERE product = $1', { types: ['int'], calls: keys(77, 78) });
    expect(gone.verdict).toEqual({
      kind: 'not run',
      reason: 'the calls change no row of the copy; take one from before them',
    });
    const there = await tried('INSERT INTO stock (product) VALUES ($1)', { types: ['int'], calls: keys(1, 2) });
    expect(there.verdict).toEqual({
      kind: 'not run',
      reason: 'each call is refused on the copy: duplicate key value violates unique constraint "stock_pkey"',
    });
  });
});
