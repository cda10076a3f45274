import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { currentActor } from '../../src/migrate/actor.js';
import { acquireLease, type Lease, type LeaseOptions } from '../../src/migrate/lease.js';
import { ensureOwnTables, ownTables } from '../../src/migrate/own-tables.js';
import { migrationStatus } from '../../src/migrate/status.js';
import { migrateUp } from '../../src/migrate/up.js';
import { openSession } from '../../src/postgres/session.js';
import { testDatabase } from '../postgres.js';
import { failedRun } from './failed-run.js';
import { folderWith, migrationsWith } from './folder.js';

const TABLES = ownTables('steward');

async function leasedDatabase() {
  return testDatabase({ template: 'lease', prepare: (session) => ensureOwnTables(session, TABLES) });
}

function optionsWith(own: Partial<LeaseOptions>): LeaseOptions {
  return { actor: currentActor(), leaseMs: 60_000, random: () => 0, signal: null, onWait: () => undefined, ...own };
}

describe('the lease', () => {
  it('goes to one at a time, names its holder to who waits, and its fence grows', async () => {
    const { url, session } = await leasedDatabase();
    const first = await acquireLease(session, TABLES, optionsWith({ actor: { ...currentActor(), name: 'a@b' } }));
    const other = await openSession(url);
    const holders: string[] = [];
    let release: Promise<void> | null = null;
    const second: Lease = await acquireLease(
      other,
      TABLES,
      optionsWith({
        onWait: (holder) => {
          holders.push(holder);
          release = first.release();
        },
      }),
    );
    await release;
    expect(holders).toEqual(['a@b']);
    expect(Number(second.fence)).toBe(Number(first.fence) + 1);
    await second.release();
    await other.close();
  });

  it('is waited for beyond the lock_timeout that its role has', async () => {
    const { url, session } = await leasedDatabase();
    const [holder, impatient] = await Promise.all([openSession(url), openSession(url, { lockTimeoutMs: 20 })]);
    await holder.script('BEGIN; SELECT FROM steward.leases FOR UPDATE');
    let asked = 0;
    // Each turn of the wait asks for a number.
    const random = () => {
      asked += 1;
      if (asked === 2) void holder.query('COMMIT');
      return 0;
    };
    const lease = await acquireLease(impatient, TABLES, optionsWith({ random }));
    expect(asked).toBeGreaterThanOrEqual(2);
    await lease.release();
    await Promise.all([holder.close(), impatient.close()]);
    expect((await session.query('SELECT FROM steward.leases WHERE holder IS NOT NULL')).rowCount).toBe(0);
  });

  it('lapses by the database’s clock when its holder gives no heartbeat', async () => {
    const { url, session } = await leasedDatabase();
    const dead = await openSession(url);
    const lease = await acquireLease(dead, TABLES, optionsWith({ leaseMs: 60_000 }));
    await session.query(`UPDATE steward.leases SET lease_until = clock_timestamp() - interval '1 ms'`);
    const next = await acquireLease(session, TABLES, optionsWith({}));
    expect(Number(next.fence)).toBe(Number(lease.fence) + 1);
    // The one who was late gives back nothing that is not its own.
    await lease.release();
    const { rows } = await session.query('SELECT holder IS NOT NULL AS held FROM steward.leases');
    expect(rows).toEqual([{ held: true }]);
    await next.release();
    await dead.close();
  });

  it('lives on by heartbeats for as long as its holder works', async () => {
    const { url } = await leasedDatabase();
    const folder = await migrationsWith({ '1_a.up.sql': 'SELECT pg_sleep(1.5)', '2_b.up.sql': 'SELECT 1' });
    const order: string[] = [];
    const run = (name: string) =>
      migrateUp(url, folder, { leaseMs: 1000, onEvent: ({ kind }) => kind === 'done' && order.push(name) });
    await Promise.all([run('first'), run('second')]);
    expect(order).toHaveLength(2);
    expect(new Set(order).size).toBe(1);
  });

  it('ends the run of a holder that lost it, and nothing of the file under way is applied', async () => {
    const { url, session } = await leasedDatabase();
    const folder = await migrationsWith({
      '1_a.up.sql': 'CREATE TABLE a (); UPDATE steward.leases SET fence = fence + 1',
    });
    const error = await failedRun(migrateUp(url, folder));
    expect(error.message).toMatch(/the lease on migrations was lost: it lapsed and another runner took it/);
    expect((await session.query(`SELECT to_regclass('a') AS a`)).rows).toEqual([{ a: null }]);
  });

  it('of a process that was killed is taken over, and the file it left is applied', async () => {
    const { url, session } = await leasedDatabase();
    await session.query('CREATE TABLE pace AS SELECT 60 AS seconds');
    const dir = await folderWith({ '1_a.up.sql': 'CREATE TABLE a (); SELECT pg_sleep(seconds) FROM public.pace' });
    const program = fileURLToPath(new URL('./run-up.ts', import.meta.url));
    const child = spawn(process.execPath, ['--import', 'tsx', program, url, dir, '1000'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    const folder = await migrationsWith({
      '1_a.up.sql': 'CREATE TABLE a (); SELECT pg_sleep(seconds) FROM public.pace',
    });
    expect((await migrationStatus(url, folder)).files[0]?.status).toBe('pending');
    child.kill('SIGKILL');
    await once(child, 'exit');
    await session.query(`UPDATE pace SET seconds = 0`);
    // The killed runner's statement still sleeps in the server and holds its new table.
    await session.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND application_name LIKE 'pgsteward migrate 1 %'`);
    const { done } = await migrateUp(url, folder, { leaseMs: 1000 });
    expect(done.map(({ version }) => version)).toEqual(['1']);
    expect((await migrationStatus(url, folder)).gate.open).toBe(true);
  });
});

const OWN_VERSIONS = readdirSync(new URL('../../migrations/steward', import.meta.url))
  .filter((file) => file.endsWith('.up.sql'))
  .map((file) => file.slice(0, 4))
  .sort();

describe('pgsteward’s own tables', () => {
  it('are made once by programs that start together', async () => {
    const { url, session } = await testDatabase();
    const sessions = await Promise.all(Array.from({ length: 6 }, () => openSession(url)));
    for (const schema of ['first', 'second', 'third', 'fourth', 'fifth', 'sixth']) {
      await Promise.all(sessions.map((each) => ensureOwnTables(each, ownTables(schema))));
      const { rows } = await session.query(`SELECT version FROM ${schema}.steward_versions ORDER BY version`);
      expect(rows).toEqual(OWN_VERSIONS.map((version) => ({ version })));
    }
    await Promise.all(sessions.map((each) => each.close()));
  });

  it('keep the history of attempts as it was written', async () => {
    const { session } = await leasedDatabase();
    for (const sql of [
      'UPDATE steward.schema_migration_attempts SET error = 1',
      'TRUNCATE steward.schema_migration_attempts',
    ]) {
      await expect(session.query(sql)).rejects.toThrow('steward.schema_migration_attempts is append-only');
    }
  });
});
