import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { openSession, type Session } from '../../src/postgres/session.js';
import { expectNoNPlusOne } from '../../src/testing/expect-no-n-plus-one.js';
import { testDatabase } from '../postgres.js';

async function blog() {
  return testDatabase({
    template: 'blog',
    prepare: (session) =>
      session.script(`
        CREATE TABLE authors (id int PRIMARY KEY, name text);
        INSERT INTO authors SELECT n, 'author ' || n FROM generate_series(1, 30) AS n;
        CREATE TABLE posts (id int PRIMARY KEY, author_id int REFERENCES authors);
        INSERT INTO posts SELECT n, 1 + n * 7 % 30 FROM generate_series(1, 12) AS n`),
  });
}

async function connected(url: string, work: (session: Session) => Promise<unknown>): Promise<void> {
  const session = await openSession(url);
  try {
    await work(session);
  } finally {
    await session.close();
  }
}

const lazily = (url: string) =>
  connected(url, async (session) => {
    const { rows } = await session.query<{ author_id: number }>('SELECT id, author_id FROM posts ORDER BY id');
    for (const { author_id } of rows) await session.query('SELECT name FROM authors WHERE id = $1', [author_id]);
  });

const eagerly = (url: string) =>
  connected(url, async (session) => {
    const { rows } = await session.query<{ author_id: number }>('SELECT id, author_id FROM posts ORDER BY id');
    await session.query('SELECT name FROM authors WHERE id = ANY($1)', [rows.map(({ author_id }) => author_id)]);
  });

describe('a test of a program', () => {
  it('fails where the program reads row by row, with what it reads and what to write in its place', async () => {
    const { url } = await blog();
    const failure = await expectNoNPlusOne({ databaseUrl: url }, lazily).catch((error: Error) => error);
    expect(failure).toMatchObject({ name: 'AssertionError' });
    const message = String(failure?.message).replace(/\s+/g, ' ');
    expect(message).toContain('N+1: public.authors is read once for each row of public.posts');
    expect(message).toContain('its $1 (public.authors.id) is that query’s public.posts.author_id');
    expect(message).toContain('id = ANY ($1::integer[])');
    const key = /ignore: \["(.+)"\]/.exec(message)?.[1] ?? '';
    await expectNoNPlusOne({ databaseUrl: url, ignore: [key] }, lazily);
  });

  it('passes where the program reads all at once', async () => {
    const { url } = await blog();
    await expectNoNPlusOne({ databaseUrl: url, rules: ['n-plus-one', 'row-by-row-dml', 'duplicate-query'] }, eagerly);
  });

  it('fails where nothing went over the URL it was given or not all could be seen, and with the error of the program', async () => {
    const { url } = await blog();
    await expect(expectNoNPlusOne({ databaseUrl: url }, () => eagerly(url))).rejects.toThrow(
      'no connection was made through the recorder, so nothing was tested',
    );
    await expect(expectNoNPlusOne({ databaseUrl: url }, () => Promise.reject(new Error('its own')))).rejects.toThrow(
      'its own',
    );
    const halfEncrypted = async (through: string) => {
      await eagerly(through);
      await knockWithTls(through);
    };
    await expect(expectNoNPlusOne({ databaseUrl: url }, halfEncrypted)).rejects.toThrow(
      'of 2 connections through the recorder 1 could not be read, so not all was tested: connect without TLS',
    );
    await expect(expectNoNPlusOne({ databaseUrl: 'mysql://localhost' }, eagerly)).rejects.toThrow('database URL');
  });
});

/** Sends the first byte of a TLS handshake, as clients do that need not ask for it. */
async function knockWithTls(url: string): Promise<void> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname)
    .end(Buffer.from([0x16]))
    .resume();
  await once(socket, 'close');
}
