import type { BrakeTerms } from '../../jobs/brakes.js';
import { formatCount, formatDuration } from '../../report/units.js';
import { type BatchBackend, type Brake, freeReading, type Reading, strongest } from './brake.js';

type Limits = NonNullable<BrakeTerms['xminHorizon']>;

interface Holder {
  /** `backend 4711 (psql), idle in transaction,`. */
  readonly who: string;
  readonly transactions: number;
  /** Null where the role may not see it, and for a slot, which has no such time. */
  readonly seconds: number | null;
  readonly isHidden: boolean;
}

const HIDDEN =
  'pg_stat_activity hides from this role how long others have been in their transactions, so that only the age in transactions counts: GRANT pg_monitor TO it';

/** Makes the brake that holds while somebody keeps old row versions alive, so that what the run leaves cannot be vacuumed. */
export function xminHorizon(limits: Limits, backend: BatchBackend): Brake {
  const judge = ({ who, transactions, seconds }: Holder): Reading => {
    const pressure = Math.max((seconds ?? 0) / limits.ageSeconds, transactions / limits.ageTransactions);
    const time = seconds === null ? '' : `for ${formatDuration(seconds * 1000)}, `;
    const limit = `${formatDuration(limits.ageSeconds * 1000)} or ${formatCount(limits.ageTransactions)} transactions`;
    const detail = `${who} holds the xmin horizon ${time}${formatCount(transactions)} transactions back; limit ${limit}`;
    return { pressure, detail, unseen: null };
  };
  return {
    name: 'xmin-horizon',
    measure: async (gauge) => {
      const { rows } = await gauge.read((session) => session.query<Holder>(HOLDERS, [backend.pid]));
      const worst = strongest(rows.map(judge)) ?? freeReading();
      return { ...worst, unseen: rows.some(({ isHidden }) => isHidden) ? HIDDEN : null };
    },
  };
}

/**
 * Those whose snapshots or transactions count for tables of this database: its own backends and those of no database,
 * slots, prepared transactions. A vacuum's own snapshot does not count, nor does the batch under way ($1).
 */
const HOLDERS = `
  SELECT 'backend ' || pid || ' (' || coalesce(nullif(application_name, ''), 'no name') || ')'
      || CASE WHEN state LIKE 'idle in transaction%' THEN ', ' || state || ',' ELSE '' END AS who,
    greatest(pg_catalog.age(backend_xmin), pg_catalog.age(backend_xid))::float8 AS transactions,
    pg_catalog.date_part('epoch', pg_catalog.clock_timestamp() - xact_start) AS seconds,
    NOT pg_catalog.pg_has_role('pg_read_all_stats', 'USAGE') AND NOT pg_catalog.pg_has_role(usesysid, 'USAGE') AS "isHidden"
  FROM pg_catalog.pg_stat_activity AS activity
  WHERE coalesce(backend_xmin, backend_xid) IS NOT NULL AND pid <> pg_catalog.pg_backend_pid() AND pid IS DISTINCT FROM $1::integer
    AND (datid IS NULL OR datname = pg_catalog.current_database())
    AND NOT EXISTS (SELECT FROM pg_catalog.pg_stat_progress_vacuum AS vacuum WHERE vacuum.pid = activity.pid)
  UNION ALL
  SELECT 'replication slot ' || slot_name, pg_catalog.age(xmin)::float8, NULL, false
  FROM pg_catalog.pg_replication_slots WHERE xmin IS NOT NULL
  UNION ALL
  SELECT 'prepared transaction ' || gid || ' of ' || owner, pg_catalog.age(transaction)::float8,
    pg_catalog.date_part('epoch', pg_catalog.clock_timestamp() - prepared), false
  FROM pg_catalog.pg_prepared_xacts WHERE database = pg_catalog.current_database()
  ORDER BY who`;
