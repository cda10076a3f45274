import { createHash } from 'node:crypto';
import pg from 'pg';
import QueryStream from 'pg-query-stream';
import { beforeAll, describe, expect, it } from 'vitest';
import { testDatabase } from '../postgres.js';
import { tapped } from './tapped.js';

let url: string;

beforeAll(async () => {
  const database = await testDatabase();
  url = database.url;
  await database.session.script(
    `CREATE TABLE t (id int8 PRIMARY KEY, name text, made timestamptz, tags text[], doc jsonb, raw bytea);
     INSERT INTO t SELECT n, md5(n::text), '2026-01-01'::timestamptz + n * interval '1 hour', ARRAY['a', n::text],
       jsonb_build_object('n', n), decode(md5(n::text), 'hex') FROM generate_series(1, 500) n`,
  );
});

type Work = (client: pg.Client) => Promise<unknown>;

/** A statement's rows, or its error. */
const asked = (answer: Promise<pg.QueryResult | pg.QueryResult[]>) =>
  answer.then(
    (results) => [results].flat().map(({ command, rowCount, rows, fields }) => ({ command, rowCount, rows, fields })),
    ({ message, code, position }: pg.DatabaseError) => ({ message, code, position }),
  );

const each = async (client: pg.Client, queries: readonly (string | pg.QueryConfig | pg.QueryArrayConfig)[]) => {
  const answers: unknown[] = [];
  for (const query of queries) answers.push(await asked(client.query(query as pg.QueryConfig)));
  return answers;
};

async function streamed(client: pg.Client, { batchSize, most }: { batchSize: number; most: number }) {
  const stream = client.query(new QueryStream('SELECT * FROM t WHERE id > $1 ORDER BY id', [3], { batchSize }));
  const rows: unknown[] = [];
  for await (const row of stream) {
    rows.push(row);
    if (rows.length === most) break;
  }
  return [rows, await each(client, ['SELECT 4 AS four'])];
}

const EVERY_TYPE = 'SELECT * FROM t WHERE id = $1 AND name = $2 AND made < $3 AND tags = $4 AND doc = $5 AND raw = $6';

/** What programs do with pg, and how many statements they run so; null where that depends on how fast they are. */
const MODES: Readonly<
  Record<string, { readonly runs: number | null; readonly work: Work; readonly isPipelined?: boolean }>
> = {
  'simple queries, several in one, with errors': {
    runs: 8,
    work: (client) =>
      each(client, [
        'SELECT * FROM t WHERE id < 20 ORDER BY id; SELECT 1; UPDATE t SET name = name WHERE id < 4',
        '',
        ...['SELECT oops', 'BEGIN', 'SELECT 1/0', 'SELECT 2', 'ROLLBACK'],
      ]),
  },
  'parameters of many types, and NULL': {
    runs: 4,
    work: (client) =>
      each(client, [
        {
          text: EVERY_TYPE,
          values: [7, '8f14e45fceea167a5a36dedd4bea2543', new Date(), ['a', '7'], { n: 7 }, Buffer.from('07')],
        },
        { text: 'SELECT $1::text IS NULL AS nothing', values: [null] },
        { text: 'SELECT $1::int4', values: ['seven'] },
        { text: 'SELECT $1::text', values: ['x'.repeat(200_000)] },
      ]),
  },
  'named statements, again and again': {
    runs: 6,
    work: (client) =>
      each(client, [
        ...[1, 2, 9000].map((id) => ({ name: 'by-id', text: 'SELECT id, name FROM t WHERE id = $1', values: [id] })),
        { name: 'broken', text: 'SELECT nothing FROM t WHERE id = $1', values: [1] },
        { name: 'by-zero', text: 'SELECT 1 / $1::int4', values: [0] },
        { name: 'by-zero', text: 'SELECT 1 / $1::int4', values: [1] },
      ]),
  },
  'binary results, and rows as arrays': {
    // Two rows that are asked for one by one are three runs.
    runs: 5,
    work: (client) =>
      each(client, [
        { text: 'SELECT * FROM t WHERE id < $1', values: [50], binary: true } as pg.QueryConfig,
        { text: 'SELECT * FROM t WHERE id < $1', values: [50], rowMode: 'array' },
        { text: 'SELECT id, name FROM t WHERE id < $1', values: [3], rows: 1 } as pg.QueryConfig,
      ]),
  },
  // 497 rows and an empty end in batches of 60, and a portal that is closed before its end.
  'a stream of a cursor, to its end': { runs: 10, work: (client) => streamed(client, { batchSize: 60, most: 1000 }) },
  'a stream that is broken off': { runs: null, work: (client) => streamed(client, { batchSize: 7, most: 5 }) },
  'a pipeline with errors in it': {
    ...{ runs: 200, isPipelined: true },
    work: (client) =>
      Promise.all(
        Array.from({ length: 200 }, (_, n) => {
          const name = n % 3 === 0 ? { name: `named-${n % 4}` } : {};
          const text = n % 3 === 0 ? `SELECT name, ${n % 4} FROM t WHERE id = $1` : 'SELECT $1::int4 / ($1::int4 % 5)';
          return asked(client.query({ text, values: [n], ...name }));
        }),
      ),
  },
};

/** Gives what a program got, and the hash of all that the server said. */
async function hear(target: string, { work, isPipelined = false }: { work: Work; isPipelined?: boolean }) {
  const client = new pg.Client({ connectionString: target, pipeline: isPipelined });
  await client.connect();
  const hash = createHash('sha256');
  const { stream } = client.connection as unknown as { readonly stream: NodeJS.ReadableStream };
  stream.on('data', (bytes: Buffer) => hash.update(bytes));
  try {
    const answers = JSON.stringify(await work(client));
    return { answers, bytes: hash.digest('hex') };
  } finally {
    await client.end();
  }
}

describe('a program that uses pg', () => {
  it.each(Object.keys(MODES))('gets the same by way of the tap: %s', async (name) => {
    const mode = MODES[name] ?? { runs: 0, work: async () => undefined };
    const { url: tappedUrl, tap, executions } = await tapped(url);
    const expected = await hear(url, mode);
    expect(await hear(tappedUrl, mode)).toEqual(expected);
    expect(expected.answers.length).toBeGreaterThan(100);
    const recorded = await executions();
    expect(recorded).toHaveLength(mode.runs ?? recorded.length);
    expect(tap.counts).toMatchObject({ recorded: 1, unreadable: 0, dropped: 0 });
  });
});
