import { describe, expect, it } from 'vitest';
import { watchLocks } from '../../src/bench/lock-watch.js';
import { openSession } from '../../src/postgres/session.js';
import { commandsDatabase } from './commands.js';

describe('watchLocks', () => {
  it('tells what others lock, in which mode and who waits, of the tables that were there before', async () => {
    const url = await commandsDatabase();
    const [idle, watched] = [await watchLocks(url), await watchLocks(url)];
    expect(await idle.stop()).toEqual([]);
    const migration = await openSession(url);
    try {
      await migration.script(`BEGIN; LOCK TABLE commands IN ROW EXCLUSIVE MODE; LOCK TABLE commands IN SHARE MODE;
        CREATE TABLE newer (id int); LOCK TABLE newer IN ACCESS EXCLUSIVE MODE`);
      expect(await watched.stop()).toEqual([
        {
          ...{ relation: 'public.commands', mode: 'ShareLock', stops: 'writers', times: 1 },
          heldMs: expect.any(Number),
        },
      ]);
    } finally {
      await migration.close();
    }
  });

  it('measures the longest of several stretches', async () => {
    const url = await commandsDatabase();
    const watch = await watchLocks(url);
    const migration = await openSession(url);
    const observer = await openSession(url, { readOnly: true });
    /** Holds a lock, or none, until the watch has looked since; its last statement tells when. */
    const hold = async (isLocked: boolean) => {
      if (isLocked) await migration.script('BEGIN; LOCK TABLE commands IN ACCESS EXCLUSIVE MODE');
      const { rows } = await observer.query<{ now: string }>('SELECT clock_timestamp()::text AS now');
      const looked = `SELECT FROM pg_stat_activity WHERE query LIKE '%pg_locks%' AND application_name = 'pgsteward bench'
        AND datname = current_database() AND query_start > $1::timestamptz AND state = 'idle'`;
      while ((await observer.query(looked, [rows[0]?.now])).rows.length === 0);
      if (isLocked) await migration.script('COMMIT');
    };
    try {
      for (const isLocked of [true, false, true, false]) await hold(isLocked);
      const [lock, ...others] = await watch.stop();
      expect(others).toEqual([]);
      expect(lock).toMatchObject({ mode: 'AccessExclusiveLock', stops: 'readers and writers', times: 2 });
      expect(lock?.heldMs).toBeGreaterThan(0);
    } finally {
      await Promise.all([migration.close(), observer.close()]);
    }
  });
});
