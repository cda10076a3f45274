import type { AuditAnchor, AuditVerification } from '../model/audit.js';
import type { Session } from '../postgres/session.js';
import { BrokenRows } from './broken.js';
import { type AuditTables, auditTables, CHAIN_START, entryHashSql } from './chain.js';
import type { AuditLayout, WatchedRows } from './layout.js';
import { readAlteredRows, readRowsOutside } from './verify-rows.js';

export interface VerifyOptions {
  /** Schema of pgsteward's own tables. */
  readonly ownSchema: string;
  /** Heads of the past, from a log: the chain must hold them. */
  readonly anchors: readonly AuditAnchor[];
  /** Rows that have to be in the chain although no entry may know their table yet. */
  readonly watched: readonly WatchedRows[];
  /** Ends the verification between two segments. */
  readonly signal: AbortSignal;
  /** Told how many rows are verified so far. */
  readonly onProgress?: (rows: number) => void;
}

/** Entries a segment: about 100,000 rows, a second of work. */
const SEGMENT_ENTRIES = 200;
const STREAM_DEADLINE_MS = 3_600_000;

/**
 * Verifies the chain against the audit tables as of one moment, so that batches that commit meanwhile raise no alarm. It
 * reads segment by segment and keeps nothing but what is broken; the transaction is read-only and its snapshot lasts as
 * long as the verification.
 */
export async function verifyChain(session: Session, options: VerifyOptions): Promise<AuditVerification> {
  await session.script(
    `BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL statement_timeout = 0;
     SET LOCAL idle_in_transaction_session_timeout = 0`,
  );
  try {
    return await new ChainWalk(session, options).verify();
  } finally {
    if (!session.isBroken) await session.query('ROLLBACK');
  }
}

interface ReadEntry {
  /** Int8 as text. */
  readonly seq: string;
  readonly previousHash: Buffer;
  readonly hash: Buffer;
  /** What its hash should be. */
  readonly computed: Buffer;
  /** JSON of an AuditLayout; null for a cut. */
  readonly layout: string | null;
  readonly rowCount: number;
}

/** One walk along the chain. */
class ChainWalk {
  private readonly session: Session;
  private readonly options: VerifyOptions;
  private readonly tables: AuditTables;
  private readonly broken = new BrokenRows();
  private readonly layouts = new Map<string, AuditLayout>();
  /** Anchors that the walk has not come to yet, by their place. */
  private readonly awaited = new Map<string, string>();
  private last: { readonly seq: bigint; readonly hash: Buffer } = { seq: 0n, hash: CHAIN_START };
  private rows = 0;
  private entries = 0;

  constructor(session: Session, options: VerifyOptions) {
    this.session = session;
    this.options = options;
    this.tables = auditTables(options.ownSchema);
  }

  async verify(): Promise<AuditVerification> {
    const head = await this.readHead();
    const cut = await this.startAfterCut();
    await this.awaitAnchors();
    const { seq: end } = await this.readEnd();
    for (let from = this.last.seq; from < end; from += BigInt(SEGMENT_ENTRIES)) {
      this.options.signal.throwIfAborted();
      await this.verifySegment(from, from + BigInt(SEGMENT_ENTRIES));
      this.options.onProgress?.(this.rows);
    }
    this.compareHead(head);
    this.missAnchors();
    for (const place of this.watchedPlaces()) await this.verifyOutside(place);
    const { listed, total } = this.broken;
    return {
      ...{ ok: total === 0, rows: this.rows, entries: this.entries, broken: listed, brokenTotal: total },
      ...{ head: { seq: String(head.seq), hash: head.hash.toString('hex') }, cutThrough: cut },
    };
  }

  private async readHead(): Promise<{ readonly seq: bigint; readonly hash: Buffer }> {
    const read = await this.session.query<{ seq: string; hash: Buffer }>(
      `SELECT seq::text AS seq, hash FROM ${this.tables.head}`,
    );
    const [row] = read.rows;
    if (row === undefined) this.broken.addEntry(null, 'the chain has lost the row that says where it ends');
    return { seq: BigInt(row?.seq ?? 0), hash: row?.hash ?? CHAIN_START };
  }

  private async readEnd(): Promise<{ readonly seq: bigint }> {
    const read = await this.session.query<{ seq: string | null }>(
      `SELECT pg_catalog.max(seq)::text AS seq FROM ${this.tables.entries}`,
    );
    return { seq: BigInt(read.rows[0]?.seq ?? 0) };
  }

  /** Entries begin behind the latest cut, which is itself an entry further on and verified there. */
  private async startAfterCut(): Promise<string | null> {
    const read = await this.session.query<{ through: string; hash: Buffer }>(
      `SELECT cut_through::text AS through, cut_hash AS hash FROM ${this.tables.entries}
       WHERE kind = 'cut' ORDER BY cut_through DESC LIMIT 1`,
    );
    const [cut] = read.rows;
    if (cut === undefined) return null;
    this.last = { seq: BigInt(cut.through), hash: cut.hash };
    return cut.through;
  }

  private async awaitAnchors(): Promise<void> {
    const read = await this.session.query<{ seq: string; hash: string }>(
      `SELECT seq::text AS seq, pg_catalog.encode(hash, 'hex') AS hash FROM ${this.tables.anchors} AS anchor
       WHERE seq > $1 ORDER BY anchor.seq`,
      [String(this.last.seq)],
    );
    for (const { seq, hash } of [...read.rows, ...this.options.anchors]) {
      if (seq === String(this.last.seq) && hash !== this.last.hash.toString('hex'))
        this.broken.addEntry(seq, 'it is not the entry that the anchor names');
      if (BigInt(seq) > this.last.seq) this.awaitAnchor(seq, hash);
    }
  }

  private awaitAnchor(seq: string, hash: string): void {
    const other = this.awaited.get(seq);
    if (other !== undefined && other !== hash) this.broken.addEntry(seq, 'two anchors give it different hashes');
    this.awaited.set(seq, hash);
  }

  private async verifySegment(after: bigint, through: bigint): Promise<void> {
    const sound = new Map<string, string[]>();
    for await (const entry of this.readEntries(after, through)) {
      if (!this.verifyEntry(entry) || entry.layout === null) continue;
      const seqs = sound.get(entry.layout) ?? [];
      seqs.push(entry.seq);
      sound.set(entry.layout, seqs);
    }
    for (const [text, seqs] of sound) {
      const altered = readAlteredRows(this.session, { tables: this.tables, layout: this.layoutOf(text), seqs });
      for await (const row of altered) this.broken.add(row);
    }
  }

  private readEntries(after: bigint, through: bigint): AsyncIterable<ReadEntry> {
    return this.session.stream<ReadEntry>(
      `SELECT entry.seq::text AS seq, previous_hash AS "previousHash", hash, layout, row_count AS "rowCount",
              ${entryHashSql({ seq: 'entry.seq', previousHash: 'entry.previous_hash' }, 'entry')} AS computed
       FROM ${this.tables.entries} AS entry WHERE seq > $1 AND seq <= $2
       -- Qualified: the bare name is the text above.
       ORDER BY entry.seq`,
      [String(after), String(through)],
      { deadlineMs: STREAM_DEADLINE_MS, batchSize: 50 },
    );
  }

  /** Tells whether the entry is what it was, so that its rows can be judged by it. */
  private verifyEntry(entry: ReadEntry): boolean {
    const seq = BigInt(entry.seq);
    if (seq > this.last.seq + 1n) this.missEntries(this.last.seq + 1n, seq - 1n);
    else if (!entry.previousHash.equals(this.last.hash))
      this.broken.addEntry(entry.seq, `it does not continue entry ${this.last.seq}: one of them was changed or moved`);
    const isSound = entry.computed.equals(entry.hash);
    if (!isSound) this.broken.addEntry(entry.seq, `the entry was changed, or one of its ${entry.rowCount} rows in it`);
    const anchor = this.awaited.get(entry.seq);
    this.awaited.delete(entry.seq);
    if (anchor !== undefined && anchor !== entry.hash.toString('hex'))
      this.broken.addEntry(entry.seq, 'it is not the entry that the anchor names: the chain was written anew');
    this.last = { seq, hash: entry.hash };
    this.entries += 1;
    this.rows += entry.rowCount;
    return isSound;
  }

  private missEntries(from: bigint, to: bigint): void {
    const range = from === to ? `${from}` : `${from} to ${to}`;
    this.broken.addEntry(range, 'removed from the chain');
  }

  private compareHead(head: { readonly seq: bigint; readonly hash: Buffer }): void {
    const { seq, hash } = this.last;
    if (seq < head.seq) this.missEntries(seq + 1n, head.seq);
    else if (seq > head.seq || !hash.equals(head.hash))
      this.broken.addEntry(String(seq), `the chain ends here, but its head says ${head.seq} or another hash`);
  }

  private missAnchors(): void {
    for (const seq of this.awaited.keys())
      this.broken.addEntry(seq, `cut off: an anchor names it, but the chain ends at ${this.last.seq}`);
  }

  private layoutOf(text: string): AuditLayout {
    const known = this.layouts.get(text) ?? (JSON.parse(text) as AuditLayout);
    this.layouts.set(text, known);
    return known;
  }

  private watchedPlaces(): readonly WatchedRows[] {
    const known = [...this.layouts.values()].flatMap(({ table, key, marker }) =>
      marker === null ? [] : [{ table, key, marker }],
    );
    const places = [...known, ...this.options.watched];
    return [...new Map(places.map((place) => [JSON.stringify([place.table, place.marker]), place])).values()];
  }

  private async verifyOutside(place: WatchedRows): Promise<void> {
    for await (const row of readRowsOutside(this.session, this.tables, place)) this.broken.add(row);
  }
}
