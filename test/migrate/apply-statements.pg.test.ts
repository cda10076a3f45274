import { describe, expect, it } from 'vitest';
import { migrateDown } from '../../src/migrate/down.js';
import type { MigrateEvent } from '../../src/migrate/run.js';
import { migrationStatus } from '../../src/migrate/status.js';
import { migrateUp } from '../../src/migrate/up.js';
import { openSession, type Session } from '../../src/postgres/session.js';
import { type TestDatabase, testDatabase } from '../postgres.js';
import { failedRun, refusal } from './failed-run.js';
import { migrationsWith } from './folder.js';

async function databaseWithRows(): Promise<TestDatabase> {
  const database = await testDatabase();
  await database.session.query('CREATE TABLE t AS SELECT g % 50 AS v, g AS w FROM generate_series(1, 100) AS g');
  return database;
}

async function indexesOf(session: Session): Promise<readonly unknown[]> {
  const read = await session.query(
    `SELECT relname AS name, indisvalid AS valid FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
     WHERE indrelid = 't'::regclass ORDER BY relname`,
  );
  return read.rows;
}

const UNIQUE = 'CREATE UNIQUE INDEX CONCURRENTLY t_v ON t (v);';

describe('a file without a transaction', () => {
  it('goes on at the statement that failed, with the settings of those before it', async () => {
    const { url, session } = await databaseWithRows();
    const files = (last: string) =>
      migrationsWith({
        '1_a.up.sql': `-- pgsteward: no-transaction\nSET work_mem = '7MB';\nINSERT INTO t VALUES (1000, 0);\n${last}`,
      });
    const broken = await files('CREATE TABLE memory AS SELECT gone;');
    const error = await failedRun(migrateUp(url, broken));
    expect(error.message).toMatch(
      /1_a\.up\.sql:4: column "gone" does not exist \(SQLSTATE 42703\); 2 of its statements are done and stay/,
    );
    const { files: states, gate } = await migrationStatus(url, broken);
    expect(states.map(({ status }) => status)).toEqual(['failed']);
    expect(gate.reasons).toEqual([
      '1_a was broken off: 2 of its statements are done, then: column "gone" does not exist',
    ]);

    const mended = await files(`CREATE TABLE memory AS SELECT current_setting('work_mem') AS of;`);
    expect((await migrateUp(url, mended, { dryRun: true })).planned[0]?.statementsDone).toBe(2);
    await migrateUp(url, mended);
    expect((await session.query('SELECT count(*)::int AS n FROM t WHERE v = 1000')).rows).toEqual([{ n: 1 }]);
    expect((await session.query('SELECT of FROM memory')).rows).toEqual([{ of: '7MB' }]);
    expect((await session.query('SELECT FROM steward.schema_migration_progress')).rowCount).toBe(0);
    expect((await migrationStatus(url, mended)).gate.open).toBe(true);
  });

  it('is refused where a statement that is done was edited since', async () => {
    const { url } = await databaseWithRows();
    const files = (first: string) =>
      migrationsWith({ '1_a.up.sql': `-- pgsteward: no-transaction\n${first};\nSELECT 1 / 0;` });
    await failedRun(migrateUp(url, await files('CREATE TABLE a ()')));
    const error = await failedRun(migrateUp(url, await files('CREATE TABLE b ()')));
    expect(error.message).toMatch(/the first 1 statements of .*1_a\.up\.sql ran in an attempt that was broken off/);
  });

  it('runs what no transaction may hold', async () => {
    const { url } = await databaseWithRows();
    const folder = await migrationsWith({
      '1_a.up.sql': 'VACUUM t;\nREINDEX (CONCURRENTLY) TABLE t;\nDO $$ BEGIN INSERT INTO t VALUES (1); COMMIT; END $$;',
    });
    expect((await migrateUp(url, folder)).done[0]?.statements).toBe(3);
  });

  it('writes its notes under the runner’s own role', async () => {
    const { url, session } = await databaseWithRows();
    const role = `reader_${process.pid}`;
    await session.query(`CREATE ROLE ${role}`);
    try {
      const sql = `-- pgsteward: no-transaction\nSET ROLE ${role};\nSELECT 1;\nRESET ROLE;\nVACUUM t;`;
      expect((await migrateUp(url, await migrationsWith({ '1_a.up.sql': sql }))).done).toHaveLength(1);
    } finally {
      await session.query(`DROP ROLE ${role}`);
    }
  });

  it('that is broken off on its way down closes the gate until it is finished', async () => {
    const { url, session } = await databaseWithRows();
    const folder = await migrationsWith({
      '1_a.up.sql': 'CREATE INDEX CONCURRENTLY t_v ON t (v);\nCREATE INDEX CONCURRENTLY t_w ON t (w);',
      '1_a.down.sql': 'DROP INDEX CONCURRENTLY t_v;\nSELECT count(*) FROM later;\nDROP INDEX CONCURRENTLY t_w;',
      '2_b.up.sql': 'SELECT 2',
    });
    await migrateUp(url, folder, { to: '1' });
    await failedRun(migrateDown(url, folder, { steps: 1 }));
    expect((await migrationStatus(url, folder)).files[0]?.status).toBe('failed');
    const error = await refusal(migrateUp(url, folder));
    expect(error.message).toBe('1_a is half taken back: its down file was broken off');
    expect(error.hint).toBe('finish it with pgsteward migrate down --steps 1');
    await session.query('CREATE TABLE later ()');
    await migrateDown(url, folder, { steps: 1 });
    expect(await indexesOf(session)).toEqual([]);
    expect((await migrationStatus(url, folder)).files[0]?.status).toBe('pending');
  });
});

describe('an index build that was broken off', () => {
  it('leaves an INVALID index, which the next run drops and builds again', async () => {
    const { url, session } = await databaseWithRows();
    const folder = await migrationsWith({ '1_a.up.sql': UNIQUE });
    const error = await failedRun(migrateUp(url, folder));
    expect(error.result.failure).toMatchObject({ sqlState: '23505', statementsDone: 0 });
    expect(await indexesOf(session)).toEqual([{ name: 't_v', valid: false }]);

    await session.query('DELETE FROM t WHERE w > 50');
    const events: MigrateEvent[] = [];
    await migrateUp(url, folder, { onEvent: (event) => events.push(event) });
    expect(events).toContainEqual({ kind: 'invalid index dropped', version: '1', index: 'public.t_v' });
    expect(await indexesOf(session)).toEqual([{ name: 't_v', valid: true }]);
  });

  it('is known by its definition where somebody else broke it off, and left alone where it is another', async () => {
    const { url, session } = await databaseWithRows();
    await session.query(UNIQUE).catch(() => undefined);
    const other = await migrationsWith({ '1_a.up.sql': 'CREATE INDEX CONCURRENTLY t_v ON t (w)' });
    const error = await failedRun(migrateUp(url, other));
    expect(error.message).toMatch(/the INVALID index public\.t_v bears the name of the one to be built and is another/);
    expect(error.hint).toBe('if nobody needs it, run: DROP INDEX CONCURRENTLY public.t_v');
    expect(await indexesOf(session)).toEqual([{ name: 't_v', valid: false }]);

    await session.query('DELETE FROM t WHERE w > 50');
    await migrateUp(url, await migrationsWith({ '1_a.up.sql': UNIQUE }));
    expect(await indexesOf(session)).toEqual([{ name: 't_v', valid: true }]);
  });

  it('does not pass for built where IF NOT EXISTS would let PostgreSQL pass it by', async () => {
    const { url, session } = await databaseWithRows();
    await session.query(UNIQUE).catch(() => undefined);
    await session.query('DELETE FROM t WHERE w > 50');
    const folder = await migrationsWith({
      '1_a.up.sql': 'CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS t_v ON t (v)',
    });
    await migrateUp(url, folder);
    expect(await indexesOf(session)).toEqual([{ name: 't_v', valid: true }]);
  });

  it('is found without a name, too', async () => {
    const { url, session } = await databaseWithRows();
    const folder = await migrationsWith({ '1_a.up.sql': 'CREATE UNIQUE INDEX CONCURRENTLY ON t (v)' });
    await failedRun(migrateUp(url, folder));
    await session.query('DELETE FROM t WHERE w > 50');
    await migrateUp(url, folder);
    expect(await indexesOf(session)).toEqual([{ name: 't_v_idx', valid: true }]);
  });

  it('goes on after the server ended the runner’s connection in the middle of the build', async () => {
    const { url, session } = await databaseWithRows();
    const reader = await openSession(url, { applicationName: 'an old transaction' });
    await reader.script('BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM t');
    const folder = await migrationsWith({ '1_a.up.sql': 'CREATE INDEX CONCURRENTLY t_v ON t (v);\nVACUUM t;' });
    let ended = false;
    const run = migrateUp(url, folder, {
      onEvent: ({ kind }) => {
        if (kind !== 'lock awaited' || ended) return;
        ended = true;
        void session.query(
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
           WHERE datname = current_database() AND application_name LIKE 'pgsteward migrate 1 %'`,
        );
      },
    });
    const error = await failedRun(run);
    expect(error.result.failure?.sqlState).toBe('57P01');
    expect(await indexesOf(session)).toEqual([{ name: 't_v', valid: false }]);
    await reader.close();
    await migrateUp(url, folder);
    expect(await indexesOf(session)).toEqual([{ name: 't_v', valid: true }]);
  });

  it('waits for old transactions instead of breaking off after a short turn', async () => {
    const { url, session } = await databaseWithRows();
    const reader = await openSession(url);
    await reader.script('BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM t');
    const folder = await migrationsWith({ '1_a.up.sql': 'CREATE INDEX CONCURRENTLY t_v ON t (v)' });
    let seen = 0;
    const result = await migrateUp(url, folder, {
      onEvent: ({ kind }) => {
        if (kind === 'lock awaited') seen += 1;
        if (seen === 2) void reader.query('COMMIT');
      },
    });
    await reader.close();
    expect(result.done[0]?.lockRetries).toBe(0);
    expect(await indexesOf(session)).toEqual([{ name: 't_v', valid: true }]);
  });
});
