import { appendRowsSql } from '../../audit/append.js';
import type { AuditAnchor } from '../../model/audit.js';
import type { Session } from '../../postgres/session.js';
import { quoteIdentifier, quoteLiteral } from '../../sql/quote.js';
import type { JobTable } from '../job-table.js';
import type { AuditTarget } from './audit-columns.js';
import type { TimeOutConfig, TimeOutRule } from './config.js';

/** A time-out whose tables are known. */
export interface Sweep {
  readonly config: TimeOutConfig;
  readonly table: JobTable;
  /** Null where no audit table is configured. */
  readonly audit: AuditTarget | null;
}

/** Who sweeps, for the audit rows and the chain. */
export interface SweepRun {
  readonly runId: string;
  readonly version: string;
  readonly job: string;
  readonly ownSchema: string;
}

export interface SweptBatch {
  readonly timedOut: number;
  readonly byType: readonly SweptType[];
  /** The chain's new head; null where nothing was appended. */
  readonly head: AuditAnchor | null;
}

export interface SweptType {
  /** What the type's column holds; empty where there is none. */
  readonly type: string;
  readonly timedOut: number;
  readonly waitedSeconds: number;
}

/**
 * Times out at most `size` rows: status, audit row and the entry of the chain, in the transaction that is under way.
 * Rows that somebody else has locked are left for the next time.
 */
export async function sweepBatch(
  session: Session,
  sweep: Sweep,
  batch: SweepRun & { size: number },
): Promise<SweptBatch> {
  const perRule = plannedRows(Math.max(1, Math.ceil(batch.size / sweep.config.rules.length)));
  const values = sweep.audit === null ? [] : auditValues(sweep, sweep.audit, batch);
  const swept = await session.queryPlanned<SweptRow>(sweepSql(sweep, { ownSchema: batch.ownSchema, perRule }), values);
  const { timedOut = 0, byType = [], seq = null, hash = null } = swept.rows[0] ?? {};
  return { timedOut, byType, head: seq === null || hash === null ? null : { seq, hash } };
}

/**
 * The statement's plan hangs on how many rows it takes, so the number stands in it and is one of a few, each a fifth more
 * than the one before: then batches of much the same size share a plan that is made once.
 */
function plannedRows(rows: number): number {
  return Math.round(STEP ** Math.floor(Math.log(rows) / Math.log(STEP)));
}

const STEP = 1.2;

interface SweptRow {
  readonly timedOut: number;
  readonly byType: readonly SweptType[];
  /** Of the chain's new head; null or absent where nothing was appended. */
  readonly seq?: string | null;
  readonly hash?: string | null;
}

/** $1 the run, $2 the layout, and from $3 on what the audit rows of each rule have in common. */
function auditValues(sweep: Sweep, { layout }: AuditTarget, batch: SweepRun): readonly string[] {
  return [batch.runId, JSON.stringify(layout), ...told(sweep, batch)];
}

/** What the metadata of every audit row of a rule has in common, as JSON; built here once, not there a row at a time. */
function told({ config }: Sweep, { runId, version, job }: SweepRun): readonly string[] {
  return config.rules.map(({ from, afterSeconds }) =>
    JSON.stringify({
      ...{ service: 'pgsteward', version, job, run_id: runId },
      ...{ from_status: from, threshold_seconds: afterSeconds },
    }),
  );
}

/** SQL condition of the rows of `swept` that a rule times out; literals, so that partial indexes serve it. */
export function dueSql({ status, since, from, afterSeconds }: TimeOutRule & { readonly status: string }): string {
  return `swept.${quoteIdentifier(status)} = ${quoteLiteral(from)}
    AND swept.${quoteIdentifier(since)} < pg_catalog.now() - interval '${afterSeconds} s'`;
}

interface SweepScope {
  readonly ownSchema: string;
  /** Rows that each rule may take. */
  readonly perRule: number;
}

/**
 * The sweep as one statement with the parameters of `auditValues`. FOR UPDATE is refused below UNION, so each rule has a
 * CTE of its own; a row that two rules find is changed once.
 */
function sweepSql({ config, table, audit }: Sweep, { ownSchema, perRule }: SweepScope): string {
  const { rules, status, key, to, stamp, type } = config;
  const [statusColumn, keyColumn] = [quoteIdentifier(status), quoteIdentifier(key)];
  const due = rules.map((rule, place) => dueRows({ config, table, audit }, { rule, place, perRule }));
  const stamped = stamp === null ? '' : `, ${quoteIdentifier(stamp)} = pg_catalog.now()`;
  const copies = (audit?.copies ?? []).map(
    (name) => `, swept.${quoteIdentifier(name)} AS ${quoteIdentifier(`copy of ${name}`)}`,
  );
  return `WITH ${due.join(',\n')},
    due AS (${rules.map((_, place) => `SELECT * FROM due_${place}`).join(' UNION ALL ')}),
    changed AS (
      UPDATE ${table.sql} AS swept SET ${statusColumn} = ${quoteLiteral(to)}${stamped}
      -- By their places: a join on the key alone reads the whole table for each batch where the planner thinks it short.
      FROM due WHERE swept.ctid = ANY (ARRAY(SELECT due.place FROM due))
        AND swept.${keyColumn} = due.key AND swept.${statusColumn} = due.from_value
      RETURNING swept.${keyColumn} AS key, due.from_value::text AS from_status, due.waiting_since, due.threshold_seconds${audit === null ? '' : ', due.told'},
        pg_catalog.floor(extract(epoch FROM pg_catalog.now() - due.waiting_since))::int8 AS waited_seconds,
        ${type === null ? "''" : `coalesce(swept.${quoteIdentifier(type)}::text, '')`} AS type ${copies.join('')}),
    types AS (SELECT type, pg_catalog.count(*)::int AS "timedOut", pg_catalog.sum(waited_seconds)::float8 AS "waitedSeconds"
              FROM changed GROUP BY type)
    ${audit === null ? '' : `, ${loggedSql(audit, ownSchema)}`}
    SELECT (SELECT pg_catalog.count(*)::int FROM changed) AS "timedOut",
      (SELECT coalesce(pg_catalog.json_agg(types), '[]') FROM types) AS "byType"
      ${audit === null ? '' : ', appended.seq, appended.hash FROM (SELECT) AS always LEFT JOIN appended ON true'}`;
}

interface DueScope extends Pick<SweepScope, 'perRule'> {
  readonly rule: TimeOutRule;
  /** The rule's among the others. */
  readonly place: number;
}

function dueRows(sweep: Sweep, { rule, place, perRule }: DueScope): string {
  const { status, key } = sweep.config;
  const since = quoteIdentifier(rule.since);
  return `due_${place} AS (
    SELECT swept.ctid AS place, swept.${quoteIdentifier(key)} AS key, swept.${quoteIdentifier(status)} AS from_value,
      swept.${since}::timestamptz AS waiting_since, ${rule.afterSeconds}::int8 AS threshold_seconds
      ${sweep.audit === null ? '' : `, $${place + 3}::jsonb AS told`}
    FROM ${sweep.table.sql} AS swept WHERE ${dueSql({ ...rule, status })}
    ORDER BY swept.${since} LIMIT ${perRule} FOR UPDATE SKIP LOCKED)`;
}

/** The audit rows, and the entry of the chain that covers them. */
function loggedSql({ table, layout, fills }: AuditTarget, ownSchema: string): string {
  const columns = [...fills.keys()].map(quoteIdentifier).join(', ');
  return `logged AS (
      INSERT INTO ${table.sql} (${columns}) SELECT ${[...fills.values()].join(', ')} FROM changed RETURNING *),
    ${appendRowsSql({ ownSchema, layout, source: 'logged', runId: '$1::uuid', layoutText: '$2::text' })}`;
}
