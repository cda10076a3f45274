import { chmodSync, chownSync, closeSync, existsSync, openSync, readSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { EmbeddedServer } from '../../embedded/server.js';
import { BLOCK_BYTES } from './btree-metapage.js';

/** Blocks of one file of a relation: PostgreSQL begins a new file at each GiB. */
const SEGMENT_BLOCKS = 131_072;

/** Two rows that each fit on a page. */
const SEED_BLOCKS = 2;

/** The files of a private server's relations; paths are relative to its data directory. */
export class RelationFiles {
  private readonly server: EmbeddedServer;

  constructor(server: EmbeddedServer) {
    this.server = server;
  }

  absolute(path: string): string {
    return join(this.server.dataDirectory, path);
  }

  /** Gives a relation this length with holes, which take no room on disk; the server sees it at once. */
  grow(path: string, blocks: number): void {
    for (let segment = 0; segment === 0 || segment * SEGMENT_BLOCKS < blocks; segment++) {
      const file = this.absolute(segment === 0 ? path : `${path}.${segment}`);
      if (segment > 0 && !existsSync(file)) this.create(file);
      truncateSync(file, Math.min(blocks - segment * SEGMENT_BLOCKS, SEGMENT_BLOCKS) * BLOCK_BYTES);
    }
  }

  /** Copies the beginning of a relation, where the two seed rows lie, to a file beside it under another number. */
  copyHeadBeside(path: string, fileNumber: number): void {
    const copy = this.absolute(join(dirname(path), String(fileNumber)));
    const head = Buffer.alloc(SEED_BLOCKS * BLOCK_BYTES);
    const original = openSync(this.absolute(path), 'r');
    try {
      const length = readSync(original, head, 0, head.length, 0);
      writeFileSync(copy, head.subarray(0, length));
    } finally {
      closeSync(original);
    }
    this.handOver(copy);
  }

  /** Makes an empty relation file beside another under a number of its own, and gives its path. */
  createBeside(path: string, fileNumber: number): string {
    const made = join(dirname(path), String(fileNumber));
    this.create(this.absolute(made));
    return made;
  }

  /** Makes a file of this length beside another, with holes behind its first page. */
  createWith(path: string, fileNumber: number, shape: { readonly blocks: number; readonly firstPage: Buffer | null }) {
    const made = this.createBeside(path, fileNumber);
    if (shape.firstPage !== null) writeFileSync(this.absolute(made), shape.firstPage);
    this.grow(made, shape.blocks);
  }

  private create(file: string): void {
    writeFileSync(file, '');
    this.handOver(file);
  }

  private handOver(file: string): void {
    chmodSync(file, 0o600);
    if (this.server.owner !== null) chownSync(file, this.server.owner.uid, this.server.owner.gid);
  }
}
