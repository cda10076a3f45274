import { setTimeout as pause } from 'node:timers/promises';
import type { SessionPool } from './session-pool.js';

/** How far this machine's clock may be from the database's before no fire is trusted. */
export const CLOCK_SKEW_MS_MAX = 60_000;

/** What tells the time. */
export interface Clock {
  /** Of this machine. */
  now(): Date;
  /** This machine's clock less the database's, as last measured. */
  readonly skewMs: number;
  measure(): Promise<void>;
  /** Waits until the database's clock has reached a time, up to the skew that is tolerated. */
  reach(time: Date, signal: AbortSignal): Promise<void>;
}

/** Makes the clock that compares this machine's with the home database's. */
export function databaseClock(home: SessionPool): Clock {
  let skewMs = 0;
  return {
    now: () => new Date(),
    get skewMs() {
      return skewMs;
    },
    measure: async () => {
      const before = Date.now();
      const read = await home.use((session) =>
        session.query<{ now: string }>('SELECT pg_catalog.date_part($1, pg_catalog.clock_timestamp()) * 1000 AS now', [
          'epoch',
        ]),
      );
      const here = (before + Date.now()) / 2;
      skewMs = Math.round(here - Number(read.rows[0]?.now));
    },
    reach: async (time, signal) => {
      const waitMs = Math.min(CLOCK_SKEW_MS_MAX, time.getTime() - (Date.now() - skewMs));
      if (waitMs > 0) await pause(waitMs, undefined, { signal });
    },
  };
}
