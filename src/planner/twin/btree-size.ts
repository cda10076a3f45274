/**
 * The size that CREATE INDEX gives a btree, by the rules of its bulk build: src/backend/access/nbtree/nbtsort.c and
 * nbtdedup.c of PostgreSQL 13 to 18. Pages are filled from left to right, a page is closed when less than a tenth of
 * it is free, the rows of one key share posting lists of at most a tenth of a page.
 */
const PAGE_BYTES = 8_192;
/** Page header, special space, and the line pointer that waits for the high key. */
const ROOM_BYTES = PAGE_BYTES - 24 - 16 - 4;
const LINE_POINTER_BYTES = 4;
const ROW_POINTER_BYTES = 6;
/** Room that the high key may need for a row pointer that tells equal keys apart. */
const TIE_BREAKER_BYTES = 8;
/** Bytes left free on an upper page: its fill factor is always 70. */
const UPPER_FREE_BYTES = Math.floor((PAGE_BYTES * 30) / 100);
/** A posting list takes at most a tenth of a page less a line pointer, aligned to 8 bytes downwards. */
const POSTING_BYTES_MAX = Math.floor(Math.floor(PAGE_BYTES / 10) / 8) * 8 - LINE_POINTER_BYTES;
const TUPLE_HEADER_BYTES = 8;

/** Some of an index's rows: how large the entry of such a row is, and how many rows share its key. */
export interface RowSample {
  /** Entry with header, aligned to 8 bytes, without a posting list. */
  readonly entryBytes: number;
  /** Rows of this key, this one included; may be a fraction where it is an average. */
  readonly groupRows: number;
}

export interface BtreeShape {
  readonly rows: number;
  /** Rows drawn evenly from the index. */
  readonly samples: readonly RowSample[];
  /** Entry of an upper page, aligned to 8 bytes. */
  readonly pivotBytes: number;
  /** False where the index cannot share keys: INCLUDE, unique, types whose equal values may look different. */
  readonly deduplicates: boolean;
  /** 90 where not given. */
  readonly fillFactor?: number;
}

export interface BtreeSize {
  /** Blocks of 8,192 bytes, the metapage included. */
  readonly blocks: number;
  readonly leafBlocks: number;
  /** Levels above the leaves. */
  readonly height: number;
  /** Entries on the leaves: fewer than rows where keys are shared. */
  readonly entries: number;
}

/** Estimates the size of a freshly built btree. */
export function estimateBtree(shape: BtreeShape): BtreeSize {
  if (shape.rows < 1) return { blocks: 1, leafBlocks: 0, height: 0, entries: 0 };
  const freeBytes = Math.floor((PAGE_BYTES * (100 - (shape.fillFactor ?? 90))) / 100);
  const rowsPerSample = shape.rows / Math.max(1, shape.samples.length);
  let leaves = 0;
  let entries = 0;
  for (const { entryBytes, groupRows } of shape.samples) {
    for (const part of shape.deduplicates ? postings(entryBytes, groupRows) : [alone(entryBytes)]) {
      const partEntries = (rowsPerSample * part.share) / part.rows;
      entries += partEntries;
      leaves += partEntries / entriesPerLeaf(part, freeBytes);
    }
  }
  const leafBlocks = Math.max(1, Math.ceil(leaves));
  const upper = upperLevels(leafBlocks, shape.pivotBytes);
  return { blocks: 1 + leafBlocks + upper.blocks, leafBlocks, height: upper.height, entries };
}

/** Gives the height of a btree of which only the length is known. */
export function btreeHeight(blocks: number, pivotBytes: number): number {
  return upperLevels(Math.max(1, blocks - 1), pivotBytes).height;
}

/** Entries of one kind that the rows of a key are spread over. */
interface Posting {
  readonly bytes: number;
  /** Part of the bytes that a high key leaves out. */
  readonly listBytes: number;
  readonly rows: number;
  /** Fraction of the key's rows that such entries hold. */
  readonly share: number;
}

function alone(entryBytes: number): Posting {
  return { bytes: entryBytes, listBytes: 0, rows: 1, share: 1 };
}

function postings(entryBytes: number, groupRows: number): readonly Posting[] {
  const capacity = Math.floor((Math.floor(POSTING_BYTES_MAX / 8) * 8 - entryBytes) / ROW_POINTER_BYTES);
  if (capacity < 2 || groupRows <= 1) return [alone(entryBytes)];
  const full = Math.floor(groupRows / capacity);
  const rest = groupRows - full * capacity;
  return [
    ...(full === 0 ? [] : [{ ...posting(entryBytes, capacity), share: (full * capacity) / groupRows }]),
    ...(rest < 1e-6 ? [] : [{ ...posting(entryBytes, Math.max(1, rest)), share: rest / groupRows }]),
  ];
}

function posting(entryBytes: number, rows: number): Omit<Posting, 'share'> {
  if (rows <= 1) return { bytes: entryBytes, listBytes: 0, rows };
  const bytes = alignTo8(entryBytes + rows * ROW_POINTER_BYTES);
  return { bytes, listBytes: bytes - entryBytes, rows };
}

/**
 * A page takes entries until too little is free for the next or less than the fill factor leaves; its last entry then
 * moves to the next page, where it comes first, and its key stays behind as the high key.
 */
function entriesPerLeaf({ bytes, listBytes }: Pick<Posting, 'bytes' | 'listBytes'>, freeBytes: number): number {
  const closesBelow = Math.max(freeBytes - listBytes, bytes + TIE_BREAKER_BYTES);
  return entriesPerPage(bytes, ROOM_BYTES - LINE_POINTER_BYTES, closesBelow);
}

function entriesPerPage(bytes: number, roomBytes: number, closesBelow: number): number {
  return Math.max(1, Math.floor((roomBytes - closesBelow) / (bytes + LINE_POINTER_BYTES)));
}

function upperLevels(leafBlocks: number, pivotBytes: number): { readonly blocks: number; readonly height: number } {
  // The first entry of an upper page means minus infinity and holds no key.
  const firstSavesBytes = pivotBytes - TUPLE_HEADER_BYTES;
  const room = ROOM_BYTES - LINE_POINTER_BYTES + firstSavesBytes;
  const perPage = Math.max(2, entriesPerPage(pivotBytes, room, Math.max(UPPER_FREE_BYTES, pivotBytes)));
  let level = leafBlocks;
  let blocks = 0;
  let height = 0;
  while (level > 1) {
    level = Math.ceil(level / perPage);
    blocks += level;
    height += 1;
  }
  return { blocks, height };
}

function alignTo8(bytes: number): number {
  return Math.ceil(bytes / 8) * 8;
}
