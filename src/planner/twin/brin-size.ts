export interface BrinSize {
  /** Blocks of 8,192 bytes, metapage and map included. */
  readonly blocks: number;
  readonly mapBlocks: number;
}

/** Blocks of table that one entry sums up where nothing else is asked for. */
export const BRIN_PAGES_PER_RANGE = 128;

/** Page without header and special space, and the room of a range in the map: src/include/access/brin_page.h. */
const PAGE_ROOM_BYTES = 8_160;
const MAP_ITEM_BYTES = 6;
const TUPLE_HEADER_BYTES = 8;
const LINE_POINTER_BYTES = 4;

/** Gives the size of a freshly built BRIN index that keeps the least and the greatest value of keys of these widths. */
export function estimateBrin(tableBlocks: number, keyBytes: readonly number[]): BrinSize {
  const ranges = Math.ceil(tableBlocks / BRIN_PAGES_PER_RANGE);
  const mapBlocks = Math.max(1, Math.ceil(ranges / Math.floor(PAGE_ROOM_BYTES / MAP_ITEM_BYTES)));
  const bytes = TUPLE_HEADER_BYTES + keyBytes.reduce((sum, width) => sum + 2 * width, 0);
  const perBlock = Math.max(1, Math.floor(PAGE_ROOM_BYTES / (Math.ceil(bytes / 8) * 8 + LINE_POINTER_BYTES)));
  return { blocks: 1 + mapBlocks + Math.max(1, Math.ceil(ranges / perBlock)), mapBlocks };
}
