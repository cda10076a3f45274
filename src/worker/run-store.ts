import type { Counts, JobRun, RunStatus } from '../model/job.js';
import type { Session } from '../postgres/session.js';
import { utc } from '../postgres/utc.js';
import { quoteIdentifier } from '../sql/quote.js';

/** A right to write for one run, until its lease lapses or the run is closed. */
export interface Claim {
  readonly runId: string;
  /** Of this claim; int8 as text. */
  readonly fence: string;
  /** Of the run before it, of the same job and target. */
  readonly cursor: unknown;
}

export interface ClaimRequest {
  readonly runId: string;
  readonly job: string;
  readonly target: string;
  readonly fireAt: Date | null;
  readonly holder: string;
  readonly leaseSeconds: number;
}

/** What became of a claim. */
export type ClaimAnswer =
  | { readonly kind: 'claimed'; readonly claim: Claim }
  /** Somebody else has claimed this fire, or has left it as skipped. */
  | { readonly kind: 'taken' }
  /** A run of this job is under way. */
  | { readonly kind: 'running'; readonly runId: string; readonly holder: string };

/** What the target's ledger says of a run. */
interface Truth {
  readonly counts: Counts;
  readonly cursor: unknown;
  readonly error: string | null;
}

type Place = Pick<ClaimRequest, 'job' | 'target'>;

/** More than a run can add, so that a ledger that was kept for ever shrinks, and so few that no run is held up. */
const FORGOTTEN_MOST = 100;

/** The ledger of one database, by statements that hold no lock between them: safe behind a transaction pooler. */
export class RunStore {
  private readonly table: string;
  private readonly keepRunsDays: number;

  /** Runs are kept for so many days; 0, as where it is not given, for ever. */
  constructor(schema: string, { keepRunsDays = 0 }: { readonly keepRunsDays?: number } = {}) {
    this.table = `${quoteIdentifier(schema)}.job_runs`;
    this.keepRunsDays = keepRunsDays;
  }

  /** Claims a fire, or a run by hand; a run of the job whose lease lapsed is closed on the way. */
  async claim(session: Session, request: ClaimRequest): Promise<ClaimAnswer> {
    const { runId, job, target, fireAt, holder, leaseSeconds } = request;
    const claimed = await session.query<{ fence: string; cursor: unknown }>(
      `INSERT INTO ${this.table} (run_id, job, target, fire_at, status, lease_until, holder, cursor)
       VALUES ($1, $2, $3, $4, 'running', pg_catalog.clock_timestamp() + $5 * interval '1 s', $6,
         (SELECT cursor FROM ${this.table} WHERE job = $2 AND target = $3 AND status <> 'skipped'
          ORDER BY started_at DESC, run_id DESC LIMIT 1))
       ON CONFLICT DO NOTHING
       RETURNING fence::text, cursor`,
      [runId, job, target, fireAt, leaseSeconds, holder],
    );
    const [row] = claimed.rows;
    if (row !== undefined) return { kind: 'claimed', claim: { runId, ...row } };
    return this.whyRefused(session, request);
  }

  /** Closes runs whose holder has let the lease lapse; gives how many. */
  async closeLapsed(session: Session, { job, target }: Place): Promise<number> {
    const closed = await session.query(
      `UPDATE ${this.table}
       SET status = 'failed', finished_at = pg_catalog.clock_timestamp(), lease_until = NULL,
           error = 'the worker ' || holder || ' went away: its lease lapsed at ' || lease_until::text
       WHERE job = $1 AND target = $2 AND status = 'running' AND lease_until <= pg_catalog.clock_timestamp()`,
      [job, target],
    );
    return closed.rowCount;
  }

  /** Gives the claim of a run whose lease lapsed, or null. */
  async lapsedRun(session: Session, { job, target }: Place): Promise<Claim | null> {
    const found = await session.query<Claim>(
      `SELECT run_id::text AS "runId", fence::text, cursor FROM ${this.table}
       WHERE job = $1 AND target = $2 AND status = 'running' AND lease_until <= pg_catalog.clock_timestamp()`,
      [job, target],
    );
    return found.rows[0] ?? null;
  }

  /** Closes a run whose holder is known to be gone, whatever its lease says. */
  async closeAbandoned(session: Session, { runId }: { readonly runId: string }): Promise<void> {
    await session.query(
      `UPDATE ${this.table}
       SET status = 'failed', finished_at = pg_catalog.clock_timestamp(), lease_until = NULL,
           error = 'the worker ' || holder || ' went away: its lease lapsed'
       WHERE run_id = $1 AND status = 'running'`,
      [runId],
    );
  }

  /** Takes over what another database's ledger says of a run that is still open in this one. */
  async mirror(session: Session, claim: Claim, truth: Truth): Promise<void> {
    await session.query(
      `UPDATE ${this.table} SET counts = $3, cursor = $4 WHERE run_id = $1 AND fence = $2 AND status = 'running'`,
      [
        claim.runId,
        claim.fence,
        JSON.stringify(truth.counts),
        truth.cursor === null ? null : JSON.stringify(truth.cursor),
      ],
    );
  }

  /** Leaves a row for a fire that is not run. */
  async recordSkipped(session: Session, request: ClaimRequest, reason: string): Promise<void> {
    const { runId, job, target, fireAt, holder } = request;
    await session.query(
      `INSERT INTO ${this.table} (run_id, job, target, fire_at, status, finished_at, error, holder)
       VALUES ($1, $2, $3, $4, 'skipped', pg_catalog.clock_timestamp(), $5, $6)
       ON CONFLICT DO NOTHING`,
      [runId, job, target, fireAt, reason, holder],
    );
  }

  /** Lengthens a lease that has not lapsed; false when it is lost. */
  async heartbeat(session: Session, claim: Claim, leaseSeconds: number): Promise<boolean> {
    const renewed = await session.query(
      `UPDATE ${this.table} SET lease_until = pg_catalog.clock_timestamp() + $3 * interval '1 s'
       WHERE run_id = $1 AND fence = $2 AND status = 'running' AND lease_until > pg_catalog.clock_timestamp()`,
      [claim.runId, claim.fence, leaseSeconds],
    );
    return renewed.rowCount === 1;
  }

  /** Adds a batch's counts and sets its cursor, in the transaction of the batch; false when the claim is lost. */
  async advance(session: Session, claim: Claim, step: { counts: Counts; cursor?: unknown }): Promise<boolean> {
    const moved = step.cursor !== undefined;
    const done = await session.queryPlanned(
      `UPDATE ${this.table}
       SET counts = counts || (
             SELECT coalesce(pg_catalog.jsonb_object_agg(key, value::numeric + coalesce((counts ->> key)::numeric, 0)), '{}')
             FROM pg_catalog.jsonb_each_text($3::jsonb)),
           cursor = CASE WHEN $4 THEN nullif($5::jsonb, 'null') ELSE cursor END
       WHERE run_id = $1 AND fence = $2 AND status = 'running' AND lease_until > pg_catalog.clock_timestamp()`,
      [claim.runId, claim.fence, JSON.stringify(step.counts), moved, JSON.stringify(step.cursor ?? null)],
    );
    return done.rowCount === 1;
  }

  /** Closes a run under its fence; false when somebody else has closed it. The job's oldest runs go with it. */
  async finish(session: Session, claim: Claim, end: { status: RunStatus; error: string | null }): Promise<boolean> {
    const closed = await session.query<Place>(
      `UPDATE ${this.table}
       SET status = $3, finished_at = pg_catalog.clock_timestamp(), lease_until = NULL, error = $4
       WHERE run_id = $1 AND fence = $2 AND status = 'running'
       RETURNING job, target`,
      [claim.runId, claim.fence, end.status, end.error],
    );
    const [place] = closed.rows;
    if (place !== undefined && this.keepRunsDays > 0) await this.forgetOld(session, place);
    return place !== undefined;
  }

  /** The latest fire stays, however old: without its row it would be taken for a missed one. */
  private async forgetOld(session: Session, { job, target }: Place): Promise<void> {
    await session.query(
      `DELETE FROM ${this.table} WHERE run_id IN (
         SELECT run_id FROM ${this.table}
         WHERE job = $1 AND target = $2 AND started_at < pg_catalog.now() - $3 * interval '1 day' AND status <> 'running'
           AND fire_at IS DISTINCT FROM (
             SELECT pg_catalog.max(fire_at) FROM ${this.table} WHERE job = $1 AND target = $2)
         ORDER BY started_at, run_id LIMIT ${FORGOTTEN_MOST})`,
      [job, target, this.keepRunsDays],
    );
  }

  /** Closes the row at home as the target's row was closed. */
  async finishMirror(session: Session, claim: Claim, truth: Truth & { readonly status: RunStatus }): Promise<void> {
    await this.mirror(session, claim, truth);
    await this.finish(session, claim, truth);
  }

  /** Gives one run, or null when the ledger has none of this id. */
  async read(session: Session, runId: string): Promise<(JobRun & { readonly cursor: unknown }) | null> {
    const read = await session.query<JobRun & { readonly cursor: unknown }>(
      `SELECT ${RUN_COLUMNS}, cursor FROM ${this.table} WHERE run_id = $1`,
      [runId],
    );
    return read.rows[0] ?? null;
  }

  private async whyRefused(session: Session, request: ClaimRequest): Promise<ClaimAnswer> {
    const found = await session.query<{ runId: string; holder: string; isFire: boolean; isLapsed: boolean }>(
      `SELECT run_id::text AS "runId", holder, fire_at IS NOT DISTINCT FROM $3 AND $3 IS NOT NULL AS "isFire",
              lease_until <= pg_catalog.clock_timestamp() IS TRUE AS "isLapsed"
       FROM ${this.table}
       WHERE job = $1 AND target = $2 AND (status = 'running' OR fire_at = $3)
       ORDER BY "isFire" DESC`,
      [request.job, request.target, request.fireAt],
    );
    const [row] = found.rows;
    if (row?.isFire === true) return { kind: 'taken' };
    if (row !== undefined && !row.isLapsed) return { kind: 'running', runId: row.runId, holder: row.holder };
    // The run that stood in the way has lapsed, or has ended since.
    if (row !== undefined) await this.closeLapsed(session, request);
    return this.claim(session, request);
  }
}

/** Columns of a run as `JobRun` has them. */
export const RUN_COLUMNS = `run_id::text AS "runId", job, target, ${utc('fire_at')} AS "fireAt", status,
  ${utc('started_at')} AS "startedAt", ${utc('finished_at')} AS "finishedAt", counts, error`;
