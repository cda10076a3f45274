import type { AuditAnchor } from '../model/audit.js';
import type { Session } from '../postgres/session.js';
import { auditTables, type ChainEntry, entryHash, entryTimeSql } from './chain.js';
import { type AuditLayout, contentHashSql } from './layout.js';

/** The audit rows of one batch, in the order of their keys. */
export interface AppendedRows {
  readonly layout: AuditLayout;
  readonly keys: readonly string[];
  /** 32 bytes a row. */
  readonly hashes: Buffer;
  /** A text a row, as `referencesSql` gives it; null where the layout has none. */
  readonly references: readonly string[] | null;
  readonly runId: string | null;
}

/** Segments that retention takes away, up to and including an entry. */
export interface AppendedCut {
  readonly through: string;
  readonly hash: Buffer;
  readonly runId: string | null;
}

/**
 * Appends an entry for audit rows that the same transaction has written, and gives the chain's new head. The head is
 * locked until the transaction ends: call it last in a batch.
 */
export async function appendRows(session: Session, ownSchema: string, rows: AppendedRows): Promise<AuditAnchor> {
  const { keys, hashes, references, runId } = rows;
  return append(session, ownSchema, {
    ...{ kind: 'rows', layout: JSON.stringify(rows.layout), keys, hashes, references, runId },
    ...{ cutThrough: null, cutHash: null },
  });
}

/** Appends an entry that says which entries the same transaction takes away. */
export async function appendCut(session: Session, ownSchema: string, cut: AppendedCut): Promise<AuditAnchor> {
  return append(session, ownSchema, {
    ...{ kind: 'cut', layout: null, keys: [], hashes: Buffer.alloc(0), references: null, runId: cut.runId },
    ...{ cutThrough: cut.through, cutHash: cut.hash },
  });
}

interface NewEntry extends Pick<ChainEntry, 'kind' | 'layout' | 'runId' | 'cutThrough' | 'cutHash'> {
  readonly keys: readonly string[];
  readonly hashes: Buffer;
  readonly references: readonly string[] | null;
}

async function append(session: Session, ownSchema: string, entry: NewEntry): Promise<AuditAnchor> {
  const { head, entries } = auditTables(ownSchema);
  const { keys, hashes, references } = entry;
  const place = await lockHead(session, head);
  const contentHash = await contentHashOf(session, entry);
  const hash = entryHash({ ...entry, ...place, rowCount: keys.length, contentHash });
  await session.query(
    `WITH appended AS (
       INSERT INTO ${entries} (seq, kind, previous_hash, hash, appended_at, run_id, layout, row_count, row_keys, row_hashes,
                               row_references, cut_through, cut_hash)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13))
     UPDATE ${head} SET seq = $1, hash = $4`,
    [
      ...[place.seq, entry.kind, place.previousHash, hash, place.appendedAt, entry.runId, entry.layout, keys.length],
      ...[keys, hashes, references, entry.cutThrough, entry.cutHash],
    ],
  );
  return { seq: place.seq, hash: hash.toString('hex') };
}

/** The time is taken under the lock, so that entries and times have one order. */
async function lockHead(
  session: Session,
  head: string,
): Promise<Pick<ChainEntry, 'seq' | 'previousHash' | 'appendedAt'>> {
  const locked = await session.query<Pick<ChainEntry, 'seq' | 'previousHash' | 'appendedAt'>>(
    `SELECT (seq + 1)::text AS seq, hash AS "previousHash",
            ${entryTimeSql('pg_catalog.clock_timestamp()')} AS "appendedAt"
     FROM ${head} FOR UPDATE`,
  );
  const [place] = locked.rows;
  if (place === undefined) throw new Error(`${head} has lost its row`);
  return place;
}

async function contentHashOf(session: Session, { keys, hashes, references }: NewEntry): Promise<Buffer> {
  const read = await session.query<{ hash: Buffer }>(
    `SELECT ${contentHashSql('$1::text[]', '$2::bytea', '$3::text[]')} AS hash`,
    [keys, hashes, references],
  );
  return read.rows[0]?.hash ?? Buffer.alloc(0);
}
