import type { AuditAnchor } from '../model/audit.js';
import type { Session } from '../postgres/session.js';
import { auditTables, entryHashSql, HASHED_COLUMNS } from './chain.js';
import { type AuditLayout, coveredSql } from './layout.js';

/** Audit rows that are to be appended by the statement which writes them. */
export interface AppendedRows {
  readonly ownSchema: string;
  readonly layout: AuditLayout;
  /** CTE with what `hashedSql` lists of each row as it was stored: `INSERT … RETURNING`. */
  readonly source: string;
  /** SQL for the layout's text and for the run's id, such as `$2::text` and `$3::uuid`. */
  readonly layoutText: string;
  readonly runId: string;
}

/**
 * SQL for CTEs that append an entry for the rows of another CTE; the last, `appended`, is the chain's new head, or no row
 * where there was nothing to append. The head is locked by the statement's last step and until the transaction ends: let
 * it be the last statement of a batch.
 */
export function appendRowsSql({ ownSchema, layout, source, layoutText, runId }: AppendedRows): string {
  return `${coveredSql(layout, source)},
    written AS (
      SELECT 'rows'::text AS kind, pg_catalog.clock_timestamp() AS appended_at, ${runId} AS run_id, ${layoutText} AS layout,
        covered.*, NULL::int8 AS cut_through, NULL::bytea AS cut_hash
      FROM covered WHERE row_count > 0),
    ${appendWrittenSql(ownSchema)}`;
}

/** Segments that retention takes away, up to and including an entry. */
export interface AppendedCut {
  readonly through: string;
  readonly hash: Buffer;
  readonly runId: string | null;
}

/** Appends an entry that says which entries the same transaction takes away. */
export async function appendCut(session: Session, ownSchema: string, cut: AppendedCut): Promise<void> {
  await session.query<AuditAnchor>(
    `WITH written AS (
       SELECT 'cut'::text AS kind, pg_catalog.clock_timestamp() AS appended_at, $1::uuid AS run_id, NULL::text AS layout,
         0 AS row_count, '{}'::text[] AS row_keys, ''::bytea AS row_hashes, NULL::text[] AS row_references,
         NULL::uuid[] AS key_uuids, NULL::uuid[] AS reference_uuids,
         $2::int8 AS cut_through, $3::bytea AS cut_hash),
     ${appendWrittenSql(ownSchema)}
     SELECT * FROM appended`,
    [cut.runId, cut.through, cut.hash],
  );
}

/**
 * The CTE `written` is the entry but for its place. Whoever waits for the head continues the entry that the other has
 * committed, since the UPDATE looks at the row again once it has the lock.
 */
function appendWrittenSql(ownSchema: string): string {
  const { head, entries } = auditTables(ownSchema);
  const place = { seq: 'head.seq + 1', previousHash: 'head.hash' };
  const columns = HASHED_COLUMNS.join(', ');
  return `moved AS (
      UPDATE ${head} AS head SET seq = head.seq + 1, previous_hash = head.hash, hash = ${entryHashSql(place, 'written')}
      FROM written RETURNING head.seq, head.previous_hash, head.hash),
    appended AS (
      INSERT INTO ${entries} (seq, previous_hash, hash, ${columns})
      SELECT moved.seq, moved.previous_hash, moved.hash, ${HASHED_COLUMNS.map((column) => `written.${column}`).join(', ')}
      FROM moved CROSS JOIN written
      RETURNING audit_entries.seq::text AS seq, pg_catalog.encode(audit_entries.hash, 'hex') AS hash)`;
}
