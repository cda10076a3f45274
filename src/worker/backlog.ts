import type { Backlog } from '../model/dashboard.js';
import type { Session } from '../postgres/session.js';
import { utc } from '../postgres/utc.js';
import { quoteIdentifier } from '../sql/quote.js';
import type { RunPlace } from './run-list.js';

/** Runs that a rate is made of: two weeks of a daily job, a day of an hourly one. */
const RUNS = 24;

/**
 * Gives how fast rows come due for each purge and how many must have come due since its last run, from what its runs
 * have deleted: a run that succeeded has deleted all that had come due since the one before. No table is counted.
 */
export async function readBacklogs(
  session: Session,
  ownSchema: string,
  places: readonly RunPlace[],
): Promise<readonly Backlog[]> {
  const read = await session.query<Backlog & { readonly secondsSince: number }>(
    `SELECT place.its_job AS job, place.its_target AS target,
            pg_catalog.json_agg(pg_catalog.json_build_object('startedAt', ${utc('started_at')}, 'deleted', deleted)
              ORDER BY started_at) AS runs,
            coalesce(pg_catalog.sum(deleted) FILTER (WHERE newness < runs)
              / nullif(extract(epoch FROM pg_catalog.max(started_at) - pg_catalog.min(started_at)), 0), 0)::float8
              AS "arrivalPerSecond",
            extract(epoch FROM pg_catalog.clock_timestamp() - pg_catalog.max(started_at))::float8 AS "secondsSince"
     FROM ROWS FROM (pg_catalog.unnest($1::text[]), pg_catalog.unnest($2::text[])) AS place (its_job, its_target)
     CROSS JOIN LATERAL (
       SELECT started_at, coalesce((counts ->> 'deleted')::float8, 0) AS deleted, counts ? 'deleted' AS has_deleted,
              pg_catalog.row_number() OVER (ORDER BY started_at DESC) AS newness, pg_catalog.count(*) OVER () AS runs
       FROM (SELECT started_at, counts FROM ${quoteIdentifier(ownSchema)}.job_runs
             WHERE job = place.its_job AND target = place.its_target AND status = 'succeeded'
             ORDER BY started_at DESC, run_id DESC LIMIT ${RUNS}) AS latest) AS run
     GROUP BY place.its_job, place.its_target
     HAVING pg_catalog.bool_or(has_deleted)
     ORDER BY place.its_job, place.its_target`,
    [places.map(({ job }) => job), places.map(({ target }) => target)],
  );
  return read.rows.map(({ secondsSince, ...backlog }) => ({
    ...backlog,
    rowsEstimate: Math.round(backlog.arrivalPerSecond * secondsSince),
  }));
}
