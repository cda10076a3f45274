import { BRIN_PAGES_PER_RANGE, type BrinSize } from './brin-size.js';
import { BLOCK_BYTES } from './btree-metapage.js';
import type { GinSize } from './gin-size.js';

/** Offsets of PageHeaderData, and the size of the special space that GIN and BRIN both have at a page's end. */
const HEADER = { lower: 12, upper: 14, special: 16, sizeAndVersion: 18 };
const HEADER_BYTES = 24;
const SPECIAL_OFFSET = BLOCK_BYTES - 8;
const PAGE_SIZE_AND_VERSION = BLOCK_BYTES | 4;

/** Offsets of GinMetaPageData: src/include/access/ginblock.h, the same from 13 to 18. */
const GIN = { head: 24, tail: 28, totalPages: 48, entryPages: 52, dataPages: 56, entries: 64, version: 72, end: 80 };
const GIN_VERSION = 2;
const GIN_META_FLAG = 1 << 3;
const NO_BLOCK = 0xff_ff_ff_ff;

/** Makes the metapage from which the planner reads what a GIN index holds. */
export function ginMetapage({ blocks, entryPages, dataPages, entries }: GinSize): Buffer {
  const page = emptyPage(GIN.end);
  page.writeUInt32LE(NO_BLOCK, GIN.head);
  page.writeUInt32LE(NO_BLOCK, GIN.tail);
  page.writeUInt32LE(blocks, GIN.totalPages);
  page.writeUInt32LE(entryPages, GIN.entryPages);
  page.writeUInt32LE(dataPages, GIN.dataPages);
  page.writeBigInt64LE(BigInt(entries), GIN.entries);
  page.writeInt32LE(GIN_VERSION, GIN.version);
  page.writeUInt32LE(NO_BLOCK, SPECIAL_OFFSET);
  page.writeUInt16LE(GIN_META_FLAG, SPECIAL_OFFSET + 6);
  return page;
}

/** Fits an estimated GIN metapage to an index of known length: of one that tells of more pages the planner believes nothing. */
export function fitGinMetapage(page: Buffer, blocks: number): void {
  const estimated = page.readUInt32LE(GIN.totalPages);
  for (const field of [GIN.entryPages, GIN.dataPages]) {
    page.writeUInt32LE(Math.floor((page.readUInt32LE(field) * blocks) / Math.max(1, estimated)), field);
  }
  page.writeUInt32LE(blocks, GIN.totalPages);
}

/** Offsets of BrinMetaPageData: src/include/access/brin_page.h, the same from 13 to 18. */
const BRIN = { magic: 24, version: 28, pagesPerRange: 32, lastMapPage: 36, end: 40 };
const BRIN_MAGIC = 0xa8_10_9c_fa;
const BRIN_VERSION = 1;
const BRIN_META_TYPE = 0xf0_91;

/** Makes the metapage from which the planner reads how a BRIN index is laid out. */
export function brinMetapage({ mapBlocks }: BrinSize): Buffer {
  const page = emptyPage(BRIN.end);
  page.writeUInt32LE(BRIN_MAGIC, BRIN.magic);
  page.writeUInt32LE(BRIN_VERSION, BRIN.version);
  page.writeUInt32LE(BRIN_PAGES_PER_RANGE, BRIN.pagesPerRange);
  page.writeUInt32LE(mapBlocks, BRIN.lastMapPage);
  page.writeUInt16LE(BRIN_META_TYPE, SPECIAL_OFFSET + 6);
  return page;
}

function emptyPage(lower: number): Buffer {
  const page = Buffer.alloc(BLOCK_BYTES);
  page.writeUInt16LE(Math.max(HEADER_BYTES, lower), HEADER.lower);
  page.writeUInt16LE(SPECIAL_OFFSET, HEADER.upper);
  page.writeUInt16LE(SPECIAL_OFFSET, HEADER.special);
  page.writeUInt16LE(PAGE_SIZE_AND_VERSION, HEADER.sizeAndVersion);
  return page;
}
