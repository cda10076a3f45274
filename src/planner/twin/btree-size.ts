import type { KeyGroup } from './key-groups.js';
import { fillLeaves, fillWithGroups, LINE_POINTER_BYTES, PAGE_BYTES, ROOM_BYTES, type RowSample } from './leaf-fill.js';

export interface BtreeShape {
  readonly rows: number;
  /** Rows drawn evenly from the index; at least one. */
  readonly samples: readonly RowSample[];
  /** All keys with their rows where they are known one by one; null or absent where samples stand for them. */
  readonly groups?: readonly KeyGroup[] | null;
  /** False where the index cannot share keys: INCLUDE, unique, types whose equal values may look different. */
  readonly deduplicates: boolean;
  /** Gives the bytes of an entry of an upper page, aligned to 8, for so many entries on the leaves. */
  pivotBytes(entries: number): number;
  /** 90 where not given. */
  readonly fillFactor?: number;
}

export interface BtreeSize {
  /** Blocks of 8,192 bytes, the metapage included. */
  readonly blocks: number;
  readonly leafBlocks: number;
  /** Levels above the leaves. */
  readonly height: number;
}

/** Estimates the size of a freshly built btree. */
export function estimateBtree(shape: BtreeShape): BtreeSize {
  if (shape.rows < 1) return { blocks: 1, leafBlocks: 0, height: 0 };
  const freeBytes = Math.floor((PAGE_BYTES * (100 - (shape.fillFactor ?? 90))) / 100);
  const { groups = null, rows, samples, deduplicates } = shape;
  const { leaves, entries } =
    groups === null
      ? fillLeaves(rows, samples, { deduplicates, freeBytes })
      : fillWithGroups(groups, { deduplicates, freeBytes });
  const leafBlocks = Math.max(1, Math.ceil(leaves));
  const upper = upperLevels(leafBlocks, shape.pivotBytes(entries));
  return { blocks: 1 + leafBlocks + upper.blocks, leafBlocks, height: upper.height };
}

/** Gives the height of a btree of which only the length is known. */
export function btreeHeight(blocks: number, pivotBytes: number): number {
  return upperLevels(Math.max(1, blocks - 1), pivotBytes).height;
}

/** Bytes left free on an upper page: its fill factor is always 70. */
const UPPER_FREE_BYTES = Math.floor((PAGE_BYTES * 30) / 100);
const TUPLE_HEADER_BYTES = 8;

function upperLevels(leafBlocks: number, pivotBytes: number): { readonly blocks: number; readonly height: number } {
  // The first entry of an upper page means minus infinity and holds no key.
  const roomBytes = ROOM_BYTES - LINE_POINTER_BYTES + pivotBytes - TUPLE_HEADER_BYTES;
  const closesBelow = Math.max(UPPER_FREE_BYTES, pivotBytes);
  const perPage = Math.max(2, Math.floor((roomBytes - closesBelow) / (pivotBytes + LINE_POINTER_BYTES)));
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
