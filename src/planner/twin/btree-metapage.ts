import { closeSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import { StewardError } from '../../errors.js';

/**
 * Page layout of PostgreSQL's btrees, the same from 13 to 18: src/include/access/nbtree.h, storage/bufpage.h.
 * The numbers are little-endian, as on every platform that the program runs on.
 */
export const BLOCK_BYTES = 8_192;
const HEADER_BYTES = 24;
const SPECIAL_OFFSET = BLOCK_BYTES - 16;
const BTREE_MAGIC = 0x05_31_62;
/** Offsets within BTMetaPageData, which follows the page header. */
const META = { magic: 24, root: 32, level: 36, fastRoot: 40, fastLevel: 44 };
/** Offsets of PageHeaderData. */
const HEADER = { lower: 12, upper: 14, special: 16, sizeAndVersion: 18 };
/** Offsets within BTPageOpaqueData. */
const OPAQUE = { level: SPECIAL_OFFSET + 8, flags: SPECIAL_OFFSET + 12 };
const LEAF = 1;
const ROOT = 2;
const PAGE_SIZE_AND_VERSION = BLOCK_BYTES | 4;

/**
 * Makes a freshly built btree of at most one leaf look as if it had `height` levels above it: the planner charges for
 * each level, and the index scan that it uses to look at an index's ends must find its way down. Each level is one
 * page whose only entry leads to the page below; the leaf is block 1. The file is to be extended afterwards.
 * No server may hold these blocks in its buffers.
 */
export function raiseBtree(path: string, height: number): void {
  const file = openSync(path, 'r+');
  try {
    const meta = readBlock(file, 0);
    if (meta === null || meta.readUInt32LE(META.magic) !== BTREE_MAGIC) {
      throw new StewardError('runtime', `${path} does not begin with the metapage of a btree`);
    }
    const builtLeaf = meta.readUInt32LE(META.root) === 1 ? readBlock(file, 1) : null;
    const leaf = builtLeaf ?? emptyPage();
    leaf.writeUInt16LE(height === 0 ? LEAF | ROOT : LEAF, OPAQUE.flags);
    writeBlock(file, 1, leaf);
    for (let level = 1; level <= height; level++) writeBlock(file, level + 1, innerPage(level, level === height));
    for (const root of [META.root, META.fastRoot]) meta.writeUInt32LE(height + 1, root);
    for (const level of [META.level, META.fastLevel]) meta.writeUInt32LE(height, level);
    writeBlock(file, 0, meta);
  } finally {
    closeSync(file);
  }
}

/** Makes a freshly built btree look empty: one block, no root, as CREATE INDEX leaves it where it finds no row. */
export function emptyBtree(path: string): void {
  const file = openSync(path, 'r+');
  try {
    const meta = readBlock(file, 0);
    if (meta === null) return;
    for (const field of [META.root, META.level, META.fastRoot, META.fastLevel]) meta.writeUInt32LE(0, field);
    writeBlock(file, 0, meta);
    ftruncateSync(file, BLOCK_BYTES);
  } finally {
    closeSync(file);
  }
}

function readBlock(file: number, block: number): Buffer | null {
  const page = Buffer.alloc(BLOCK_BYTES);
  return readSync(file, page, 0, BLOCK_BYTES, block * BLOCK_BYTES) === BLOCK_BYTES ? page : null;
}

function writeBlock(file: number, block: number, page: Buffer): void {
  writeSync(file, page, 0, BLOCK_BYTES, block * BLOCK_BYTES);
}

function emptyPage(): Buffer {
  const page = Buffer.alloc(BLOCK_BYTES);
  page.writeUInt16LE(HEADER_BYTES, HEADER.lower);
  page.writeUInt16LE(SPECIAL_OFFSET, HEADER.upper);
  page.writeUInt16LE(SPECIAL_OFFSET, HEADER.special);
  page.writeUInt16LE(PAGE_SIZE_AND_VERSION, HEADER.sizeAndVersion);
  return page;
}

/** A page of an upper level: one downlink, of minus infinity, to the block of the level below. */
function innerPage(level: number, isRoot: boolean): Buffer {
  const page = emptyPage();
  const tupleBytes = 8;
  const tupleOffset = SPECIAL_OFFSET - tupleBytes;
  // Line pointer: 15 bits offset, 2 bits LP_NORMAL, 15 bits length.
  page.writeUInt32LE((tupleOffset | (1 << 15) | (tupleBytes << 17)) >>> 0, HEADER_BYTES);
  page.writeUInt16LE(HEADER_BYTES + 4, HEADER.lower);
  page.writeUInt16LE(tupleOffset, HEADER.upper);
  // IndexTupleData: block number in two halves, the count of attributes (0), then size and INDEX_ALT_TID_MASK.
  page.writeUInt16LE(level, tupleOffset + 2);
  page.writeUInt16LE(tupleBytes | 0x20_00, tupleOffset + 6);
  page.writeUInt32LE(level, OPAQUE.level);
  page.writeUInt16LE(isRoot ? ROOT : 0, OPAQUE.flags);
  return page;
}
