import type { BrakeTerms } from '../../jobs/brakes.js';
import { formatBytes, formatDuration } from '../../report/units.js';
import { type Brake, freeReading } from './brake.js';

interface Sample {
  readonly atMs: number;
  readonly bytes: number;
}

/** A checkpoint's burst of full pages is shorter than what a replica's network or the archive would feel. */
const WINDOW_MS = 5000;

/** Makes the brake that holds while the whole server writes more WAL than it should. */
export function walRate({ bytesPerSecond: limit }: NonNullable<BrakeTerms['walRate']>): Brake {
  let samples: readonly Sample[] = [];
  return {
    name: 'wal-rate',
    measure: async (gauge) => {
      const read = await gauge.read((session) =>
        session.query<{ bytes: number }>(
          "SELECT pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_current_wal_lsn(), '0/0')::float8 AS bytes",
        ),
      );
      const now: Sample = { atMs: gauge.nowMs(), bytes: read.rows[0]?.bytes ?? 0 };
      const first = samples.find(({ atMs }) => now.atMs - atMs <= WINDOW_MS) ?? samples.at(-1);
      samples = [...samples.filter(({ atMs }) => now.atMs - atMs <= WINDOW_MS), now];
      if (first === undefined || now.atMs <= first.atMs) return freeReading();
      const seconds = (now.atMs - first.atMs) / 1000;
      const rate = (now.bytes - first.bytes) / seconds;
      const detail = `the server writes ${formatBytes(rate)} of WAL a second, over the last ${formatDuration(seconds * 1000)}; limit ${formatBytes(limit)}`;
      return { pressure: rate / limit, detail, unseen: null };
    },
  };
}
