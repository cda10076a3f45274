import { describe, expect, it } from 'vitest';
import { StewardError } from '../../src/errors.js';
import { openSession, type Session } from '../../src/postgres/session.js';
import { readPgStatStatements } from '../../src/workload/pg-stat-statements.js';
import { testDatabase } from '../postgres.js';

async function databaseWith(extension: string): Promise<{ url: string; session: Session }> {
  const database = await testDatabase();
  await database.session.script(`${extension}; CREATE TABLE t (id int PRIMARY KEY, s text)`);
  return database;
}

async function refusalOf(session: Session): Promise<StewardError> {
  const error = await readPgStatStatements(session).catch((thrown: unknown) => thrown);
  if (!(error instanceof StewardError)) throw new Error('nothing was refused');
  return error;
}

async function run(session: Session, statements: readonly string[]): Promise<void> {
  for (const statement of statements) await session.query(statement);
}

describe('readPgStatStatements', () => {
  it('reads what this database ran, with its figures, and counts what it leaves out', async () => {
    const other = await databaseWith('CREATE EXTENSION pg_stat_statements');
    await other.session.query('SELECT id FROM t WHERE id = 77');
    const { session } = await databaseWith('CREATE EXTENSION pg_stat_statements');
    await session.query("INSERT INTO t SELECT g, 'x' FROM generate_series(1, 50) g");
    await run(session, [
      'BEGIN',
      "SELECT * FROM t WHERE s = 'x'",
      "SELECT *\nFROM t WHERE s = 'y'",
      'COMMIT',
      'SELECT 1',
    ]);
    await run(session, ['SELECT count(*) FROM pg_class', 'SELECT /* pgsteward */ s FROM t LIMIT 1', 'ANALYZE t']);
    await run(session, ['BEGIN', 'SAVEPOINT a', 'ROLLBACK TO SAVEPOINT a', 'RELEASE SAVEPOINT a', 'COMMIT']);
    const { statements, skipped } = await readPgStatStatements(session);
    const select = statements.find(({ text }) => text.startsWith('SELECT *'));
    expect(select).toMatchObject({ calls: 2, rows: 50, name: null, location: null, parameterSamples: [] });
    expect(select?.totalTimeMs).toBeGreaterThan(0);
    expect(select?.sharedBuffers).toBeGreaterThan(0);
    expect(statements.map(({ text }) => text.slice(0, 6)).sort()).toEqual(['INSERT', 'SELECT']);
    expect(skipped.map(({ reason }) => reason).sort()).toMatchInlineSnapshot(`
      [
        "a statement of another database",
        "a statement of pgsteward itself",
        "names no table",
        "not planned by the server: transaction control, DDL or utility",
        "reads system catalogs alone",
      ]
    `);
  });

  it('adds up the rows of several users', async () => {
    const { session } = await databaseWith('CREATE EXTENSION pg_stat_statements');
    const role = `reader_${process.pid}_${Date.now()}`;
    await session.script(`CREATE ROLE ${role}; GRANT SELECT ON t TO ${role}`);
    try {
      await run(session, [
        'SELECT s FROM t WHERE id = 1',
        `SET ROLE ${role}`,
        'SELECT s FROM t WHERE id = 2',
        'RESET ROLE',
      ]);
      const { statements } = await readPgStatStatements(session);
      expect(statements).toMatchObject([{ text: 'SELECT s FROM t WHERE id = $1', calls: 2 }]);
    } finally {
      await session.script(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
    }
  });

  it('counts texts that are hidden from the reading role', async () => {
    const { session, url } = await databaseWith('CREATE EXTENSION pg_stat_statements');
    const role = `hidden_${process.pid}_${Date.now()}`;
    await run(session, ['SELECT s FROM t WHERE id = 1', `CREATE ROLE ${role} LOGIN`]);
    const target = new URL(url);
    target.username = role;
    const reader = await openSession(target.href);
    try {
      const { statements, skipped } = await readPgStatStatements(reader);
      expect(statements).toEqual([]);
      expect(skipped.map(({ reason }) => reason)).toContain(
        'text hidden from this role: GRANT pg_read_all_stats to it',
      );
    } finally {
      await reader.close();
      await session.query(`DROP ROLE ${role}`);
    }
  });

  it('finds the view in whatever schema it was installed', async () => {
    const { session } = await databaseWith(
      'CREATE SCHEMA "My ext"; CREATE EXTENSION pg_stat_statements SCHEMA "My ext"',
    );
    await session.query('SELECT s FROM t WHERE id = 1');
    expect((await readPgStatStatements(session)).statements).toHaveLength(1);
  });

  it('says how to install it where it is not', async () => {
    const { session } = await testDatabase();
    const { message, hint } = await refusalOf(session);
    expect(message.replace(/test_\w+/, 'test')).toMatchInlineSnapshot(
      `"pg_stat_statements is not installed in database "test""`,
    );
    expect(hint).toMatchInlineSnapshot(
      `"run CREATE EXTENSION pg_stat_statements; there, or read statements from files with --workload sql:PATH"`,
    );
  });

  it('says how to load it where the server does not', async () => {
    const { session } = await testDatabase();
    // A view that fails as the real one does on a server without the library.
    await session.script(`
      CREATE EXTENSION pg_stat_statements;
      CREATE FUNCTION not_loaded() RETURNS bool LANGUAGE plpgsql AS $$
        BEGIN RAISE SQLSTATE '55000' USING MESSAGE = 'pg_stat_statements must be loaded via "shared_preload_libraries"'; END $$;
      ALTER VIEW pg_stat_statements RENAME TO real_one;
      CREATE VIEW pg_stat_statements AS SELECT * FROM real_one WHERE not_loaded()`);
    const { message, hint, code } = await refusalOf(session);
    expect(code).toBe('database');
    expect({ message, hint }).toMatchInlineSnapshot(`
      {
        "hint": "set shared_preload_libraries = 'pg_stat_statements' in postgresql.conf and restart the server",
        "message": "pg_stat_statements does not run on this server: pg_stat_statements must be loaded via "shared_preload_libraries"",
      }
    `);
  });

  it('reads the view of an older version of the extension', async () => {
    const { session } = await databaseWith("CREATE EXTENSION pg_stat_statements VERSION '1.4'");
    await session.query('SELECT s FROM t WHERE id = 1').catch(() => undefined);
    const { rows } = await session.query<{ version: string }>(
      "SELECT extversion AS version FROM pg_extension WHERE extname = 'pg_stat_statements'",
    );
    expect(rows[0]?.version).toBe('1.4');
    expect((await readPgStatStatements(session)).statements).toHaveLength(1);
  });
});
