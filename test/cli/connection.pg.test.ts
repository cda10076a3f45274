import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type EmbeddedServer, startServer } from '../../src/embedded/server.js';
import { openSession } from '../../src/postgres/session.js';
import { testDatabase } from '../postgres.js';
import { expectRefusal, place, runProgram } from '../program.js';

// Programs are started here, each with a server of its own; on a busy machine that takes its time.
vi.setConfig({ testTimeout: 120_000 });

let server: EmbeddedServer;

/** A server that asks one role for a password and has pg_stat_statements nowhere. */
beforeAll(async () => {
  server = await startServer({ settings: { shared_preload_libraries: '' } });
  const session = await openSession(server.url('postgres'));
  try {
    await session.script(`CREATE EXTENSION pg_stat_statements; CREATE ROLE clerk LOGIN PASSWORD 'right'`);
    const file = join(server.dataDirectory, 'pg_hba.conf');
    writeFileSync(file, `local all clerk scram-sha-256\n${readFileSync(file, 'utf8')}`);
    await session.query('SELECT pg_catalog.pg_reload_conf()');
  } finally {
    await session.close();
  }
}, 60_000);

afterAll(() => server.stop());

function urlAs(user: string, url: string): string {
  return url.replace('postgres@', `${user}@`);
}

async function refusal(url: string, ...args: readonly string[]): Promise<string> {
  const ended = await runProgram(['advise', '--database-url', url, ...args]);
  return expectRefusal(ended, 3).replaceAll(/\/[^\s:]*\/pgsteward-pg-\w+\/s:\d+/g, 'SOCKET');
}

describe('advise says what keeps it from its workload', () => {
  it('where the password is wrong or missing', async () => {
    const [wrong, missing, right] = await Promise.all([
      refusal(urlAs('clerk:secret', server.url('postgres'))),
      refusal(urlAs('clerk', server.url('postgres'))),
      refusal(urlAs('clerk:right', server.url('nowhere'))),
    ]);
    expect([wrong, missing, right].join('')).toMatchInlineSnapshot(`
      "pgsteward: the server at SOCKET/postgres refuses the login: password authentication failed for user "clerk"
        check user and password in --database-url or DATABASE_URL, and pg_hba.conf on the server
      pgsteward: the server at SOCKET/postgres asks for a password and none is given
        write it into the URL, postgres://user:password@host:5432/database, or set PGPASSWORD
      pgsteward: database "nowhere" does not exist at SOCKET/nowhere
        list the databases with psql -l, and name one in --database-url
      "
    `);
  });

  it('where pg_stat_statements is not installed, or installed and not preloaded', async () => {
    await server.createDatabase('bare', { template: 'template0' });
    const [bare, notLoaded] = await Promise.all([refusal(server.url('bare')), refusal(server.url('postgres'))]);
    expect(bare + notLoaded).toMatchInlineSnapshot(`
      "pgsteward: pg_stat_statements is not installed in database "bare"
        run CREATE EXTENSION pg_stat_statements; there, or read statements from files with --workload sql:PATH
      pgsteward: pg_stat_statements does not run on this server: pg_stat_statements must be loaded via "shared_preload_libraries"
        set shared_preload_libraries = 'pg_stat_statements' in postgresql.conf and restart the server
      "
    `);
  });

  it('where HypoPG is asked for and not installed', async () => {
    const folder = place();
    writeFileSync(join(folder, 'a.sql'), 'SELECT * FROM orders WHERE id = $1');
    expect(
      await refusal(server.url('postgres'), '--planner', 'hypopg', '--workload', `sql:${folder}`),
    ).toMatchInlineSnapshot(`
      "pgsteward: the extension hypopg is not installed in the database
        run CREATE EXTENSION hypopg there, or plan with --planner twin, which needs no extension
      "
    `);
  });

  it('where no statement was counted yet, or none that the role may see', async () => {
    const { url, session } = await testDatabase();
    const role = `blind_${process.pid}`;
    await session.script(`CREATE EXTENSION pg_stat_statements; CREATE ROLE ${role} LOGIN`);
    try {
      await session.query(
        `SELECT pg_stat_statements_reset(0, oid, 0) FROM pg_database WHERE datname = current_database()`,
      );
      const empty = await runProgram(['advise', '--database-url', url]);
      expect(expectRefusal(empty, 2)).toMatch(/holds no statement.*\n {2}let the application run for a while/);
      const hidden = await refusal(urlAs(role, url));
      expect(hidden.replace(/of \d+ statements/, 'of N statements')).toMatchInlineSnapshot(`
        "pgsteward: this role may not read the text of N statements in pg_stat_statements, and has none of its own there
          as a superuser, GRANT pg_read_all_stats to it, or connect as the role that runs the application
        "
      `);
    } finally {
      await session.query(`DROP ROLE ${role}`);
    }
  });

  it('where a folder holds no .sql file', async () => {
    const args = ['advise', '--database-url', server.url('postgres'), '--workload', `sql:${place()}`];
    expect(expectRefusal(await runProgram(args), 2)).toMatch(
      /^pgsteward: the folder \S+ holds no .sql file\n {2}name /,
    );
  });
});
