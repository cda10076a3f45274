import { describe, expect, it } from 'vitest';
import type { Session } from '../../../src/postgres/session.js';
import { formatArrayLiteral } from '../../../src/sql/array-literal.js';
import { writeBatch } from '../../../src/sql/batch/write-batch.js';
import { parseStatement } from '../../../src/sql/parse.js';
import { testDatabase } from '../../postgres.js';
import { seeded } from '../../workload/lineage/traffic.js';

const KEYS = 9;
const CALLS = 40;

const prepare = (session: Session) =>
  session.script(`
    CREATE TABLE tallies (
      shop int, day int, n bigint DEFAULT 100, top int, low int, note text, state text DEFAULT 'old', seen boolean, tags text[],
      PRIMARY KEY (shop, day));
    INSERT INTO tallies (shop, day, n, top, low, note, seen)
    SELECT k, 1, k * 10, nullif(k, 2), nullif(k, 3), nullif('note ' || k, 'note 4'), k % 2 = 0 FROM generate_series(1, 5) AS k`);

type Value = (pick: (count: number) => number) => string | null;
const number: Value = (pick) => String(pick(50) - 10);
const numberOrNull: Value = (pick) => (pick(4) === 0 ? null : number(pick));
const word: Value = (pick) => (pick(4) === 0 ? null : `word ${pick(1000)}`);
const bit: Value = (pick) => (pick(2) === 0 ? 'false' : 'true');

interface Form {
  readonly columns: readonly string[];
  /** In VALUES behind the key `$1`, with `$2` …; the key alone changes where there are none. */
  readonly values: readonly string[];
  readonly set: string;
  readonly types: readonly string[];
  readonly draw: readonly Value[];
}

const form = (columns: string, values: string, set: string, ...drawn: readonly (readonly [string, Value])[]): Form => ({
  ...{ columns: columns.split(' '), values: values.split(' '), set },
  ...{ types: drawn.map(([type]) => type), draw: drawn.map(([, value]) => value) },
});

const FORMS: readonly Form[] = [
  form('n', '$2', 'n = tallies.n + excluded.n', ['integer', number]),
  form('n', '$2', 'n = excluded.n + coalesce(tallies.n, 7)', ['bigint', number]),
  form('n', '$2', 'n = tallies.n + $2', ['bigint', number]),
  form('n', '1', 'n = tallies.n + 1'),
  form('n', '3', 'n = tallies.n + excluded.n'),
  form(
    'top low',
    '$2 $3',
    'top = greatest(tallies.top, excluded.top), low = least(excluded.low, tallies.low)',
    ...([
      ['integer', numberOrNull],
      ['integer', numberOrNull],
    ] as const),
  ),
  form(
    'note n',
    '$2 $3',
    'note = excluded.note, n = tallies.n + excluded.n',
    ...([
      ['text', word],
      ['integer', number],
    ] as const),
  ),
  form(
    'note state',
    '$2 $3',
    'note = $2',
    ...([
      ['text', word],
      ['text', word],
    ] as const),
  ),
  form('note', 'lower($2)', 'note = coalesce(tallies.note, excluded.note)', ['text', word]),
  form(
    'note state',
    '$2 $3',
    '(note, state) = (coalesce(excluded.note, tallies.note), tallies.state)',
    ...([
      ['text', word],
      ['text', word],
    ] as const),
  ),
  form('seen', '$2', 'seen = tallies.seen OR excluded.seen', ['boolean', bit]),
  form('seen state', "$2 'met'", "seen = excluded.seen AND tallies.seen, state = 'met'", ['boolean', bit]),
];

function statementOf({ columns, values, set }: Form): string {
  return `INSERT INTO tallies AS tallies (shop, day, ${columns.join(', ')}) VALUES ($1, 1, ${values.join(', ')}) ON CONFLICT (shop, day) DO UPDATE SET ${set}`;
}

function batchOf(
  text: string,
  types: readonly string[],
  options: Parameters<typeof writeBatch>[2] = { repeats: true },
) {
  const parameters = types.map((type, index) => ({ number: index + 1, type }));
  return writeBatch({ text, parameters }, parseStatement(text).tree, options);
}

function sqlOf(batch: ReturnType<typeof writeBatch>): string {
  return 'sql' in batch ? batch.sql : `none, since ${batch.reason}`;
}

describe('the batch of an upsert whose keys come several times', () => {
  it.each(FORMS.map((each) => [each.set, each] as const))('leaves what the loop leaves: %s', async (_, each) => {
    const { session } = await testDatabase({ template: 'tallies', prepare });
    const [text, types, pick] = [statementOf(each), ['integer', ...each.types], seeded(each.set.length)];
    const calls = Array.from({ length: CALLS }, () => [
      String(1 + pick(KEYS)),
      ...each.draw.map((value) => value(pick)),
    ]);
    const state = async () => (await session.query('SELECT * FROM tallies ORDER BY shop')).rows;
    const before = await state();
    await session.query('BEGIN');
    for (const values of calls) await session.query(text, values);
    const looped = await state();
    await session.script('ROLLBACK');
    const sql = sqlOf(batchOf(text, types));
    await session.query(
      sql,
      types.map((__, index) => formatArrayLiteral(calls.map((values) => values[index] ?? null))),
    );
    expect([sql, await state()]).toEqual([sql, looped]);
    expect(looped).not.toEqual(before);
  });

  it('adds up a value that is the same in all calls once for each of them', async () => {
    const { session } = await testDatabase({ template: 'tallies', prepare });
    const text = statementOf(form('n', '$2', 'n = tallies.n + excluded.n'));
    const loop = { text, parameters: [{ number: 1, type: 'integer' }], fixed: [{ number: 2, type: 'bigint' }] };
    const sql = sqlOf(writeBatch(loop, parseStatement(text).tree, { repeats: true }));
    await session.query(sql, ['{1,7,7,7}', '4']);
    const { rows } = await session.query('SELECT shop, n::int FROM tallies WHERE shop IN (1, 7) ORDER BY shop');
    expect(rows).toEqual([
      { shop: 1, n: 14 },
      { shop: 7, n: 12 },
    ]);
  });

  it('is written as a person would', () => {
    const texts = FORMS.map((each) => sqlOf(batchOf(statementOf(each), ['integer', ...each.types])));
    expect(
      texts.map((text) => text.replace('INSERT INTO tallies AS tallies ', '… ')).join('\n'),
    ).toMatchInlineSnapshot(`
      "… (shop, day, n) SELECT wanted.key_1, 1, sum(wanted.key_2) FROM unnest($1::integer[], $2::integer[]) AS wanted (key_1, key_2) GROUP BY wanted.key_1 ON CONFLICT (shop, day) DO UPDATE SET n = tallies.n + excluded.n
      … (shop, day, n) SELECT wanted.key_1, 1, sum(wanted.key_2) FROM unnest($1::integer[], $2::bigint[]) AS wanted (key_1, key_2) GROUP BY wanted.key_1 ON CONFLICT (shop, day) DO UPDATE SET n = excluded.n + coalesce(tallies.n, 7)
      … (shop, day, n) SELECT wanted.key_1, 1, sum(wanted.key_2) FROM unnest($1::integer[], $2::bigint[]) AS wanted (key_1, key_2) GROUP BY wanted.key_1 ON CONFLICT (shop, day) DO UPDATE SET n = tallies.n + excluded.n
      … (shop, day, n) SELECT wanted.key_1, 1, count(*) FROM unnest($1::integer[]) AS wanted (key_1) GROUP BY wanted.key_1 ON CONFLICT (shop, day) DO UPDATE SET n = tallies.n + excluded.n
      … (shop, day, n) SELECT wanted.key_1, 1, sum(3) FROM unnest($1::integer[]) AS wanted (key_1) GROUP BY wanted.key_1 ON CONFLICT (shop, day) DO UPDATE SET n = tallies.n + excluded.n
      … (shop, day, top, low) SELECT wanted.key_1, 1, max(wanted.key_2), min(wanted.key_3) FROM unnest($1::integer[], $2::integer[], $3::integer[]) AS wanted (key_1, key_2, key_3) GROUP BY wanted.key_1 ON CONFLICT (shop, day) DO UPDATE SET top = greatest(tallies.top, excluded.top), low = least(excluded.low, tallies.low)
      … (shop, day, note, n) SELECT wanted.key_1, 1, (array_agg(wanted.key_2 ORDER BY wanted.place DESC))[1], sum(wanted.key_3) FROM unnest($1::integer[], $2::text[], $3::integer[]) WITH ORDINALITY AS wanted (key_1, key_2, key_3, place) GROUP BY wanted.key_1 ON CONFLICT (shop, day) DO UPDATE SET note = excluded.note, n = tallies.n + excluded.n
      … (shop, day, note, state) SELECT wanted.key_1, 1, (array_agg(wanted.key_2 ORDER BY wanted.place DESC))[1], (array_agg(wanted.key_3 ORDER BY wanted.place))[1] FROM unnest($1::integer[], $2::text[], $3::text[]) WITH ORDINALITY AS wanted (key_1, key_2, key_3, place) GROUP BY wanted.key_1 ON CONFLICT (shop, day) DO UPDATE SET note = excluded.note
      … (shop, day, note) SELECT wanted.key_1, 1, (array_agg(lower(wanted.key_2) ORDER BY wanted.place) FILTER (WHERE lower(wanted.key_2) IS NOT NULL))[1] FROM unnest($1::integer[], $2::text[]) WITH ORDINALITY AS wanted (key_1, key_2, place) GROUP BY wanted.key_1 ON CONFLICT (shop, day) DO UPDATE SET note = coalesce(tallies.note, excluded.note)
      … (shop, day, note, state) SELECT wanted.key_1, 1, (array_agg(wanted.key_2 ORDER BY wanted.place DESC) FILTER (WHERE wanted.key_2 IS NOT NULL))[1], (array_agg(wanted.key_3 ORDER BY wanted.place))[1] FROM unnest($1::integer[], $2::text[], $3::text[]) WITH ORDINALITY AS wanted (key_1, key_2, key_3, place) GROUP BY wanted.key_1 ON CONFLICT (shop, day) DO UPDATE SET (note, state) = (coalesce(excluded.note, tallies.note), tallies.state)
      … (shop, day, seen) SELECT wanted.key_1, 1, bool_or(wanted.key_2) FROM unnest($1::integer[], $2::boolean[]) AS wanted (key_1, key_2) GROUP BY wanted.key_1 ON CONFLICT (shop, day) DO UPDATE SET seen = tallies.seen OR excluded.seen
      … (shop, day, seen, state) SELECT wanted.key_1, 1, bool_and(wanted.key_2), 'met' FROM unnest($1::integer[], $2::boolean[]) AS wanted (key_1, key_2) GROUP BY wanted.key_1 ON CONFLICT (shop, day) DO UPDATE SET seen = excluded.seen AND tallies.seen, state = 'met'"
    `);
  });
});

it('where a key comes several times and its values cannot be put together, a reason is given', () => {
  const base = 'INSERT INTO tallies (shop, day, n) VALUES ($1, 1, $2)';
  const conflict = `${base} ON CONFLICT (shop, day) DO UPDATE SET`;
  const reasonOf = (text: string, types = ['integer', 'integer'], nulls: readonly number[] = []) =>
    sqlOf(batchOf(text, types, { repeats: true, nulls })).replace(
      'none, since calls name one key several times, and ',
      '',
    );
  expect([
    reasonOf(`${conflict} n = tallies.n * excluded.n`),
    reasonOf(`${conflict} n = tallies.n - excluded.n`),
    reasonOf(`${conflict} n = tallies.n + excluded.n`, ['integer', 'double precision']),
    reasonOf(`${conflict} n = tallies.n + excluded.n`, ['integer', 'integer'], [2]),
    reasonOf(`${conflict} n = excluded.n`, ['integer', 'integer'], [1]),
    reasonOf(`${conflict} n = excluded.n WHERE tallies.n < excluded.n`),
    reasonOf(`${conflict} n = excluded.n, state = 'seen'`),
    reasonOf(`${conflict} n = $2 + 1`),
    reasonOf(`${conflict} n = $3`, ['integer', 'integer', 'integer']),
    reasonOf(`${base} ON CONFLICT (shop, day) WHERE n > 0 DO UPDATE SET n = excluded.n`),
    reasonOf(`${base} ON CONFLICT ON CONSTRAINT tallies_pkey DO UPDATE SET n = excluded.n`),
    reasonOf('INSERT INTO tallies VALUES ($1, 1, $2) ON CONFLICT (shop, day) DO UPDATE SET n = excluded.n'),
    reasonOf(
      `INSERT INTO tallies (shop, day, tags, n) VALUES ($1, 1, $2, 1) ON CONFLICT (shop, day) DO UPDATE SET tags = excluded.tags, n = tallies.n + 1`,
      ['integer', 'text[]'],
    ),
    ...['nullif($2, 0)', '$2 + 0'].map((value) =>
      reasonOf(
        `INSERT INTO tallies (shop, day, n) VALUES ($1, 1, ${value}) ON CONFLICT (shop, day) DO UPDATE SET n = tallies.n + excluded.n`,
      ),
    ),
    reasonOf(
      `INSERT INTO tallies (shop, day, note) VALUES ($1, 1, $2) ON CONFLICT (shop, day) DO UPDATE SET note = greatest(tallies.note, excluded.note)`,
      ['integer', 'text'],
    ),
  ]).toMatchInlineSnapshot(`
    [
      "what it sets n to is neither a value of the call nor a sum of them",
      "what it sets n to is neither a value of the call nor a sum of them",
      "a sum of n is another one in another order",
      "n gets NULL by some of them",
      "a key is NULL, which is in conflict with nothing",
      "its DO UPDATE has a condition, which is for each call to meet",
      "it sets state, which it does not insert",
      "what it sets n to is neither a value of the call nor a sum of them",
      "it names $3 outside of the row that it inserts",
      "its ON CONFLICT is about a part of the rows",
      "its ON CONFLICT names no column that gets a value of the call",
      "it does not name its columns",
      "tags is an array",
      "what n gets is made of a value of the call",
      "what n gets is made of a value of the call",
      "which is the greatest is for the collation of note",
    ]
  `);
});

it('where no key came twice, an upsert of any kind is one statement, with a word of warning', () => {
  const text =
    'INSERT INTO tallies (shop, day, n) VALUES ($1, 1, $2) ON CONFLICT (shop, day) DO UPDATE SET n = tallies.n * $2';
  const batch = batchOf(text, ['integer', 'integer'], {});
  expect(sqlOf(batch)).toMatchInlineSnapshot(
    `"INSERT INTO tallies (shop, day, n) SELECT wanted.key_1, 1, wanted.key_2 FROM unnest($1::integer[], $2::integer[]) AS wanted (key_1, key_2) ON CONFLICT (shop, day) DO UPDATE SET n = tallies.n * excluded.n"`,
  );
  expect('hazards' in batch ? batch.hazards.at(-1) : null).toMatch(/^Each key is to stand in the arrays once/);
});
