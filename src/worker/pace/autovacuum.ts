import type { BrakeTerms } from '../../jobs/brakes.js';
import type { Session } from '../../postgres/session.js';
import { formatCount, formatDuration, formatNumber } from '../../report/units.js';
import { type Brake, freeReading, type Reading, SLOWS_FROM, strongest } from './brake.js';

type Limits = NonNullable<BrakeTerms['autovacuum']>;

interface Vacuum {
  readonly pid: number;
  readonly name: string;
  readonly table: string;
  /** Null where the role may not see it. */
  readonly seconds: number | null;
  readonly share: number | null;
}

interface DeadTuples {
  readonly table: string;
  readonly dead: number;
  /** From how many on autovacuum comes. */
  readonly threshold: number;
  readonly isOff: boolean;
}

/** Half of the duty cycle stays to a run whose table is being vacuumed. */
const UNDER_VACUUM: Readonly<Record<Limits['underVacuum'], number>> = {
  slow: (SLOWS_FROM + 1) / 2,
  hold: 1,
  ignore: 0,
};

/** Makes the brake that gives way to a vacuum of the job's tables and holds while autovacuum is far behind there. */
export function autovacuum(limits: Limits, tables: readonly string[]): Brake {
  return {
    name: 'autovacuum',
    measure: async (gauge) => {
      const { vacuums, counted } = await gauge.read(async (session) => ({
        vacuums: await readVacuums(session, tables),
        counted: await readDeadTuples(session, tables),
      }));
      const off = counted.filter(({ isOff }) => isOff).map(({ table }) => table);
      const readings = [
        ...vacuums.map((vacuum) => judgeVacuum(vacuum, limits)),
        ...counted.filter(({ isOff }) => !isOff).map((table) => judgeDeadTuples(table, limits)),
      ];
      const unseen =
        off.length === 0 ? null : `autovacuum is off for ${off.join(', ')}: dead tuples there are not waited for`;
      return { ...(strongest(readings) ?? freeReading()), unseen };
    },
  };
}

function judgeVacuum({ pid, name, table, seconds, share }: Vacuum, limits: Limits): Reading {
  const done = share === null ? '' : `, ${formatNumber(Math.floor(share * 100))} % scanned`;
  const time = seconds === null ? '' : ` for ${formatDuration(seconds * 1000)}`;
  const who = `process ${pid} (${name || 'no name'})`;
  const pressure = UNDER_VACUUM[limits.underVacuum];
  return { pressure, detail: `${who} has been vacuuming ${table}${time}${done}`, unseen: null };
}

function judgeDeadTuples({ table, dead, threshold }: DeadTuples, limits: Limits): Reading {
  const limit = Math.max(1, limits.deadTuplesLeast, limits.deadRatio * threshold);
  const detail = `${table} has ${formatCount(dead)} dead tuples, ${formatNumber(dead / Math.max(1, threshold))} times its autovacuum threshold; limit ${formatCount(limit)}`;
  return { pressure: dead / limit, detail, unseen: null };
}

/** The job's tables that exist, with their partitions; $1: their names as SQL. */
const MEMBERS = `
  WITH named AS (SELECT pg_catalog.to_regclass(name) AS relation FROM pg_catalog.unnest($1::text[]) AS name),
  members AS (
    SELECT relation::oid AS oid FROM named WHERE relation IS NOT NULL
    UNION
    SELECT tree.relid::oid FROM named, pg_catalog.pg_partition_tree(named.relation) AS tree WHERE named.relation IS NOT NULL)`;
const TABLE_NAME = "pg_catalog.format('%s.%I', pg_class.relnamespace::regnamespace, pg_class.relname)";

/** Who vacuums is visible to everybody, which table only by its lock. */
async function readVacuums(session: Session, tables: readonly string[]): Promise<readonly Vacuum[]> {
  const read = await session.query<Vacuum>(
    `${MEMBERS}
     SELECT DISTINCT vacuum.pid, coalesce(activity.backend_type, activity.application_name) AS name,
       ${TABLE_NAME} AS table,
       pg_catalog.date_part('epoch', pg_catalog.clock_timestamp() - activity.xact_start) AS seconds,
       vacuum.heap_blks_scanned::float8 / nullif(vacuum.heap_blks_total, 0) AS share
     FROM pg_catalog.pg_stat_progress_vacuum AS vacuum
     JOIN pg_catalog.pg_stat_activity AS activity USING (pid)
     JOIN pg_catalog.pg_locks AS held ON held.pid = vacuum.pid AND held.locktype = 'relation'
       AND held.mode = 'ShareUpdateExclusiveLock' AND held.granted
       AND held.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
     JOIN members ON members.oid = held.relation
     JOIN pg_catalog.pg_class ON pg_class.oid = held.relation
     ORDER BY vacuum.pid`,
    [tables],
  );
  return read.rows;
}

/** A table that was never vacuumed or analysed has no `reltuples`; then the counters say how many rows it has. */
async function readDeadTuples(session: Session, tables: readonly string[]): Promise<readonly DeadTuples[]> {
  const read = await session.query<DeadTuples>(
    `${MEMBERS}
     SELECT ${TABLE_NAME} AS table, counters.n_dead_tup::float8 AS dead,
       least(
         coalesce(own.threshold, pg_catalog.current_setting('autovacuum_vacuum_threshold')::float8)
           + coalesce(own.scale, pg_catalog.current_setting('autovacuum_vacuum_scale_factor')::float8)
             * CASE WHEN reltuples > 0 THEN reltuples ELSE counters.n_live_tup + counters.n_dead_tup END,
         nullif(coalesce(own.most, pg_catalog.current_setting('autovacuum_vacuum_max_threshold', true)::float8), -1)
       ) AS threshold,
       pg_catalog.current_setting('autovacuum') = 'off' OR NOT coalesce(own.enabled, true) AS "isOff"
     FROM members
     JOIN pg_catalog.pg_class ON pg_class.oid = members.oid
     JOIN pg_catalog.pg_stat_all_tables AS counters ON counters.relid = members.oid
     CROSS JOIN LATERAL (
       SELECT pg_catalog.max(option_value) FILTER (WHERE option_name = 'autovacuum_vacuum_threshold')::float8 AS threshold,
         pg_catalog.max(option_value) FILTER (WHERE option_name = 'autovacuum_vacuum_scale_factor')::float8 AS scale,
         pg_catalog.max(option_value) FILTER (WHERE option_name = 'autovacuum_vacuum_max_threshold')::float8 AS most,
         pg_catalog.max(option_value) FILTER (WHERE option_name = 'autovacuum_enabled')::boolean AS enabled
       FROM pg_catalog.pg_options_to_table(reloptions)) AS own
     WHERE relkind <> 'p'
     ORDER BY 1`,
    [tables],
  );
  return read.rows;
}
