import type { BrakeTerms } from '../../jobs/brakes.js';
import type { Session } from '../../postgres/session.js';
import { formatBytes, formatDuration } from '../../report/units.js';
import { type Brake, freeReading, type Gauge, type Reading, strongest } from './brake.js';

type Limits = NonNullable<BrakeTerms['replicaLag']>;

interface Receiver {
  readonly pid: number;
  readonly name: string;
  readonly address: string | null;
  readonly replayed: string;
  readonly lagBytes: number;
  readonly lagSeconds: number;
}

const HIDDEN = 'pg_stat_replication hides how far replicas are from this role: GRANT pg_monitor TO it';

/** Makes the brake that holds while a replica is behind in replaying the server's WAL. */
export function replicaLag(limits: Limits): Brake {
  /** By process: where its replay stands, and since when. */
  const standing = new Map<number, { readonly replayed: string; readonly sinceMs: number }>();
  /** The server's own figure stops where replay does; then the time counts for which it has not moved. */
  const secondsBehind = (receiver: Receiver, nowMs: number): number => {
    const known = standing.get(receiver.pid);
    const sinceMs = known?.replayed === receiver.replayed && receiver.lagBytes > 0 ? known.sinceMs : nowMs;
    standing.set(receiver.pid, { replayed: receiver.replayed, sinceMs });
    return Math.max(receiver.lagSeconds, (nowMs - sinceMs) / 1000);
  };
  const judge = (receiver: Receiver, nowMs: number): Reading => {
    const lagSeconds = secondsBehind(receiver, nowMs);
    const pressure = Math.max(lagSeconds / limits.lagSeconds, receiver.lagBytes / limits.lagBytes);
    return { pressure, detail: describe(receiver, { lagSeconds, limits }), unseen: null };
  };
  return {
    name: 'replica-lag',
    measure: async (gauge: Gauge) => {
      const receivers = await gauge.read(readReceivers);
      if (receivers === null) return freeReading(HIDDEN);
      const counted = receivers.filter(({ name }) => !limits.except.includes(name));
      return strongest(counted.map((receiver) => judge(receiver, gauge.nowMs()))) ?? freeReading();
    },
  };
}

/** Gives who replays the server's WAL; null where the role may not see how far. */
async function readReceivers(session: Session): Promise<readonly Receiver[] | null> {
  const read = await session.query<Receiver & { readonly visible: boolean }>(
    `SELECT pid, application_name AS name, client_addr::text AS address, replay_lsn::text AS replayed,
       greatest(0, pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_current_wal_lsn(), replay_lsn))::float8 AS "lagBytes",
       coalesce(pg_catalog.date_part('epoch', replay_lag), 0) AS "lagSeconds",
       pg_catalog.pg_has_role('pg_read_all_stats', 'USAGE') AS visible
     FROM pg_catalog.pg_stat_replication
     ORDER BY pid`,
  );
  if (read.rows.some(({ visible }) => !visible)) return null;
  // A base backup that is being taken replays nothing.
  return read.rows.filter(({ replayed }) => replayed !== null);
}

function describe(
  { name, pid, address, lagBytes }: Receiver,
  { lagSeconds, limits }: { readonly lagSeconds: number; readonly limits: Limits },
): string {
  const who = `replica ${name} (process ${pid}${address === null ? '' : `, ${address}`})`;
  const lag = `${formatDuration(lagSeconds * 1000)} and ${formatBytes(lagBytes)}`;
  return `${who} is ${lag} behind; limit ${formatDuration(limits.lagSeconds * 1000)} or ${formatBytes(limits.lagBytes)}`;
}
