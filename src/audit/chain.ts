import { createHash } from 'node:crypto';
import { quoteIdentifier } from '../sql/quote.js';

/** An entry of the chain without its rows. */
export interface ChainEntry {
  /** From 1; int8 as text. */
  readonly seq: string;
  readonly kind: 'rows' | 'cut';
  readonly previousHash: Buffer;
  /** ISO-8601 in UTC, to the microsecond. */
  readonly appendedAt: string;
  readonly runId: string | null;
  /** JSON of an AuditLayout; null for a cut. */
  readonly layout: string | null;
  readonly rowCount: number;
  /** Over keys, hashes and references of its rows. */
  readonly contentHash: Buffer;
  readonly cutThrough: string | null;
  readonly cutHash: Buffer | null;
}

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

/** SQL for a time as an entry's hash has it. */
export function entryTimeSql(time: string): string {
  return `pg_catalog.to_char(${time} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
}

/** Gives the SHA-256 of an entry: every field with its length before it, so that none can flow into the next. */
export function entryHash(entry: ChainEntry): Buffer {
  const hash = createHash('sha256');
  const fields = [
    ...['pgsteward audit 1', entry.seq, entry.kind, entry.previousHash, entry.appendedAt, entry.runId, entry.layout],
    ...[String(entry.rowCount), entry.contentHash, entry.cutThrough, entry.cutHash],
  ];
  for (const field of fields) {
    if (field === null) hash.update('-');
    else hash.update(`${Buffer.byteLength(field)}:`).update(field);
  }
  return hash.digest();
}
