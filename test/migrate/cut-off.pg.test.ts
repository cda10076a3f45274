import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migrateUp } from '../../src/migrate/up.js';
import { openSession } from '../../src/postgres/session.js';
import { hasPooler, NO_POOLER, type Pooler, startPooler } from '../pooler.js';
import { type TestDatabase, testDatabase } from '../postgres.js';
import { failedRun } from './failed-run.js';
import { migrationsWith } from './folder.js';

/** Connections behind the pooler. */
const CONNECTIONS = 4;

describe.skipIf(!hasPooler)(`a file without a transaction, behind a pooler (${NO_POOLER})`, () => {
  let database: TestDatabase;
  let pooler: Pooler;

  beforeAll(async () => {
    database = await testDatabase();
    pooler = await startPooler(database.url, { connections: CONNECTIONS });
  });

  afterAll(() => pooler.stop());

  it('leaves no setting of its own to the connections that others get next', async () => {
    const files = {
      '1_a.up.sql':
        '-- pgsteward: no-transaction\nCREATE TABLE a (id int);\nVACUUM a;\nCREATE INDEX CONCURRENTLY a_id ON a (id);',
      '2_b.up.sql': 'SET lock_timeout = 77;\nCREATE TABLE b (id int);',
    };
    expect((await migrateUp(pooler.url, await migrationsWith(files), { partOfSet: true })).done).toHaveLength(2);
    const sessions = await Promise.all(Array.from({ length: CONNECTIONS }, () => openSession(pooler.url)));
    const found = await Promise.all(
      sessions.map(async (session) => {
        await session.query('BEGIN');
        const { rows } = await session.query<{ lock: string; statement: string; pid: number }>(
          `SELECT current_setting('lock_timeout') AS lock, current_setting('statement_timeout') AS statement,
                  pg_backend_pid() AS pid`,
        );
        return rows[0];
      }),
    );
    expect(found).toEqual(
      Array.from({ length: CONNECTIONS }, () => expect.objectContaining({ lock: '0', statement: '0' })),
    );
    await Promise.all(sessions.map((session) => session.close()));
  });

  it('still waits for a lock in short turns, and begins again when it is free', async () => {
    const holder = await openSession(database.url);
    await holder.query('CREATE TABLE held (id int)');
    await holder.script('BEGIN; LOCK TABLE held');
    let told = 0;
    const { done } = await migrateUp(pooler.url, await migrationsWith({ '3_v.up.sql': 'VACUUM held;' }), {
      partOfSet: true,
      onEvent: ({ kind }) => {
        if (kind !== 'lock awaited') return;
        told += 1;
        if (told === 2) void holder.query('COMMIT');
      },
    });
    await holder.close();
    expect(done.map(({ version, lockRetries }) => [version, lockRetries > 0])).toEqual([['3', true]]);
  });

  it('ends when the time for a lock is used up', async () => {
    const holder = await openSession(database.url);
    await holder.query('CREATE TABLE kept (id int)');
    await holder.script('BEGIN; LOCK TABLE kept');
    const folder = await migrationsWith({ '4_v.up.sql': 'VACUUM kept;' });
    const error = await failedRun(migrateUp(pooler.url, folder, { partOfSet: true, lockTimeoutMs: 150 }));
    await holder.close();
    expect(error.result.failure).toMatchObject({ sqlState: '55P03', line: 1 });
    expect(error.message).toContain('the lock it needs is not to be had, held by process');
  });

  it('refuses a SET, which would not reach the statement behind it', async () => {
    const sql = '-- pgsteward: no-transaction\nCREATE TABLE c (id int);\nSET work_mem = 64;\nVACUUM c;';
    const run = migrateUp(pooler.url, await migrationsWith({ '5_c.up.sql': sql }), { partOfSet: true });
    const { message, hint } = await failedRun(run);
    expect(message).toMatch(/5_c\.up\.sql:3: a SET outside of a transaction does not reach the next statement/);
    expect(hint).toContain('--database-url');
    expect((await database.session.query(`SELECT to_regclass('c') AS c`)).rows).toEqual([{ c: null }]);
  });
});
