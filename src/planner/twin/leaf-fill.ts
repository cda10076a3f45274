import type { KeyGroup } from './key-groups.js';

/**
 * How CREATE INDEX fills the leaves of a btree: src/backend/access/nbtree/nbtsort.c and nbtdedup.c of PostgreSQL 13
 * to 18. It is played through with some thousand entries, because entries of many sizes leave room that no mean tells.
 */
export const PAGE_BYTES = 8_192;
/** What is left of a page beside header, special space, and the line pointer that waits for the high key. */
export const ROOM_BYTES = PAGE_BYTES - 24 - 16 - 4;
export const LINE_POINTER_BYTES = 4;
const ROW_POINTER_BYTES = 6;
/** Room that the high key may need for a row pointer that tells equal keys apart. */
const TIE_BREAKER_BYTES = 8;
/** An entry with a posting list takes at most a tenth of a page less a line pointer, a multiple of 8. */
const POSTING_BYTES_MAX = 808;

/** Some of an index's rows: how large the entry of such a row is, and how many rows share its key. */
export interface RowSample {
  /** Entry with header, aligned to 8 bytes, without a posting list. */
  readonly entryBytes: number;
  /** Rows of this key, this one included; may be a fraction where it is an average. */
  readonly groupRows: number;
}

export interface LeafFill {
  /** May be a fraction where only a part was played through. */
  readonly leaves: number;
  readonly entries: number;
}

/** Entries that are played through; twice as many change the outcome by less than a thousandth. */
const PLAYED_ENTRIES_MAX = 6_000;
/** How often all samples are gone through, so that unlike entries meet as in life. */
const ROUNDS = 8;

/** Fills leaves with the entries of so many rows, drawn evenly from the samples. */
export function fillLeaves(
  rows: number,
  samples: readonly RowSample[],
  options: { readonly deduplicates: boolean; readonly freeBytes: number },
): LeafFill {
  const rowsPerSample = rows / samples.length;
  const parts = samples.flatMap((sample) => entriesOf(sample, options.deduplicates));
  const entries = parts.reduce((sum, { perRow }) => sum + perRow * rowsPerSample, 0);
  const playedShare = Math.min(1, PLAYED_ENTRIES_MAX / entries);
  const page = new LeafPage(options.freeBytes);
  // What each kind of entry still lacks to a whole one.
  let owedFull = 0;
  let owedRest = 0;
  for (let round = 0; round < ROUNDS; round++) {
    for (const { kind, perRow, bytes, listBytes } of parts) {
      let owed = (kind === 'full' ? owedFull : owedRest) + (perRow * rowsPerSample * playedShare) / ROUNDS;
      for (; owed > 1 - 1e-6; owed--) page.add(bytes, listBytes);
      if (kind === 'full') owedFull = owed;
      else owedRest = owed;
    }
  }
  return { leaves: playedShare === 1 ? page.leaves : page.leavesInFraction / playedShare, entries };
}

/**
 * Fills leaves with the entries of keys that are known one by one. The entries of a key lie beside each other, so that
 * leaf after leaf is filled alike, which takes less room than lists of all lengths in turn.
 */
export function fillWithGroups(
  groups: readonly KeyGroup[],
  options: { readonly deduplicates: boolean; readonly freeBytes: number },
): LeafFill {
  const page = new LeafPage(options.freeBytes);
  let entries = 0;
  for (const { entryBytes, rows } of groups) {
    for (const { perRow, bytes, listBytes } of entriesOf({ entryBytes, groupRows: rows }, options.deduplicates)) {
      const count = Math.round(perRow * rows);
      page.addRun(count, bytes, listBytes);
      entries += count;
    }
  }
  return { leaves: page.leaves, entries };
}

/** Entries of one kind that the rows of a key are spread over. */
interface EntryKind {
  /** As large as a posting list may be, or what is left over. */
  readonly kind: 'full' | 'rest';
  readonly bytes: number;
  /** Part of the bytes that a high key leaves out. */
  readonly listBytes: number;
  /** Such entries for each row of the key. */
  readonly perRow: number;
}

function entriesOf({ entryBytes, groupRows }: RowSample, deduplicates: boolean): readonly EntryKind[] {
  const capacity = Math.floor((POSTING_BYTES_MAX - entryBytes) / ROW_POINTER_BYTES);
  if (!deduplicates || capacity < 2 || groupRows <= 1) {
    return [{ kind: 'rest', bytes: entryBytes, listBytes: 0, perRow: 1 }];
  }
  const full = Math.floor(groupRows / capacity);
  const rest = groupRows - full * capacity;
  return [
    ...(full === 0 ? [] : [{ kind: 'full' as const, ...posting(entryBytes, capacity), perRow: full / groupRows }]),
    ...(rest < 0.5 ? [] : [{ kind: 'rest' as const, ...posting(entryBytes, rest), perRow: 1 / groupRows }]),
  ];
}

function posting(entryBytes: number, rows: number): { readonly bytes: number; readonly listBytes: number } {
  if (rows < 1.5) return { bytes: entryBytes, listBytes: 0 };
  const bytes = Math.ceil((entryBytes + rows * ROW_POINTER_BYTES) / 8) * 8;
  return { bytes, listBytes: bytes - entryBytes };
}

/**
 * The leaf that is being filled. It takes entries until too little is free for the next or less than the fill factor
 * leaves; its last entry then moves to the next leaf, where it comes first, and its key stays behind as the high key.
 */
class LeafPage {
  private readonly freeBytes: number;
  private closed = 0;
  private usedBytes = 0;
  private count = 0;
  private lastBytes = 0;
  private lastListBytes = 0;

  constructor(freeBytes: number) {
    this.freeBytes = freeBytes;
  }

  get leaves(): number {
    return this.closed + (this.count > 0 ? 1 : 0);
  }

  /** The leaf at hand counts for as much as it is filled. */
  get leavesInFraction(): number {
    return this.closed + Math.min(1, this.usedBytes / (ROOM_BYTES - this.freeBytes));
  }

  /** Adds entries that are all alike. */
  addRun(entries: number, bytes: number, listBytes: number): void {
    let closedAt: number | null = null;
    for (let left = entries; left > 0; left--) {
      const before = this.closed;
      this.add(bytes, listBytes);
      // A leaf that the first of the entries closes hands on an entry of another kind.
      if (this.closed === before || left === entries) continue;
      if (closedAt !== null) {
        // From here on every leaf takes as many.
        const perLeaf = closedAt - left;
        const leaves = Math.floor((left - 1) / perLeaf);
        this.closed += leaves;
        left -= leaves * perLeaf;
      }
      closedAt = left;
    }
  }

  add(bytes: number, listBytes: number): void {
    const free = ROOM_BYTES - this.usedBytes - LINE_POINTER_BYTES;
    const isFull = free < bytes + TIE_BREAKER_BYTES || free + this.lastListBytes < this.freeBytes;
    if (isFull && this.count > 1) {
      this.closed += 1;
      this.usedBytes = this.lastBytes + LINE_POINTER_BYTES;
      this.count = 1;
    }
    this.usedBytes += bytes + LINE_POINTER_BYTES;
    this.count += 1;
    this.lastBytes = bytes;
    this.lastListBytes = listBytes;
  }
}
