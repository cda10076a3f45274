import { setTimeout as pause } from 'node:timers/promises';
import { asAdministrator } from './administrator.js';
import type { Replica } from './replica.js';

/** Gives the replica that holds a run under way, or null. */
export function atWork(url: string, replicas: readonly Replica[]): Promise<Replica | null> {
  return asAdministrator(url, async (session) => {
    const running = await session.query<{ pid: number }>(
      `SELECT split_part(holder, ':', 2)::int AS pid FROM steward.job_runs
       WHERE status = 'running' AND lease_until > clock_timestamp() ORDER BY started_at DESC`,
    );
    return replicas.find((replica) => running.rows.some(({ pid }) => pid === replica.pid)) ?? null;
  });
}

/** What the ledger says has been deleted and timed out so far. */
export function workDone(url: string): Promise<number> {
  return asAdministrator(url, async (session) => {
    const read = await session.query<{ rows: number }>(
      `SELECT coalesce(sum(coalesce((counts ->> 'deleted')::float8, 0) + coalesce((counts ->> 'timedOut')::float8, 0)), 0)::float8
         AS rows FROM steward.job_runs`,
    );
    return read.rows[0]?.rows ?? 0;
  });
}

/** Waits until more has been done than that; false where nothing was for so long. */
export async function workGoesOn(url: string, before: number, mostMs: number): Promise<boolean> {
  const until = performance.now() + mostMs;
  while (performance.now() < until) {
    if ((await workDone(url)) > before) return true;
    await pause(100);
  }
  return false;
}
