import type { JobRun, RunStatus } from '../model/job.js';
import type { Session } from '../postgres/session.js';
import { utcExactly } from '../postgres/utc.js';
import { quoteIdentifier } from '../sql/quote.js';
import { RUN_COLUMNS } from './run-store.js';
import type { WorkerView } from './worker-view.js';

/** Which runs; what is not given does not matter. */
export interface RunFilter {
  readonly job?: string | undefined;
  readonly target?: string | undefined;
  readonly status?: RunStatus | undefined;
}

/** A run with its place in the list. */
export interface ListedRun extends JobRun {
  /** When it started, to the microsecond. */
  readonly startedAtExactly: string;
}

/** A job on a target. */
export interface RunPlace {
  readonly job: string;
  readonly target: string;
}

/** What the ledger has to tell those who only read it. */
export class RunList {
  private readonly table: string;

  constructor(schema: string) {
    this.table = `${quoteIdentifier(schema)}.job_runs`;
  }

  /** Gives runs, the latest first, from below a start time and id on. */
  async newest(
    session: Session,
    filter: RunFilter,
    { limit, after }: { readonly limit: number; readonly after: readonly string[] | null },
  ): Promise<readonly ListedRun[]> {
    const read = await session.query<ListedRun>(
      `SELECT ${RUN_COLUMNS}, ${utcExactly('started_at')} AS "startedAtExactly"
       FROM ${this.table}
       WHERE ($1::text IS NULL OR job = $1) AND ($2::text IS NULL OR target = $2) AND ($3::text IS NULL OR status = $3)
         AND ($4::timestamptz IS NULL OR (started_at, run_id) < ($4, $5::uuid))
       ORDER BY started_at DESC, run_id DESC
       LIMIT $6`,
      [filter.job, filter.target, filter.status, after?.[0], after?.[1], limit],
    );
    return read.rows;
  }

  /** Gives the latest run of each job on each target. */
  async lastRuns(session: Session): Promise<readonly JobRun[]> {
    const read = await session.query<JobRun>(
      `SELECT DISTINCT ON (job, target) ${RUN_COLUMNS} FROM ${this.table}
       ORDER BY job, target, started_at DESC, run_id DESC`,
    );
    return read.rows;
  }

  /** Gives the latest run of each place that has one, and of each the latest that succeeded. */
  async latest(session: Session, places: readonly RunPlace[]): Promise<readonly JobRun[]> {
    const latestOf = (condition: string) =>
      `(SELECT * FROM ${this.table}
        WHERE job = place.its_job AND target = place.its_target AND ${condition}
        ORDER BY started_at DESC, run_id DESC LIMIT 1)`;
    const read = await session.query<JobRun>(
      `SELECT DISTINCT ON (run.started_at, run.run_id) ${RUN_COLUMNS}
       FROM ROWS FROM (pg_catalog.unnest($1::text[]), pg_catalog.unnest($2::text[])) AS place (its_job, its_target)
       CROSS JOIN LATERAL (${latestOf("status <> 'skipped'")} UNION ALL ${latestOf("status = 'succeeded'")}) AS run
       ORDER BY run.started_at DESC, run.run_id DESC`,
      [places.map(({ job }) => job), places.map(({ target }) => target)],
    );
    return read.rows;
  }
}

/** Gives every job on every target. */
export function placesOf(worker: WorkerView): readonly RunPlace[] {
  return worker.jobs().flatMap(({ name, targets }) => targets.map(({ target }) => ({ job: name, target })));
}
