import type { TimeOutCount } from '../../model/dashboard.js';
import type { Session } from '../../postgres/session.js';

/** Counts the fleet's time-outs of the last days by the type of their command, the most frequent first. */
export async function countTimeouts(session: Session, days: number): Promise<readonly TimeOutCount[]> {
  const read = await session.query<TimeOutCount>(
    `SELECT coalesce(log.metadata ->> 'type', command.command_type, 'unknown') AS type,
            pg_catalog.count(*)::int AS count,
            pg_catalog.avg((log.metadata ->> 'waited_seconds')::float8) AS "waitedSecondsMean"
     FROM public.update_logs AS log LEFT JOIN public.agent_commands AS command ON command.id = log.command_id
     WHERE log.result = 'timed_out' AND log.created_at > pg_catalog.now() - $1 * interval '1 day'
     GROUP BY 1 ORDER BY count DESC, type`,
    [days],
  );
  return read.rows;
}
