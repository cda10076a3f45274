import { describe, expect, it } from 'vitest';
import type { Session } from '../../../src/postgres/session.js';
import { formatArrayLiteral } from '../../../src/sql/array-literal.js';
import { writeBatch } from '../../../src/sql/batch/write-batch.js';
import { parseStatement } from '../../../src/sql/parse.js';
import { testDatabase } from '../../postgres.js';

const prepare = (session: Session) =>
  session.script(`
    CREATE TABLE stock (product int PRIMARY KEY, amount int DEFAULT 9, note text);
    INSERT INTO stock SELECT n, n, 'n' || n FROM generate_series(1, 6) AS n;
    CREATE TABLE prices (product int, price int); INSERT INTO prices VALUES (1, 10), (2, 20);
    ALTER TABLE stock ADD codes int[], ADD label char(3)`);

const batchOf = (text: string, types: readonly string[], options: Parameters<typeof writeBatch>[2] = {}) =>
  writeBatch(
    { text, parameters: types.map((type, index) => ({ number: index + 1, type })) },
    parseStatement(text).tree,
    options,
  );

const CASES: readonly (readonly [string, readonly string[], readonly (readonly string[])[]])[] = [
  ['UPDATE stock SET amount = amount + 1 WHERE product = $1', ['int'], [['1'], ['3'], ['99']]],
  [
    'UPDATE stock SET amount = $1, note = $2 WHERE product = $3',
    ['int', 'text', 'int'],
    [
      ['7', 'a', '1'],
      ['8', 'b,"', '2'],
    ],
  ],
  [
    'UPDATE stock s SET amount = $1 FROM prices p WHERE p.product = s.product AND p.price = $2',
    ['int', 'int'],
    [
      ['7', '10'],
      ['8', '20'],
    ],
  ],
  ['DELETE FROM stock WHERE product = $1', ['int'], [['1'], ['2']]],
  [
    'DELETE FROM stock WHERE product = $1 AND amount = $2',
    ['int', 'int'],
    [
      ['1', '1'],
      ['2', '9'],
    ],
  ],
  [
    'INSERT INTO stock (product, note) VALUES ($1, lower($2))',
    ['int', 'text'],
    [
      ['11', 'A'],
      ['12', 'B'],
    ],
  ],
  [
    'INSERT INTO stock (product, codes, label) VALUES ($1, $2, $3)',
    ['int', 'int[]', 'character'],
    [
      ['11', '{1,2}', 'abc'],
      ['12', '{}', 'd'],
    ],
  ],
  ['INSERT INTO stock (product) VALUES ($1) ON CONFLICT DO NOTHING', ['int'], [['1'], ['12'], ['12']]],
  [
    'INSERT INTO stock (product, note) VALUES ($1, $2) ON CONFLICT (product) DO UPDATE SET note = excluded.note',
    ...([
      ['int', 'text'],
      [
        ['1', 'x'],
        ['12', 'y'],
        ['12', 'z'],
        ['1', 'w'],
      ],
    ] as const),
  ],
  [
    'INSERT INTO stock (product, amount) VALUES ($1, $2) ON CONFLICT (product) DO UPDATE SET amount = stock.amount + excluded.amount',
    ...([
      ['int', 'int'],
      [
        ['1', '5'],
        ['12', '6'],
        ['2', '7'],
      ],
    ] as const),
  ],
];

describe('a batch of writes', () => {
  it.each(CASES)('leaves what the loop leaves: %s', async (text, types, calls) => {
    const { session } = await testDatabase({ template: 'stock', prepare });
    const state = async () => (await session.query('SELECT * FROM stock ORDER BY product')).rows;
    const before = await state();
    await session.query('BEGIN');
    for (const values of calls) await session.query(text, values);
    const looped = await state();
    await session.script('ROLLBACK; BEGIN');
    const batch = batchOf(text, types);
    const sql = 'sql' in batch ? batch.sql : batch.reason;
    await session.query(
      sql,
      types.map((_, index) => formatArrayLiteral(calls.map((values) => values[index] ?? null))),
    );
    expect([sql, await state()]).toEqual([sql, looped]);
    expect(looped).not.toEqual(before);
    await session.query('ROLLBACK');
  });

  it('keeps the last of several changes of a row, where the loop has made several', async () => {
    const { session } = await testDatabase({ template: 'stock', prepare });
    const text = 'UPDATE stock SET note = $1 WHERE product = $2';
    const calls = ['a', 'b', 'c', 'd'].map((note, place) => [note, String(1 + (place % 2))]);
    const parameters = ['text', 'int'].map((type, index) => ({ number: index + 1, type }));
    const batch = writeBatch({ text, parameters }, parseStatement(text).tree, { repeats: true });
    const sql = 'sql' in batch ? batch.sql : batch.reason;
    expect(sql).toMatchInlineSnapshot(
      `"UPDATE stock SET note = wanted.key_1 FROM (SELECT DISTINCT ON (key_2) * FROM unnest($1::text[], $2::int[]) WITH ORDINALITY AS wanted (key_1, key_2, place) ORDER BY key_2, place DESC) AS wanted WHERE product = wanted.key_2"`,
    );
    const values = [0, 1].map((index) => formatArrayLiteral(calls.map((each) => each[index] ?? null)));
    await session.query(sql, values);
    const { rows } = await session.query('SELECT note FROM stock WHERE product <= 2 ORDER BY product');
    expect(rows).toEqual([{ note: 'c' }, { note: 'd' }]);
  });

  it('is not given where one statement would do something else, and says why', () => {
    const update = 'UPDATE stock SET amount = amount + $1 WHERE product = $2';
    const reasons = [
      batchOf(update, ['int', 'int'], { repeats: true }),
      batchOf('UPDATE stock SET product = $1 WHERE product = $2', ['int', 'int']),
      batchOf("UPDATE stock SET note = $1 WHERE product = $2 AND note = 'new'", ['text', 'int'], { repeats: true }),
      batchOf('INSERT INTO stock VALUES ($1, (SELECT max(amount) + 1 FROM stock))', ['int']),
      batchOf('DELETE FROM stock s WHERE s.product = $1 AND EXISTS (SELECT FROM stock o WHERE o.amount = 1)', ['int']),
      batchOf('INSERT INTO stock VALUES ($1, DEFAULT)', ['int']),
      batchOf('INSERT INTO stock (product) VALUES ($1) ON CONFLICT (product) DO NOTHING RETURNING $1 + 1', ['int']),
    ];
    expect(reasons.map((each) => ('reason' in each ? each.reason : each.sql))).toEqual([
      'calls change one row several times, and what it sets depends on what the row holds by then',
      'it sets the column that it finds its rows by, so that a call may find what one before has set',
      'calls change one row several times, and it finds its rows by what it sets',
      'it reads the table that it writes to, which each call may find changed by those before',
      'it reads the table that it writes to, which each call may find changed by those before',
      'it inserts no plain row of values',
      'it names a value of the call outside of the row that it inserts',
    ]);
    expect(batchOf(update, ['int', 'int'])).toHaveProperty('sql');
    expect(batchOf("UPDATE stock SET note = $1 WHERE product = $2 AND note = 'new'", ['text', 'int'])).toHaveProperty(
      'sql',
    );
  });

  it('says what is different in what it takes and in what it gives back', () => {
    const hazards = (text: string, types: readonly string[]) => {
      const batch = batchOf(text, types);
      return 'hazards' in batch ? batch.hazards.slice(1) : [];
    };
    expect(hazards('INSERT INTO stock (product, codes) VALUES ($1, $2) RETURNING product', ['int', 'int[]'])).toEqual([
      '$2: an array of texts, each of which is an array as PostgreSQL writes it, such as {1,2}.',
      'RETURNING gives the rows of all calls at once, in no order that is promised: let it give the key as well.',
    ]);
    expect(hazards('INSERT INTO stock (product) VALUES ($1)', ['int'])).toEqual([]);
  });

  it('is written as a person would', () => {
    expect(CASES.map(([text, types]) => Object.values(batchOf(text, types))[0]).join('\n')).toMatchInlineSnapshot(`
      "UPDATE stock SET amount = amount + 1 WHERE product = ANY ($1::int[])
      UPDATE stock SET amount = wanted.key_1, note = wanted.key_2 FROM unnest($1::int[], $2::text[], $3::int[]) AS wanted (key_1, key_2, key_3) WHERE product = wanted.key_3
      UPDATE stock s SET amount = wanted.key_1 FROM unnest($1::int[], $2::int[]) AS wanted (key_1, key_2), prices p WHERE p.product = s.product AND p.price = wanted.key_2
      DELETE FROM stock WHERE product = ANY ($1::int[])
      DELETE FROM stock USING unnest($1::int[], $2::int[]) AS wanted (key_1, key_2) WHERE product = wanted.key_1 AND amount = wanted.key_2
      INSERT INTO stock (product, note) SELECT wanted.key_1, lower(wanted.key_2) FROM unnest($1::int[], $2::text[]) AS wanted (key_1, key_2)
      INSERT INTO stock (product, codes, label) SELECT wanted.key_1, wanted.key_2::int[], wanted.key_3 FROM unnest($1::int[], $2::text[], $3::pg_catalog.bpchar[]) AS wanted (key_1, key_2, key_3)
      INSERT INTO stock (product) SELECT wanted.key_1 FROM unnest($1::int[]) AS wanted (key_1) ON CONFLICT DO NOTHING
      INSERT INTO stock (product, note) SELECT DISTINCT ON (wanted.key_1) wanted.key_1, wanted.key_2 FROM unnest($1::int[], $2::text[]) WITH ORDINALITY AS wanted (key_1, key_2, place) ORDER BY wanted.key_1, wanted.place DESC ON CONFLICT (product) DO UPDATE SET note = excluded.note
      INSERT INTO stock (product, amount) SELECT wanted.key_1, wanted.key_2 FROM unnest($1::int[], $2::int[]) AS wanted (key_1, key_2) ON CONFLICT (product) DO UPDATE SET amount = stock.amount + excluded.amount"
    `);
  });
});
