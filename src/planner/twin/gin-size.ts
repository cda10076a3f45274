/** Keys of a GIN index that are about as frequent and as long as each other. */
export interface KeyClass {
  readonly keys: number;
  /** Rows that each of them occurs in. */
  readonly rowsEach: number;
  /** Bytes of a key as an index stores it, its header included. */
  readonly keyBytes: number;
}

export interface GinSize {
  /** Blocks of 8,192 bytes, the metapage included. */
  readonly blocks: number;
  /** Pages of the tree of keys and pages of the trees of rows, as the metapage counts them. */
  readonly entryPages: number;
  readonly dataPages: number;
  readonly entries: number;
}

/** Page without header, special space and line pointers: src/include/access/ginblock.h. */
const PAGE_ROOM_BYTES = 8_160;
const LINE_POINTER_BYTES = 4;
const TUPLE_HEADER_BYTES = 8;
/** A list of rows begins with its first row and a length. */
const LIST_HEADER_BYTES = 8;
/** A longer list moves to a tree of its own: GinMaxItemSize, a third of a page. */
const LIST_BYTES_MAX = 2_700;
/** A row is its block and 11 bits for its place there; the distance to the row before is written in groups of 7 bits. */
const PLACES_PER_BLOCK = 2_048;

/** A build inserts keys in order and splits pages in the middle; lists of rows fill them better. Measured on 15 and 18. */
const ENTRY_FILL = 0.52;
/** The same of pages of rows, which are filled from the left. */
const DATA_FILL = 0.85;

/** Estimates the size of a freshly built GIN index on a table of so many blocks. */
export function estimateGin(classes: readonly KeyClass[], tableBlocks: number): GinSize {
  let entries = 0;
  let entryBytes = 0;
  let pivotBytes = 0;
  let dataPages = 0;
  for (const { keys, rowsEach, keyBytes } of classes) {
    const listBytes = LIST_HEADER_BYTES + Math.max(0, rowsEach - 1) * bytesPerRow(rowsEach, tableBlocks);
    const isTree = listBytes > LIST_BYTES_MAX;
    const tupleBytes = aligned(TUPLE_HEADER_BYTES + keyBytes + (isTree ? 0 : listBytes)) + LINE_POINTER_BYTES;
    entries += keys;
    entryBytes += keys * tupleBytes;
    pivotBytes += keys * (aligned(TUPLE_HEADER_BYTES + keyBytes) + LINE_POINTER_BYTES);
    if (isTree) dataPages += keys * treePages(listBytes);
  }
  const leaves = Math.max(1, Math.ceil(entryBytes / (PAGE_ROOM_BYTES * ENTRY_FILL)));
  const perInnerPage = (PAGE_ROOM_BYTES * ENTRY_FILL * Math.max(1, entries)) / Math.max(1, pivotBytes);
  const entryPages = leaves + innerPages(leaves, Math.max(2, perInnerPage));
  const whole = Math.round(dataPages);
  return { blocks: 1 + entryPages + whole, entryPages, dataPages: whole, entries: Math.round(entries) };
}

/** Bytes of one row in a list: distances within a block are short, one from block to block takes more. */
function bytesPerRow(rows: number, tableBlocks: number): number {
  const blocks = Math.max(1, tableBlocks);
  const blocksHit = blocks * (1 - Math.exp(-rows / blocks));
  const jumps = Math.min(1, blocksHit / Math.max(1, rows));
  return jumps * groupsOf((PLACES_PER_BLOCK * blocks) / Math.max(1, blocksHit)) + (1 - jumps);
}

function groupsOf(distance: number): number {
  return Math.max(1, Math.ceil(Math.log2(Math.max(2, distance)) / 7));
}

/** One page alone, or a root above pages of rows. */
function treePages(listBytes: number): number {
  const leaves = Math.ceil(listBytes / (PAGE_ROOM_BYTES * DATA_FILL));
  return leaves === 1 ? 1 : leaves + 1;
}

function innerPages(leaves: number, perPage: number): number {
  let pages = 0;
  for (let level = leaves; level > 1; pages += level) level = Math.ceil(level / perPage);
  return pages;
}

function aligned(bytes: number): number {
  return Math.ceil(bytes / 8) * 8;
}
