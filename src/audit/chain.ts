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

const FIRST_COLUMNS = [
  ...['kind', 'appended_at', 'run_id', 'layout', 'row_count', 'row_keys', 'row_hashes', 'row_references'],
  ...['cut_through', 'cut_hash'],
];
const UUID_COLUMNS = ['key_uuids', 'reference_uuids'];

/** Columns of an entry that its hash covers beside `seq` and `previous_hash`. */
export const HASHED_COLUMNS: readonly string[] = [...FIRST_COLUMNS, ...UUID_COLUMNS];

/**
 * SQL for the SHA-256 of an entry, of the first form where it has no UUIDs. `record_send` writes each field in binary with
 * its length before it, so that none can flow into the next; lists of texts go as texts.
 */
export function entryHashSql(place: { readonly seq: string; readonly previousHash: string }, rest: string): string {
  const hash = (form: number, columns: readonly string[]) => {
    const fields = columns.map((column) => `${rest}.${column}${TEXT_LISTS.has(column) ? '::text' : ''}`);
    return `pg_catalog.sha256(pg_catalog.record_send(ROW('pgsteward audit ${form}'::text, ${place.seq}, ${place.previousHash}, ${fields.join(', ')})))`;
  };
  return `CASE WHEN ${rest}.key_uuids IS NULL THEN ${hash(1, FIRST_COLUMNS)} ELSE ${hash(2, HASHED_COLUMNS)} END`;
}

const TEXT_LISTS: ReadonlySet<string> = new Set(['row_keys', 'row_references']);
