import { quoteIdentifier } from '../sql/quote.js';

/** Names of the chain's tables as SQL. */
export interface AuditTables {
  readonly head: string;
  readonly entries: string;
  readonly anchors: string;
}

/** What the first entry continues. */
export const CHAIN_START = Buffer.alloc(32);

/** Gives the names of the chain's tables in pgsteward's own schema. */
export function auditTables(ownSchema: string): AuditTables {
  const named = (table: string) => `${quoteIdentifier(ownSchema)}.${table}`;
  return { head: named('audit_head'), entries: named('audit_entries'), anchors: named('audit_anchors') };
}

/** Columns of an entry that its hash covers, in this order, beside `seq` and `previous_hash`. */
export const HASHED_COLUMNS = [
  ...['kind', 'appended_at', 'run_id', 'layout', 'row_count', 'row_keys', 'row_hashes', 'row_references'],
  ...['cut_through', 'cut_hash'],
] as const;

/**
 * SQL for the SHA-256 of an entry. `record_send` writes each field in binary with its length before it, so that none
 * can flow into the next; lists go as texts, since their binary form would hold what their own type is made of.
 */
export function entryHashSql(place: { readonly seq: string; readonly previousHash: string }, rest: string): string {
  const fields = HASHED_COLUMNS.map((column) => `${rest}.${column}${LISTS.has(column) ? '::text' : ''}`);
  return `pg_catalog.sha256(pg_catalog.record_send(ROW('pgsteward audit 1'::text, ${place.seq}, ${place.previousHash}, ${fields.join(', ')})))`;
}

const LISTS: ReadonlySet<string> = new Set(['row_keys', 'row_references']);
