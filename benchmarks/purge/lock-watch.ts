import { openSession } from '../../src/postgres/session.js';

/** How long waits for locks lasted at the most, in milliseconds. */
export interface LockWaits {
  /** Of others, for a lock that a purge held. */
  readonly onPurgeMs: number;
  /** Of a purge, for a lock that others held. */
  readonly byPurgeMs: number;
}

const EVERY_MS = 10;

/** Looks at the locks every 10 ms while the work lasts; purges are known by their application's name. */
export async function watchLocks<T>(url: string, purger: string, work: () => Promise<T>): Promise<[T, LockWaits]> {
  const session = await openSession(url, { applicationName: 'benchmark' });
  const waits = { onPurgeMs: 0, byPurgeMs: 0 };
  let isOver = false;
  const watch = async () => {
    while (!isOver) {
      const seen = await session.query<LockWaits>(
        `SELECT coalesce(max(waited) FILTER (WHERE application_name <> $1), 0)::float8 AS "onPurgeMs",
                coalesce(max(waited) FILTER (WHERE application_name = $1), 0)::float8 AS "byPurgeMs"
         FROM (SELECT a.application_name, extract(epoch FROM clock_timestamp() - l.waitstart) * 1000 AS waited
               FROM pg_locks AS l JOIN pg_stat_activity AS a USING (pid)
               WHERE NOT l.granted AND (a.application_name = $1 OR EXISTS (
                 SELECT FROM pg_stat_activity AS holder
                 WHERE holder.application_name = $1 AND holder.pid = ANY (pg_blocking_pids(l.pid))))) AS waiting`,
        [purger],
      );
      waits.onPurgeMs = Math.max(waits.onPurgeMs, seen.rows[0]?.onPurgeMs ?? 0);
      waits.byPurgeMs = Math.max(waits.byPurgeMs, seen.rows[0]?.byPurgeMs ?? 0);
      await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
    }
  };
  const watching = watch();
  try {
    return [await work(), waits];
  } finally {
    isOver = true;
    await watching;
    await session.close();
  }
}
