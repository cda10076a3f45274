import { beforeAll, describe, expect, it } from 'vitest';
import { openSession, type Session } from '../../src/postgres/session.js';
import type { OpenFile } from '../../src/tap/open-file.js';
import { testDatabase } from '../postgres.js';
import { readRecords, tapped } from './tapped.js';
import {
  bind,
  describe as describeMessage,
  execute,
  int32,
  message,
  parse,
  query,
  SYNC,
  WireClient,
} from './wire-client.js';

let url: string;
let direct: Session;

beforeAll(async () => {
  ({ url, session: direct } = await testDatabase());
  await direct.script(`
    CREATE TABLE authors (id int8 PRIMARY KEY, name text, born date);
    CREATE TABLE books (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), author_id int4, title text);
    INSERT INTO authors SELECT n, 'author ' || n, '1990-01-01' FROM generate_series(1, 5) AS n;
    INSERT INTO books (author_id, title) SELECT n, 'book ' || n FROM generate_series(1, 5) AS n`);
});

async function through<T>(tappedUrl: string, work: (session: Session) => Promise<T>): Promise<T> {
  const session = await openSession(tappedUrl, { applicationName: 'shop' });
  return work(session).finally(() => session.close());
}

describe('the tap', () => {
  it('records what was run, with values, rows and where they come from', async () => {
    const { url: tappedUrl, executions } = await tapped(url);
    await through(tappedUrl, async (session) => {
      await session.query("SELECT id, name, born, id + 1 AS next FROM authors WHERE id < 3 AND name <> 'x'");
      await session.query('SELECT title FROM books WHERE author_id = $1', [2]);
      await session.query('UPDATE authors SET name = $1 WHERE id > $2', [null, 100]);
    });
    const [simple, extended, update] = (await executions()).slice(-3);
    const table = Number(await oidOf('authors'));
    expect(simple).toMatchObject({
      ...{ protocol: 'simple', parameters: null, rows: 2, error: null, fetch: false, transaction: null },
      text: "SELECT id, name, born, id + 1 AS next FROM authors WHERE id < 3 AND name <> 'x'",
      columns: [
        { name: 'id', table, attribute: 1, type: 20 },
        { name: 'name', table, attribute: 2, type: 25 },
        { name: 'born', table, attribute: 3, type: 1082 },
        { name: 'next', table: 0, attribute: 0, type: 20 },
      ],
      keyColumns: [0, 1, 3],
      keys: [
        ['1', 'author 1', '2'],
        ['2', 'author 2', '3'],
      ],
      ...{ keysComplete: true, user: 'postgres', application: 'shop' },
    });
    expect(extended).toMatchObject({ protocol: 'extended', parameters: ['2'], rows: 1, keys: [['book 2']] });
    expect(update).toMatchObject({ parameters: [null, '100'], rows: 0, columns: null, keys: [], keysComplete: true });
    expect((simple?.sequence ?? 0) + 2).toBe(update?.sequence);
    expect(simple?.durationMs).toBeGreaterThan(0);
    expect(Math.abs((simple?.startedAtMs ?? 0) - Date.now())).toBeLessThan(60_000);
  });

  it('writes stand-ins that are equal where values are, and no value', async () => {
    const { url: tappedUrl, executions } = await tapped(url, { values: 'hashed' });
    await through(tappedUrl, async (session) => {
      await session.query("SELECT id, name FROM authors WHERE name = 'author 3'");
      await session.query("SELECT title FROM books WHERE author_id = $1 AND title <> 'secret'", [3]);
      await session.query('SELECT title FROM books WHERE author_id = 3');
    });
    const recorded = (await executions()).slice(-3);
    const [parent, child, inline] = recorded;
    expect(parent?.text).toBe('SELECT id, name FROM authors WHERE name = $1');
    expect(child?.text).toBe('SELECT title FROM books WHERE author_id = $1 AND title <> $2');
    expect(parent?.keys[0]?.[0]).toMatch(/^[0-9a-f]{16}$/);
    expect(child?.parameters?.[0]).toBe(parent?.keys[0]?.[0]);
    expect(inline?.parameters?.[0]).toBe(parent?.keys[0]?.[0]);
    expect(parent?.parameters?.[0]).toBe(parent?.keys[0]?.[1]);
    expect(JSON.stringify(recorded)).not.toMatch(/author 3|secret|book 3/);
  });

  it('gives one stand-in to a number whatever its width and form', async () => {
    const { listens, database, executions } = await tapped(url, { values: 'hashed' });
    const client = await WireClient.open(listens, database);
    const eight = Buffer.from('0000000000000004', 'hex');
    const ask = (bytes: Buffer[]) => client.ask(Buffer.concat([...bytes, SYNC]));
    await ask([parse('', 'SELECT $1::int8', [20]), bind({ values: [eight] }), describeMessage('P', ''), execute()]);
    await ask([
      parse('', 'SELECT $1::int4'),
      bind({ values: ['4'], binary: true }),
      describeMessage('P', ''),
      execute(),
    ]);
    client.socket.end(message('X'));
    const values = (await executions()).flatMap(({ parameters, keys }) => [...(parameters ?? []), ...keys.flat()]);
    expect(values).toHaveLength(4);
    expect(new Set(values).size).toBe(1);
  });

  it('knows the columns of a statement that was described once, and the rows of each part of a portal', async () => {
    const { listens, database, executions } = await tapped(url);
    const client = await WireClient.open(listens, database);
    await client.ask(
      Buffer.concat([parse('s', 'SELECT id FROM authors ORDER BY id'), describeMessage('S', 's'), SYNC]),
    );
    await client.ask(
      Buffer.concat([
        bind({ portal: 'p', statement: 's', binary: true }),
        execute('p', 2),
        execute('p', 2),
        execute('p'),
        SYNC,
      ]),
    );
    const parts = await executions();
    expect(parts.map(({ fetch, rows, keys }) => ({ fetch, rows, keys: keys.flat() }))).toEqual([
      { fetch: false, rows: 2, keys: ['1', '2'] },
      { fetch: true, rows: 2, keys: ['3', '4'] },
      { fetch: true, rows: 1, keys: ['5'] },
    ]);
  });

  it('tells transactions, statements of one message, and errors apart', async () => {
    const { listens, database, executions } = await tapped(url);
    const client = await WireClient.open(listens, database);
    await client.ask(query('BEGIN; SELECT 1; SELECT 2'));
    await client.ask(query('COMMIT'));
    await client.ask(query("SET application_name = 'renamed'"));
    await client.ask(query('SELECT nonsense; SELECT 3'));
    await client.ask(
      Buffer.concat([parse('', 'SELECT 1/$1::int4'), bind({ values: ['0'] }), execute(), execute(), SYNC]),
    );
    await client.ask(Buffer.concat([parse('', 'SELECT FROM nowhere'), bind({}), execute(), SYNC]));
    const seen = await executions();
    expect(seen.map(({ text, error }) => [text, error])).toEqual([
      ...[
        ['BEGIN', null],
        ['SELECT 1', null],
        ['SELECT 2', null],
        ['COMMIT', null],
      ],
      ...[
        ["SET application_name = 'renamed'", null],
        ['SELECT nonsense', '42703'],
      ],
      ...[
        ['SELECT 1/$1::int4', '22012'],
        ['SELECT FROM nowhere', '42P01'],
      ],
    ]);
    const [begin, , , commit, set, failed] = seen;
    expect(begin?.transaction).toMatch(/-1\.1$/);
    expect(new Set(seen.slice(0, 4).map(({ transaction }) => transaction)).size).toBe(1);
    expect([commit?.application, set?.transaction, failed?.application]).toEqual(['wire', null, 'renamed']);
  });

  it('records as many rows as are useful and counts the rest', async () => {
    const { url: tappedUrl, executions } = await tapped(url);
    await through(tappedUrl, async (session) => {
      await session.query('SELECT n, $1::text AS wide FROM generate_series(1, 1500) AS n', ['x'.repeat(100)]);
      await session.query("SELECT repeat('x', 3000000) AS big, 5 AS small");
    });
    const [many, wide] = (await executions()).slice(-2);
    expect({ ...many, keys: many?.keys.length }).toMatchObject({ rows: 1500, keys: 1000, keysComplete: false });
    expect(many?.keys.at(-1)).toEqual(['1000', null]);
    expect(wide).toMatchObject({ rows: 1, keys: [[null, null]], keysComplete: false });
  });

  it('cuts long texts', async () => {
    const { listens, database, executions } = await tapped(url, { values: 'hashed' });
    const client = await WireClient.open(listens, database);
    for (const length of [100, 30_000, 300_000]) await client.ask(query(`SELECT /* ${'x'.repeat(length)} */ 'hidden'`));
    const cut = { text: `SELECT /* ${'x'.repeat(990)}`, textComplete: false, rows: 1 };
    expect(await executions()).toMatchObject([{ textComplete: true, rows: 1 }, cut, cut]);
  });

  it('leaves out the values of a statement that has thousands of them', async () => {
    const { listens, database, executions } = await tapped(url, { values: 'hashed' });
    const client = await WireClient.open(listens, database);
    await client.ask(query(`SELECT id FROM authors WHERE id IN (${Array(2001).fill('3').join()})`));
    const values = Array<string>(2001).fill('3');
    const marks = values.map((_, place) => `$${place + 1}`).join();
    const text = `SELECT id FROM authors WHERE id IN (${marks})`;
    await client.ask(Buffer.concat([parse('', text), bind({ values }), describeMessage('P', ''), execute(), SYNC]));
    expect((await executions()).map(({ parameters, keys }) => [parameters, keys.length])).toEqual([
      [null, 1],
      [null, 1],
    ]);
  });

  it('leaves whole sessions out where it is asked for a share of them', async () => {
    const chances = [0.1, 0.9, 0.2];
    const { url: tappedUrl, tap, executions } = await tapped(url, { sample: 0.5, random: () => chances.shift() ?? 0 });
    for (const text of ['SELECT 1', 'SELECT 2', 'SELECT 3'])
      await through(tappedUrl, (session) => session.script(text));
    const texts = (await executions()).map(({ text }) => text).filter((text) => /^SELECT \d$/.test(text));
    expect(texts).toEqual(['SELECT 1', 'SELECT 3']);
    expect(tap.counts).toMatchObject({ connections: 3, recorded: 2, sampledOut: 1 });
  });

  it('lets go of a session that the disk is too slow for, and its client notices nothing', async () => {
    let lines = '';
    const openFile: OpenFile = async () => ({
      sizeBytes: 0,
      file: {
        write: async (bytes) => {
          // Nothing but the heading, until too much waits.
          while (lines !== '' && tap.counts.dropped === 0) await new Promise((resolve) => setTimeout(resolve, 5));
          lines += bytes.toString();
          return { bytesWritten: bytes.length };
        },
        close: async () => undefined,
      },
    });
    const { listens, database, tap } = await tapped(url, { openFile });
    const client = await WireClient.open(listens, database);
    // Lines of half a megabyte.
    const columns = Array(8).fill("repeat('x', 64)").join();
    const wide = query(`SELECT ${columns} FROM generate_series(1, 1000)`);
    for (let round = 0; round < 14; round += 1) await client.ask(Buffer.concat(Array(5).fill(wide)), 5);
    expect((await client.ask(query('SELECT 4'))).toString()).toContain('SELECT 1');
    await tap.stop();
    expect(tap.counts).toMatchObject({ recorded: 1, dropped: 1, unreadable: 0 });
    const session = lines.split('\n').find((line) => line.startsWith('{"kind":"session"'));
    expect(JSON.parse(session ?? '')).toMatchObject({ end: 'dropped', executions: tap.counts.executions });
    expect(lines.split('"kind":"execution"')).toHaveLength(tap.counts.executions + 1);
  });

  it('passes cancel requests on, and ends sessions with what became of them', async () => {
    const { listens, database, records } = await tapped(url);
    const client = await WireClient.open(listens, database);
    const answer = client.ask(query('SELECT pg_sleep(60)'));
    while (!(await isActive(client.key.readInt32BE(0)))) await new Promise((resolve) => setTimeout(resolve, 10));
    const canceller = await WireClient.connect(listens);
    canceller.socket.write(Buffer.concat([int32(16), int32(80_877_102), client.key]));
    expect((await answer).toString()).toContain('C57014');
    const all = await records();
    expect(all.find((record) => record.kind === 'execution' && record.error === '57014')).toBeDefined();
    expect(all.filter(({ kind }) => kind === 'session')).toMatchObject([{ end: 'closed' }]);
    expect(all[0]).toMatchObject({ kind: 'recording', version: 1, values: 'plain', sample: 1 });
    expect(all.at(-1)).toMatchObject({ kind: 'end', connections: 2, recorded: 1, unreadable: 0, dropped: 0 });
  });

  it('passes a session on unread where it cannot be followed, and keeps what was recorded of it', async () => {
    const { listens, database, tap, file } = await tapped(url);
    const client = await WireClient.open(listens, database);
    await client.ask(query('SELECT 1'));
    client.socket.write(Buffer.from('q\xff\xff\xff\xff', 'latin1'));
    await new Promise((resolve) => client.socket.once('close', resolve));
    await tap.stop();
    expect(readRecords(file)).toMatchObject([
      { kind: 'recording' },
      { kind: 'execution', text: 'SELECT 1' },
      { kind: 'session', executions: 1, end: 'unreadable' },
      { kind: 'end', unreadable: 1 },
    ]);
  });
});

async function isActive(pid: number): Promise<boolean> {
  const { rows } = await direct.query("SELECT FROM pg_stat_activity WHERE pid = $1 AND wait_event = 'PgSleep'", [pid]);
  return rows.length > 0;
}

async function oidOf(table: string): Promise<string> {
  const { rows } = await direct.query<{ oid: string }>('SELECT $1::regclass::oid::text AS oid', [table]);
  return rows[0]?.oid ?? '';
}
