import type { BrakeTerms } from '../../jobs/brakes.js';
import { formatDuration } from '../../report/units.js';
import { type BatchBackend, type Brake, freeReading, strongest } from './brake.js';

interface Waiter {
  readonly pid: number;
  readonly name: string;
  readonly waitedMs: number;
}

/** Makes the brake that holds, until it is asked again, once somebody is seen to wait for a lock of the batch under way. */
export function lockWaiters(
  { waitedMs: limitMs }: NonNullable<BrakeTerms['lockWaiters']>,
  backend: BatchBackend,
): Brake {
  return {
    name: 'lock-waiters',
    measure: async (gauge) => {
      if (backend.pid === null) return freeReading();
      const values = [backend.pid];
      const { rows } = await gauge.read((session) => session.query<Waiter>(WAITERS, values));
      const readings = rows.map(({ pid, name, waitedMs }) => ({
        pressure: waitedMs / limitMs,
        detail: `backend ${pid} (${name || 'no name'}) has waited ${formatDuration(waitedMs)} for a lock of the batch under way, ${rows.length} in all; limit ${formatDuration(limitMs)}`,
        unseen: null,
      }));
      return strongest(readings) ?? freeReading();
    },
  };
}

/** `waitstart` is empty for the first moments of a wait. */
const WAITERS = `
  SELECT DISTINCT ON (pid) pid, application_name AS name,
    coalesce(pg_catalog.date_part('epoch', pg_catalog.clock_timestamp() - waitstart) * 1000, 0) AS "waitedMs"
  FROM pg_catalog.pg_locks JOIN pg_catalog.pg_stat_activity USING (pid)
  WHERE NOT granted AND $1 = ANY (pg_catalog.pg_blocking_pids(pid))
  ORDER BY pid, waitstart`;
