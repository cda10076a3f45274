import type { Session } from '../postgres/session.js';
import { quoteIdentifier } from '../sql/quote.js';

/** A job on a target with the schedule it now has. */
export interface SchedulePlace {
  readonly job: string;
  readonly target: string;
  readonly schedule: string | null;
  readonly timezone: string;
}

/**
 * Gives from when on fires are to be looked for, in the places' order: after the latest that has a row, and since the
 * schedule holds. A schedule that is new or was changed holds from now on.
 */
export async function dueSince(
  session: Session,
  ownSchema: string,
  places: readonly SchedulePlace[],
): Promise<readonly Date[]> {
  const schema = quoteIdentifier(ownSchema);
  const columns = [
    places.map(({ job }) => job),
    places.map(({ target }) => target),
    places.map(({ schedule }) => schedule),
    places.map(({ timezone }) => timezone),
  ];
  // What is known already is left out: a conflict would lock its row in every round of every replica.
  await session.query(
    `INSERT INTO ${schema}.job_schedules AS known (job, target, schedule, timezone)
     SELECT * FROM ROWS FROM (pg_catalog.unnest($1::text[]), pg_catalog.unnest($2::text[]), pg_catalog.unnest($3::text[]), pg_catalog.unnest($4::text[]))
     EXCEPT SELECT job, target, schedule, timezone FROM ${schema}.job_schedules
     ORDER BY 1, 2
     ON CONFLICT (job, target) DO UPDATE
       SET schedule = excluded.schedule, timezone = excluded.timezone, since = excluded.since
       WHERE (known.schedule, known.timezone) IS DISTINCT FROM (excluded.schedule, excluded.timezone)`,
    columns,
  );
  const read = await session.query<{ since: Date }>(
    `SELECT greatest(known.since, last.fire_at) AS since
     FROM ROWS FROM (pg_catalog.unnest($1::text[]), pg_catalog.unnest($2::text[])) WITH ORDINALITY AS place (job, target, position)
     JOIN ${schema}.job_schedules AS known USING (job, target)
     CROSS JOIN LATERAL (
       SELECT pg_catalog.max(run.fire_at) AS fire_at FROM ${schema}.job_runs AS run
       WHERE run.job = place.job AND run.target = place.target) AS last
     ORDER BY place.position`,
    columns.slice(0, 2),
  );
  return read.rows.map(({ since }) => since);
}
