import { describe, expect, it } from 'vitest';
import { StewardError } from '../../src/errors.js';
import { migrateDown } from '../../src/migrate/down.js';
import { migrationStatus } from '../../src/migrate/status.js';
import { migrateUp } from '../../src/migrate/up.js';
import { openSession, type Session } from '../../src/postgres/session.js';
import { testDatabase } from '../postgres.js';
import { failedRun, refusal } from './failed-run.js';
import { migrationsWith } from './folder.js';

const THREE = {
  '0001_a.up.sql': 'CREATE TABLE a (id int PRIMARY KEY);',
  '0001_a.down.sql': 'DROP TABLE a;',
  '0002_b.up.sql': 'ALTER TABLE a ADD b text;\nINSERT INTO a VALUES (1, $$x;y$$);',
  '0002_b.down.sql': 'DELETE FROM a; ALTER TABLE a DROP b;',
  '0003_c.up.sql': 'CREATE INDEX CONCURRENTLY a_b ON a (b);',
  '0003_c.down.sql': 'DROP INDEX CONCURRENTLY a_b;',
};

async function attemptsOf(session: Session): Promise<readonly string[]> {
  const read = await session.query<{ line: string }>(
    `SELECT concat_ws(' ', version, direction, event) AS line FROM steward.schema_migration_attempts ORDER BY attempt_id`,
  );
  return read.rows.map(({ line }) => line);
}

async function stateOf(url: string, folder: Parameters<typeof migrationStatus>[1]): Promise<string> {
  const { files, gate } = await migrationStatus(url, folder);
  return `${files.map(({ status }) => status).join(' ')}, gate ${gate.open ? 'open' : 'closed'}`;
}

describe('migrateUp', () => {
  it('applies what is pending, which migrateDown takes back to a version that stays', async () => {
    const { url, session } = await testDatabase();
    const folder = await migrationsWith(THREE);
    expect(await stateOf(url, folder)).toBe('pending pending pending, gate closed');

    const up = await migrateUp(url, folder);
    expect(up.done.map(({ version, statements }) => [version, statements])).toEqual([
      ['0001', 1],
      ['0002', 2],
      ['0003', 1],
    ]);
    expect(await stateOf(url, folder)).toBe('applied applied applied, gate open');
    expect((await migrateUp(url, folder)).done).toEqual([]);

    const down = await migrateDown(url, folder, { to: '0001' });
    expect(down.done.map(({ version }) => version)).toEqual(['0003', '0002']);
    expect(await stateOf(url, folder)).toBe('applied pending pending, gate closed');
    await migrateDown(url, folder, { steps: 1 });
    expect((await session.query(`SELECT to_regclass('a') AS a`)).rows).toEqual([{ a: null }]);
    expect(await attemptsOf(session)).toEqual([
      ...['0001', '0002', '0003'].flatMap((version) => [`${version} up started`, `${version} up succeeded`]),
      ...['0003', '0002', '0001'].flatMap((version) => [`${version} down started`, `${version} down rolled_back`]),
    ]);
  });

  it('writes who applied what with which program, and the folder’s files alone', async () => {
    const { url, session } = await testDatabase();
    const folder = await migrationsWith(THREE);
    await migrateUp(url, folder, { to: '0002' });
    const { rows } = await session.query(
      `SELECT version, description, checksum, applied_by ~ '^.+@.+$' AS by, tool_version ~ '^\\d' AS tool,
              statements_done, applied_at > now() - interval '1 minute' AS at
       FROM steward.schema_migrations ORDER BY version`,
    );
    const checksums = folder.migrations.map(({ checksum }) => checksum);
    const common = { by: true, tool: true, at: true };
    expect(rows).toEqual([
      { version: '0001', description: 'a', checksum: checksums[0], statements_done: 1, ...common },
      { version: '0002', description: 'b', checksum: checksums[1], statements_done: 2, ...common },
    ]);
  });

  it('applies nothing of a file that fails in its middle, says where and why, and keeps the attempt', async () => {
    const { url, session } = await testDatabase();
    const folder = await migrationsWith({
      ...THREE,
      '0002_b.up.sql': 'CREATE TABLE b ();\nSELECT 1;\nALTER TABLE a\n  DROP COLUMN gone;\nCREATE TABLE c ();',
    });
    const error = await failedRun(migrateUp(url, folder));
    expect(error.message).toMatch(
      /0002_b\.up\.sql:3: column "gone" of relation "a" does not exist \(SQLSTATE 42703\); nothing of this file is applied; 1 before it is applied$/,
    );
    expect(error.exitStatus).toBe(3);
    expect(error.result.done.map(({ version }) => version)).toEqual(['0001']);
    expect(error.result.failure).toMatchObject({ version: '0002', line: 3, sqlState: '42703', statementsDone: 0 });
    expect((await session.query(`SELECT to_regclass('b') AS b`)).rows).toEqual([{ b: null }]);
    const failed = await session.query(
      `SELECT version, sql_state, statement, statement_line FROM steward.schema_migration_attempts WHERE event = 'failed'`,
    );
    expect(failed.rows).toEqual([
      { version: '0002', sql_state: '42703', statement: 'ALTER TABLE a\n  DROP COLUMN gone', statement_line: 3 },
    ]);
    expect(await stateOf(url, folder)).toBe('applied failed pending, gate closed');
    const { gate } = await migrationStatus(url, folder);
    expect(gate.reasons[0]).toMatch(/^0002_b failed: column "gone"/);
  });

  it('names the line of the word that is wrong, not of the statement’s first', async () => {
    const { url } = await testDatabase();
    const folder = await migrationsWith({ '1_a.up.sql': "SELECT 'ä😀',\n\n  nowhere;" });
    expect((await failedRun(migrateUp(url, folder))).result.failure?.line).toBe(3);
  });

  it('applies nothing at all where a later file cannot run, and keeps that attempt too', async () => {
    const { url, session } = await testDatabase();
    const folder = await migrationsWith({ ...THREE, '0003_c.up.sql': 'SELECT 1;\nCOMMIT;' });
    const error = await failedRun(migrateUp(url, folder));
    expect(error.message).toMatch(/0003_c\.up\.sql:2: COMMIT in a migration would end or split the transaction/);
    expect(await stateOf(url, folder)).toBe('pending pending failed, gate closed');
    expect(await attemptsOf(session)).toEqual(['0003 up failed']);
  });

  it('changes nothing on a dry run, and says what would run', async () => {
    const { url, session } = await testDatabase();
    const { planned, done } = await migrateUp(url, await migrationsWith(THREE), { dryRun: true });
    expect(planned.map(({ version, transactional }) => [version, transactional])).toEqual([
      ['0001', true],
      ['0002', true],
      ['0003', false],
    ]);
    expect(planned[1]?.statements[1]).toEqual({ line: 2, sql: 'INSERT INTO a VALUES (1, $$x;y$$)' });
    expect(done).toEqual([]);
    expect((await session.query(`SELECT FROM pg_namespace WHERE nspname = 'steward'`)).rowCount).toBe(0);
  });

  it('refuses by name what was edited, went missing or came late', async () => {
    const { url } = await testDatabase();
    await migrateUp(url, await migrationsWith(THREE));
    const edited = await migrationsWith({ ...THREE, '0002_b.down.sql': 'SELECT 2' });
    expect((await refusal(migrateUp(url, edited))).message).toMatch(/edited after it was applied: .*0002_b\.up\.sql/);
    expect(await stateOf(url, edited)).toBe('applied edited applied, gate closed');

    const { '0002_b.up.sql': _up, '0002_b.down.sql': _down, ...without } = THREE;
    const missing = await migrationsWith(without);
    expect((await refusal(migrateUp(url, missing))).message).toMatch(/applied, but not in .*: 0002_b$/);
    expect(await stateOf(url, missing)).toBe('applied missing applied, gate closed');

    const late = await migrationsWith({ ...THREE, '0002a_late.up.sql': 'CREATE TABLE late ()' });
    const error = await refusal(migrateUp(url, late));
    expect(error.message).toMatch(/not applied, though the later version 0003 is: .*0002a_late\.up\.sql/);
    expect(error.hint).toContain('--allow-out-of-order');
    await migrateUp(url, late, { allowOutOfOrder: true });
    expect(await stateOf(url, late)).toBe('applied applied applied applied, gate open');
  });

  it('applies a part of the set beside what it does not have, where it is told that it is a part', async () => {
    const { url } = await testDatabase();
    await migrateUp(url, await migrationsWith(THREE));
    const part = await migrationsWith({ '0002a_part.up.sql': 'CREATE TABLE part ()' });
    expect((await refusal(migrateUp(url, part))).message).toMatch(/applied, but not in .*: 0001_a, 0002_b, 0003_c$/);
    expect((await migrateUp(url, part, { partOfSet: true })).done).toHaveLength(1);
  });

  it('refuses a target that no file has', async () => {
    const { url } = await testDatabase();
    const error = await refusal(migrateUp(url, await migrationsWith(THREE), { to: '0009' }));
    expect([error.code, error.message]).toEqual(['usage', 'there is no migration 0009']);
  });

  it('warns of files that it does not run', async () => {
    const { url } = await testDatabase();
    const folder = await migrationsWith({ ...THREE, '0004_d.sql': 'SELECT 1' });
    const { warnings } = await migrateUp(url, folder);
    expect(warnings).toEqual([expect.stringMatching(/0004_d\.sql is not run: its name is not/)]);
    expect((await migrationStatus(url, folder)).warnings).toEqual(warnings);
  });

  it('keeps its rows where a file changes role and search path, and lets neither reach the next file', async () => {
    const { url, session } = await testDatabase();
    const role = `migrator_${process.pid}`;
    await session.query(`CREATE ROLE ${role}`);
    try {
      const folder = await migrationsWith({
        '1_a.up.sql': `SELECT set_config('search_path', '', false); SET work_mem = '1MB'; SET ROLE ${role};`,
        '2_b.up.sql': `CREATE TABLE seen AS SELECT current_user AS who, current_setting('search_path') AS path,
                       current_setting('work_mem') AS memory, current_setting('application_name') AS name`,
      });
      await migrateUp(url, folder);
      const { rows } = await session.query('SELECT who, path, memory, name FROM seen');
      expect(rows).toEqual([
        {
          who: 'postgres',
          path: '"$user", public',
          memory: '4MB',
          name: expect.stringMatching(/^pgsteward migrate 2 /),
        },
      ]);
    } finally {
      await session.query(`DROP ROLE ${role}`);
    }
  });

  it('runs a file that asks for its own isolation level', async () => {
    const { url } = await testDatabase();
    const folder = await migrationsWith({
      '1_a.up.sql': 'SET TRANSACTION ISOLATION LEVEL SERIALIZABLE; CREATE TABLE a ();',
    });
    expect((await migrateUp(url, folder)).done).toHaveLength(1);
  });

  it('keeps the ledger in the schema that it is given', async () => {
    const { url, session } = await testDatabase();
    await migrateUp(url, await migrationsWith(THREE), { schema: 'My "Ledger"' });
    const { rows } = await session.query('SELECT count(*)::int AS rows FROM "My ""Ledger""".schema_migrations');
    expect(rows).toEqual([{ rows: 3 }]);
  });
});

describe('several runners', () => {
  it('apply each file once, and say which ones another did', async () => {
    const { url, session } = await testDatabase();
    const files = Array.from({ length: 6 }, (_, index) => [
      `${index + 1}_t.up.sql`,
      `CREATE TABLE t${index + 1} (); SELECT pg_sleep(0.01)`,
    ]);
    const folder = await migrationsWith({
      ...Object.fromEntries(files),
      '7_i.up.sql': 'CREATE INDEX CONCURRENTLY i ON x (v)',
      '0_x.up.sql': 'CREATE TABLE x (v int)',
    });
    const results = await Promise.all(Array.from({ length: 4 }, () => migrateUp(url, folder)));
    expect(results.flatMap(({ done }) => done.map(({ version }) => version)).sort()).toEqual([...'01234567']);
    const succeeded = await session.query(
      `SELECT version FROM steward.schema_migration_attempts WHERE event = 'succeeded' ORDER BY version`,
    );
    expect(succeeded.rows).toHaveLength(8);
    for (const { done, skipped, planned } of results) expect(done.length + skipped.length).toBe(planned.length);
  });
});

describe('a lock in the way', () => {
  it('is waited for in short turns, its holder is named, and the file begins again when it is free', async () => {
    const { url, session } = await testDatabase();
    await session.query('CREATE TABLE a ()');
    const holder = await openSession(url, { applicationName: 'the holder' });
    await holder.script('BEGIN; LOCK TABLE a IN ACCESS SHARE MODE');
    const folder = await migrationsWith({ '1_a.up.sql': 'CREATE TABLE b ();\nALTER TABLE a ADD v int;' });
    const told: string[] = [];
    const result = await migrateUp(url, folder, {
      random: () => 0,
      onEvent: (event) => {
        if (event.kind !== 'lock awaited') return;
        told.push(event.blockers);
        if (told.length === 2) void holder.query('COMMIT');
      },
    });
    await holder.close();
    expect(told[0]).toMatch(
      new RegExp(`^process ${holder.backendPid} \\(the holder, idle in transaction for \\d+ s\\)$`),
    );
    expect(result.done[0]?.lockRetries).toBeGreaterThanOrEqual(1);
  });

  it('ends the run when the time for it is used up, and stands in the error', async () => {
    const { url, session } = await testDatabase();
    await session.query('CREATE TABLE a ()');
    const holder = await openSession(url, { applicationName: 'the holder' });
    await holder.script('BEGIN; LOCK TABLE a IN ACCESS SHARE MODE');
    const folder = await migrationsWith({ '1_a.up.sql': 'CREATE TABLE b ();\nALTER TABLE a ADD v int;' });
    const error = await failedRun(migrateUp(url, folder, { lockTimeoutMs: 300, random: () => 0 }));
    await holder.close();
    expect(error.message).toMatch(
      /1_a\.up\.sql:2: the lock it needs is not to be had, held by process \d+ \(the holder, idle in transaction for \d+ s\) \(SQLSTATE 55P03\); nothing of this file is applied/,
    );
    expect((await session.query(`SELECT to_regclass('b') AS b`)).rows).toEqual([{ b: null }]);
  });
});

describe('an interrupted run', () => {
  it('cancels its statement, leaves nothing of the file and gives the lease back', async () => {
    const { url, session } = await testDatabase();
    const interruption = new AbortController();
    const folder = await migrationsWith({ '1_a.up.sql': 'CREATE TABLE a ();\nSELECT pg_sleep(60);' });
    const run = migrateUp(url, folder, { signal: interruption.signal });
    const asleep = `SELECT FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = current_database()`;
    const failure = failedRun(run);
    while ((await session.query(asleep)).rowCount === 0);
    interruption.abort(new StewardError('runtime', 'interrupted'));
    const error = await failure;
    expect(error.message).toMatch(/1_a\.up\.sql:2: .*\(SQLSTATE 57014\); nothing of this file is applied/);
    const { rows } = await session.query(`SELECT to_regclass('a') AS a, holder FROM steward.leases`);
    expect(rows).toEqual([{ a: null, holder: null }]);
  });
});

describe('a role without rights', () => {
  it('is told what an administrator has to run', async () => {
    const { url, session } = await testDatabase();
    const role = `powerless_${process.pid}`;
    await session.query(`CREATE ROLE ${role} LOGIN`);
    try {
      const asRole = new URL(url);
      asRole.username = role;
      const folder = await migrationsWith(THREE);
      const error = await refusal(migrateUp(asRole.href, folder));
      expect(error.message).toMatch(/^the ledger in schema steward cannot be used: permission denied for database/);
      expect(error.hint).toContain('CREATE SCHEMA steward AUTHORIZATION');
      await migrateUp(url, folder);
      expect((await refusal(migrationStatus(asRole.href, folder))).message).toMatch(
        /permission denied for schema steward/,
      );
    } finally {
      await session.query(`DROP ROLE ${role}`);
    }
  });
});
