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
/**
 * A row is its block and 11 bits for its place there; the distance to the row before is written in groups of 7 bits. To
 * another block it takes 2 bytes at least, and one more each from so many blocks on.
 */
const JUMP_BYTES_MIN = 2;
const JUMPS_OF_MORE_BYTES = [14, 21, 28].map((bits) => 2 ** (bits - 11));

/** A build inserts keys in order and splits pages in the middle; lists of rows fill them better. Measured on 15 and 18. */
const ENTRY_FILL = 0.52;
/** Pages of rows are filled to the end; of each 256 bytes in them 8 are the header of a part of the list. */
const DATA_FILL = 1 - 8 / 256;

/** Estimates the size of a freshly built GIN index on a table of so many blocks. */
export function estimateGin(classes: readonly KeyClass[], tableBlocks: number): GinSize {
  let entries = 0;
  let entryBytes = 0;
  let pivotBytes = 0;
  let dataPages = 0;
  for (const { keys, rowsEach, keyBytes } of classes) {
    const listBytes = LIST_HEADER_BYTES + Math.max(0, rowsEach - 1) * bytesPerRow(rowsEach, tableBlocks);
    const isTree = listBytes > LIST_BYTES_MAX;
    // The key is padded by itself before the list follows: GinFormTuple.
    const pivotTupleBytes = aligned(TUPLE_HEADER_BYTES + keyBytes);
    entries += keys;
    entryBytes += keys * (aligned(pivotTupleBytes + (isTree ? 0 : listBytes)) + LINE_POINTER_BYTES);
    pivotBytes += keys * (pivotTupleBytes + LINE_POINTER_BYTES);
    if (isTree) dataPages += keys * treePages(listBytes);
  }
  const leaves = Math.max(1, Math.ceil(entryBytes / (PAGE_ROOM_BYTES * ENTRY_FILL)));
  const perInnerPage = (PAGE_ROOM_BYTES * ENTRY_FILL * Math.max(1, entries)) / Math.max(1, pivotBytes);
  const entryPages = leaves + innerPages(leaves, Math.max(2, perInnerPage));
  const whole = Math.round(dataPages);
  return { blocks: 1 + entryPages + whole, entryPages, dataPages: whole, entries: Math.round(entries) };
}

/** Mean bytes of a row in a list: one within a block, and from block to block as many as the way is long. */
function bytesPerRow(rows: number, tableBlocks: number): number {
  const blocks = Math.max(1, tableBlocks);
  const blocksHit = blocks * (1 - Math.exp(-rows / blocks));
  const jumps = Math.min(1, blocksHit / Math.max(1, rows));
  const isPassedBy = Math.max(0, 1 - blocksHit / blocks);
  const longer = JUMPS_OF_MORE_BYTES.reduce((sum, least) => sum + isPassedBy ** (least - 1), 0);
  return jumps * (JUMP_BYTES_MIN + longer) + (1 - jumps);
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
