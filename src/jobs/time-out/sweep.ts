import { type AppendedRows, appendRows } from '../../audit/append.js';
import { AUDIT_SETTINGS, keySql, referencesSql, rowHashSql } from '../../audit/layout.js';
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
  const { audit } = sweep;
  await session.script(AUDIT_SETTINGS);
  const perRule = Math.max(1, Math.ceil(batch.size / sweep.config.rules.length));
  const values = audit === null ? [perRule] : [perRule, batch.runId, batch.version, batch.job];
  const swept = await session.query<SweptRow>(sweepSql(sweep), values);
  const [row] = swept.rows;
  if (row === undefined || row.timedOut === 0) return { timedOut: 0, byType: [], head: null };
  const { timedOut, byType } = row;
  if (audit === null) return { timedOut, byType, head: null };
  const rows: AppendedRows = { layout: audit.layout, ...row, runId: batch.runId };
  return { timedOut, byType, head: await appendRows(session, batch.ownSchema, rows) };
}

interface SweptRow {
  readonly timedOut: number;
  readonly byType: readonly SweptType[];
  readonly keys: readonly string[];
  readonly hashes: Buffer;
  readonly references: readonly string[] | null;
}

/** SQL condition of the rows of `swept` that a rule times out; literals, so that partial indexes serve it. */
export function dueSql({ status, since, from, afterSeconds }: TimeOutRule & { readonly status: string }): string {
  return `swept.${quoteIdentifier(status)} = ${quoteLiteral(from)}
    AND swept.${quoteIdentifier(since)} < pg_catalog.now() - interval '${afterSeconds} s'`;
}

/**
 * The sweep as one statement; $1 is how many rows a rule may take. FOR UPDATE is refused below UNION, so each rule has a
 * CTE of its own; a row that two rules find is changed once.
 */
function sweepSql({ config, table, audit }: Sweep): string {
  const { rules, status, key, to, stamp, type } = config;
  const [statusColumn, keyColumn] = [quoteIdentifier(status), quoteIdentifier(key)];
  const due = rules.map((rule, place) => dueRows({ sweep: { config, table, audit }, rule, place }));
  const stamped = stamp === null ? '' : `, ${quoteIdentifier(stamp)} = pg_catalog.now()`;
  const copies = (audit?.copies ?? []).map(
    (name) => `, swept.${quoteIdentifier(name)} AS ${quoteIdentifier(`copy of ${name}`)}`,
  );
  return `WITH ${due.join(',\n')},
    due AS (${rules.map((_, place) => `SELECT * FROM due_${place}`).join(' UNION ALL ')}),
    changed AS (
      UPDATE ${table.sql} AS swept SET ${statusColumn} = ${quoteLiteral(to)}${stamped}
      FROM due WHERE swept.${keyColumn} = due.key AND swept.${statusColumn} = due.from_value
      RETURNING swept.${keyColumn} AS key, due.from_value::text AS from_status, due.waiting_since, due.threshold_seconds,
        pg_catalog.floor(extract(epoch FROM pg_catalog.now() - due.waiting_since))::int8 AS waited_seconds,
        ${type === null ? "''" : `coalesce(swept.${quoteIdentifier(type)}::text, '')`} AS type ${copies.join('')}),
    types AS (SELECT type, pg_catalog.count(*)::int AS "timedOut", pg_catalog.sum(waited_seconds)::float8 AS "waitedSeconds"
              FROM changed GROUP BY type)
    ${audit === null ? '' : `, ${loggedSql(audit)}`}
    SELECT (SELECT pg_catalog.count(*)::int FROM changed) AS "timedOut",
      (SELECT coalesce(pg_catalog.json_agg(types), '[]') FROM types) AS "byType"
      ${audit === null ? '' : ', covered.* FROM covered'}`;
}

function dueRows({ sweep, rule, place }: { sweep: Sweep; rule: TimeOutRule; place: number }): string {
  const { status, key } = sweep.config;
  const since = quoteIdentifier(rule.since);
  return `due_${place} AS (
    SELECT swept.${quoteIdentifier(key)} AS key, swept.${quoteIdentifier(status)} AS from_value,
      swept.${since}::timestamptz AS waiting_since, ${rule.afterSeconds}::int8 AS threshold_seconds
    FROM ${sweep.table.sql} AS swept WHERE ${dueSql({ ...rule, status })}
    ORDER BY swept.${since} LIMIT $1 FOR UPDATE SKIP LOCKED)`;
}

/** The audit rows, and what the chain has to know of them. */
function loggedSql({ table, layout, fills }: AuditTarget): string {
  const references = referencesSql(layout, 'logged');
  const columns = [...fills.keys()].map(quoteIdentifier).join(', ');
  return `run AS (SELECT $2::text AS run_id, $3::text AS version, $4::text AS job),
    logged AS (
      INSERT INTO ${table.sql} (${columns}) SELECT ${[...fills.values()].join(', ')} FROM changed CROSS JOIN run RETURNING *),
    hashed AS (SELECT ${keySql(layout, 'logged')} COLLATE "C" AS key, ${references} AS reference,
                 ${rowHashSql(layout, 'logged', references)} AS hash FROM logged),
    covered AS (
      SELECT coalesce(pg_catalog.array_agg(key ORDER BY key), '{}') AS keys,
        coalesce(pg_catalog.string_agg(hash, ''::bytea ORDER BY key), '') AS hashes,
        ${layout.references.length === 0 ? 'NULL::text[]' : 'pg_catalog.array_agg(reference ORDER BY key)'} AS references
      FROM hashed)`;
}
