import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { EMBEDDED_MAJORS } from '../../src/embedded/binaries.js';
import { type EmbeddedServer, type ServerOptions, startServer } from '../../src/embedded/server.js';
import { openSession } from '../../src/postgres/session.js';
import { testDatabase } from '../postgres.js';

const servers: EmbeddedServer[] = [];

afterAll(() => Promise.all(servers.map((server) => server.stop())));

async function started(options: ServerOptions): Promise<EmbeddedServer> {
  const server = await startServer(options);
  servers.push(server);
  return server;
}

async function answer(url: string, query: string): Promise<unknown> {
  const session = await openSession(url);
  try {
    return (await session.queryArrays(query))[0]?.[0];
  } finally {
    await session.close();
  }
}

describe('a private server', () => {
  it.each(EMBEDDED_MAJORS)('of major %i starts, answers, and is gone with its folder after stop', async (major) => {
    const server = await started({ major, prefer: 'bundled' });
    expect(server.major).toBe(major);
    expect(await answer(server.url('postgres'), 'SHOW server_version')).toBe(server.version);
    await server.stop();
    expect(existsSync(dirname(server.dataDirectory))).toBe(false);
  });

  it('copies and drops databases of any name, and takes settings', async () => {
    const server = await started({ settings: { work_mem: '7MB' } });
    const [name, copy] = ['Ärger/"quoted" 100%', "copy'; SELECT 1"];
    await server.createDatabase(name);
    const session = await openSession(server.url(name));
    await session.query('CREATE TABLE kept AS SELECT 1 AS n');
    await session.close();
    await server.createDatabase(copy, { template: name });
    expect(await answer(server.url(copy), 'SELECT n FROM kept')).toBe(1);
    expect(await answer(server.url(copy), 'SHOW work_mem')).toBe('7MB');
    expect(await answer(server.url(copy), 'SHOW listen_addresses')).toBe('');
    const open = await openSession(server.url(copy));
    await server.dropDatabase(copy);
    await server.dropDatabase(copy);
    await open.close();
    expect(await answer(server.url(name), `SELECT count(*)::int FROM pg_database WHERE datname LIKE 'copy%'`)).toBe(0);
    await server.stop();
  });
});

describe('a test database', () => {
  it('is empty, and another one is another', async () => {
    const [one, other] = await Promise.all([testDatabase(), testDatabase()]);
    await one.session.query('CREATE TABLE t (a int)');
    const { rows } = await other.session.query("SELECT to_regclass('t') AS t");
    expect(rows).toEqual([{ t: null }]);
  });

  it('is a clone of a template that is prepared once', async () => {
    let prepared = 0;
    const options = {
      template: 'numbers',
      prepare: async (session: { query(text: string): Promise<unknown> }) => {
        prepared += 1;
        await session.query('CREATE TABLE numbers AS SELECT generate_series(1, 10) AS n');
      },
    };
    const [one, other] = await Promise.all([testDatabase(options), testDatabase(options)]);
    await one.session.query('DELETE FROM numbers');
    const { rows } = await other.session.query<{ n: number }>('SELECT count(*)::int AS n FROM numbers');
    expect(rows).toEqual([{ n: 10 }]);
    expect(prepared).toBe(1);
  });
});
