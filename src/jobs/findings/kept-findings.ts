import type { AdviceReport } from '../../model/advice.js';
import type { Severity } from '../../model/finding.js';
import type { KeptFinding } from '../../model/kept-finding.js';
import type { Session } from '../../postgres/session.js';
import { utcExactly } from '../../postgres/utc.js';
import { quoteIdentifier } from '../../sql/quote.js';

/** Which findings; what is not given does not matter. */
export interface FindingFilter {
  readonly ruleId?: string | undefined;
  readonly severity?: Severity | undefined;
  readonly state: 'open' | 'resolved' | 'all';
  readonly limit: number;
  /** The last one of the page before. */
  readonly after?: Pick<KeptFinding, 'firstSeenAt' | 'job' | 'key'>;
}

/** The findings of one database. */
export class KeptFindings {
  private readonly table: string;

  constructor(ownSchema: string) {
    this.table = `${quoteIdentifier(ownSchema)}.findings`;
  }

  /**
   * Takes over what a run has found: new ones, those that are still there, and those that are gone. What a rule could
   * not judge this time stays as it was.
   */
  async keep(
    session: Session,
    job: string,
    { findings, skippedRules }: Pick<AdviceReport, 'findings' | 'skippedRules'>,
  ): Promise<{ readonly resolved: number }> {
    const kept = findings.map(({ key, ruleId, severity, title, message, relations, proof, fix }) => ({
      ...{ finding_key: key, rule_id: ruleId, severity, title, message, relations, proof, fix },
    }));
    await session.query(
      `INSERT INTO ${this.table} AS known
         (job, finding_key, rule_id, severity, title, message, relations, proof, fix)
       SELECT $1, finding_key, rule_id, severity, title, message, relations, proof, nullif(fix, 'null')
       FROM pg_catalog.jsonb_to_recordset($2::jsonb) AS found (finding_key text, rule_id text, severity text,
         title text, message text, relations text[], proof jsonb, fix jsonb)
       ON CONFLICT (job, finding_key) DO UPDATE SET
         severity = excluded.severity, title = excluded.title, message = excluded.message,
         relations = excluded.relations, proof = excluded.proof, fix = excluded.fix,
         last_seen_at = excluded.last_seen_at, resolved_at = NULL,
         first_seen_at = CASE WHEN known.resolved_at IS NULL THEN known.first_seen_at ELSE excluded.first_seen_at END,
         announced_at = CASE WHEN known.resolved_at IS NULL THEN known.announced_at END`,
      [job, JSON.stringify(kept)],
    );
    const gone = await session.query(
      `UPDATE ${this.table} SET resolved_at = pg_catalog.clock_timestamp()
       WHERE job = $1 AND resolved_at IS NULL AND finding_key <> ALL ($2::text[]) AND rule_id <> ALL ($3::text[])`,
      [job, findings.map(({ key }) => key), skippedRules.map(({ ruleId }) => ruleId)],
    );
    return { resolved: gone.rowCount };
  }

  /** Gives the open findings that nobody has been told of. */
  async unannounced(session: Session, job: string): Promise<readonly KeptFinding[]> {
    const read = await session.query<KeptFinding>(
      `SELECT ${COLUMNS} FROM ${this.table} WHERE job = $1 AND announced_at IS NULL AND resolved_at IS NULL
       ORDER BY finding_key`,
      [job],
    );
    return read.rows;
  }

  async markAnnounced(session: Session, job: string, announced: readonly KeptFinding[]): Promise<void> {
    await session.query(
      `UPDATE ${this.table} SET announced_at = pg_catalog.clock_timestamp()
       WHERE job = $1 AND finding_key = ANY ($2::text[]) AND announced_at IS NULL`,
      [job, announced.map(({ key }) => key)],
    );
  }

  /** Lists findings, the newest first. */
  async list(
    session: Session,
    { ruleId, severity, state, limit, after }: FindingFilter,
  ): Promise<readonly KeptFinding[]> {
    const read = await session.query<KeptFinding>(
      `SELECT ${COLUMNS} FROM ${this.table}
       WHERE ($1::text IS NULL OR rule_id = $1) AND ($2::text IS NULL OR severity = $2)
         AND ($3 = 'all' OR (resolved_at IS NULL) = ($3 = 'open'))
         AND ($4::timestamptz IS NULL
           OR (first_seen_at, job COLLATE "C", finding_key) < ($4, $5::text COLLATE "C", $6::text COLLATE "C"))
       ORDER BY first_seen_at DESC, job COLLATE "C" DESC, finding_key DESC LIMIT $7`,
      [ruleId, severity, state, after?.firstSeenAt, after?.job, after?.key, limit],
    );
    return read.rows;
  }
}

const COLUMNS = `job, finding_key AS key, rule_id AS "ruleId", severity, title, message, relations, proof, fix,
  ${utcExactly('first_seen_at')} AS "firstSeenAt", ${utcExactly('last_seen_at')} AS "lastSeenAt", ${utcExactly('resolved_at')} AS "resolvedAt"`;
