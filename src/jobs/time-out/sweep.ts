import { appendRowsSql } from '../../audit/append.js';
import { hashedSql } from '../../audit/layout.js';
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
  // Without parameters: with them a plan is made anew for each of its first five calls.
  const swept = await session.queryPlanned<SweptRow>(sweepSql(sweep, batch, perRule));
  const { byType = [], seq = null, hash = null } = swept.rows[0] ?? {};
  const timedOut = byType.reduce((sum, type) => sum + type.timedOut, 0);
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
  readonly byType: readonly SweptType[];
  /** Of the chain's new head; null or absent where nothing was appended. */
  readonly seq?: string | null;
  readonly hash?: string | null;
}

/**
 * SQL condition of the rows of `swept` that a rule times out; literals, so that partial indexes serve it. How long a row
 * has waited since for ever cannot be told: it is left, as one without a time.
 */
export function dueSql({ status, since, from, afterSeconds }: TimeOutRule & { readonly status: string }): string {
  return `swept.${quoteIdentifier(status)} = ${quoteLiteral(from)}
    AND swept.${quoteIdentifier(since)} < pg_catalog.now() - interval '${afterSeconds} s'
    AND swept.${quoteIdentifier(since)} > '-infinity'`;
}

/**
 * The sweep as one statement. FOR UPDATE is refused below UNION, so each rule has a CTE of its own; a row that two rules
 * find is changed once.
 */
function sweepSql(sweep: Sweep, run: SweepRun, perRule: number): string {
  const { config, table, audit } = sweep;
  const { rules, status, key, to, stamp, type } = config;
  const [statusColumn, keyColumn] = [quoteIdentifier(status), quoteIdentifier(key)];
  const due = rules.map((rule, place) => dueRows(sweep, { rule, place, perRule }));
  const stamped = stamp === null ? '' : `, ${quoteIdentifier(stamp)} = pg_catalog.now()`;
  const copies = (audit?.copies ?? []).map(
    (name) => `, swept.${quoteIdentifier(name)} AS ${quoteIdentifier(`copy of ${name}`)}`,
  );
  return `WITH ${due.join(',\n')},
    due AS NOT MATERIALIZED (${rules.map((_, place) => `SELECT * FROM due_${place}`).join(' UNION ALL ')}),
    changed AS (
      UPDATE ${table.sql} AS swept SET ${statusColumn} = ${quoteLiteral(to)}${stamped}
      -- By their places: a join on the key alone reads the whole table for each batch where the planner thinks it short.
      FROM due WHERE swept.ctid = ANY (ARRAY(SELECT due.place FROM due))
        AND swept.${keyColumn} = due.key AND swept.${statusColumn} = due.from_value
      RETURNING swept.${keyColumn} AS key, due.rule, due.waiting_since,
        pg_catalog.floor(pg_catalog.date_part('epoch', pg_catalog.now() - due.waiting_since))::int8 AS waited_seconds,
        ${type === null ? "''" : `coalesce(swept.${quoteIdentifier(type)}::text, '')`} AS type ${copies.join('')}),
    types AS (SELECT type, pg_catalog.count(*)::int AS "timedOut", pg_catalog.sum(waited_seconds)::float8 AS "waitedSeconds"
              FROM changed GROUP BY type)
    ${audit === null ? '' : `, ${loggedSql(config, audit, run)}`}
    SELECT (SELECT coalesce(pg_catalog.json_agg(types), '[]') FROM types) AS "byType"
      ${audit === null ? '' : ', appended.seq, appended.hash FROM (SELECT) AS always LEFT JOIN appended ON true'}`;
}

interface DueScope {
  readonly rule: TimeOutRule;
  /** The rule's among the others. */
  readonly place: number;
  /** Rows that each rule may take. */
  readonly perRule: number;
}

function dueRows({ config: { status, key }, table }: Sweep, { rule, place, perRule }: DueScope): string {
  const since = quoteIdentifier(rule.since);
  return `due_${place} AS (
    SELECT swept.ctid AS place, swept.${quoteIdentifier(key)} AS key, swept.${quoteIdentifier(status)} AS from_value,
      swept.${since}::timestamptz AS waiting_since, ${place} AS rule
    FROM ${table.sql} AS swept WHERE ${dueSql({ ...rule, status })}
    ORDER BY swept.${since} LIMIT ${perRule} FOR UPDATE SKIP LOCKED)`;
}

/** The audit rows, and the entry of the chain that covers them. */
function loggedSql(config: TimeOutConfig, { table, layout, fills }: AuditTarget, run: SweepRun): string {
  const columns = [...fills.keys()].map(quoteIdentifier).join(', ');
  const layoutText = `${quoteLiteral(JSON.stringify(layout))}::text`;
  const runId = `${quoteLiteral(run.runId)}::uuid`;
  return `logged AS (
      INSERT INTO ${table.sql} AS logged (${columns})
      SELECT ${[...fills.values()].join(', ')} FROM (SELECT changed.*, ${ruleColumns(config, run)} FROM changed) AS changed
      RETURNING ${hashedSql(layout, 'logged')}),
    ${appendRowsSql({ ownSchema: run.ownSchema, layout, source: 'logged', runId, layoutText })}`;
}

/** What all rows of a rule have in common stands in the statement, and is carried along with none of them. */
function ruleColumns({ rules }: TimeOutConfig, { runId, version, job }: SweepRun): string {
  const told = rules.map(({ from, afterSeconds }) => {
    const common = { service: 'pgsteward', version, job, run_id: runId, from_status: from };
    // The end of a JSON object.
    return JSON.stringify({ ...common, threshold_seconds: afterSeconds }).replace('{', ', ');
  });
  return `${ofRule(told.map((each) => `${quoteLiteral(each)}::text`))} AS told,
    ${ofRule(rules.map(({ from }) => `${quoteLiteral(from)}::text`))} AS from_status,
    ${ofRule(rules.map(({ afterSeconds }) => `${afterSeconds}::int8`))} AS threshold_seconds`;
}

/** SQL for the value of the rule that found a row of `changed`. */
function ofRule(values: readonly string[]): string {
  return `CASE changed.rule ${values.map((value, place) => `WHEN ${place} THEN ${value}`).join(' ')} END`;
}
