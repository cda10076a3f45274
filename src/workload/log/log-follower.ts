import { type FileHandle, open, stat } from 'node:fs/promises';
import type { SkipTally } from '../skip-tally.js';
import { LineSplitter } from './line-splitter.js';
import { CHUNK_BYTES, unreadable } from './log-lines.js';
import { packingOf } from './packed-file.js';
import { feedFile, inOrder, logFiles, UNREADABLE_FILE } from './read-log.js';
import { RecordFeed } from './record-feed.js';
import { StatementEvents, type StatementSink } from './statement-events.js';

/** A file that is read on. */
interface Tail {
  readonly handle: FileHandle;
  /** Device and inode: a file that is renamed stays what it is. */
  readonly identity: string;
  readonly splitter: LineSplitter;
  readonly feed: RecordFeed;
  offset: number;
}

/** Times and sessions within these tell how one file begins from all others. */
const HEAD_BYTES = 256;
const HEADS_MOST = 1000;
/** Files that are kept open; of those that did not grow for longest it is taken that they are done. */
const TAILS_MOST = 64;

/** Reads growing logs on: what is appended, what a rotation begins, and a file that was emptied from its start. */
export class LogFollower {
  private readonly path: string;
  private readonly skipped: SkipTally;
  private readonly events: StatementEvents;
  private readonly tails = new Map<string, Tail>();
  /** Files that are read and done. */
  private readonly done = new Set<string>();
  /** How each file began that was read. */
  private readonly heads = new Set<string>();
  private readonly buffer = Buffer.alloc(CHUNK_BYTES);

  constructor(path: string, { skipped, sink }: { readonly skipped: SkipTally; readonly sink: StatementSink }) {
    this.path = path;
    this.skipped = skipped;
    this.events = new StatementEvents(sink);
  }

  /** Reads what is new and gives how many bytes it was; the first time all there is. Ends early by the signal. */
  async pass(signal: AbortSignal): Promise<number> {
    const isFirst = this.tails.size === 0 && this.done.size === 0;
    let bytes = 0;
    // What was renamed meanwhile is read to its end before the file that took its place.
    for (const tail of [...this.tails.values()]) bytes += await this.readOn(tail, signal);
    const files = await this.files(isFirst);
    for (const file of files) {
      if (signal.aborted) break;
      bytes += await this.readNew(file, { signal, isFirst, isOnly: isFirst && files.length === 1 });
    }
    return bytes;
  }

  /** Hands on what was still open, and closes the files. */
  async end(): Promise<void> {
    for (const tail of this.tails.values()) await close(tail);
    this.tails.clear();
    this.events.end();
  }

  /** Between two names of a rotation there may be no file for a moment. */
  private async files(isFirst: boolean): Promise<readonly string[]> {
    if (isFirst) return inOrder(await logFiles(this.path, this.skipped));
    return logFiles(this.path).catch(() => []);
  }

  private async readNew(
    file: string,
    { signal, isFirst, isOnly }: { readonly signal: AbortSignal; readonly isFirst: boolean; readonly isOnly: boolean },
  ): Promise<number> {
    const identity = await identityOf(file);
    if (identity === null || this.done.has(identity) || this.tails.has(identity)) return 0;
    const handle = await this.opened(file, isOnly);
    const packing = handle === null ? null : await packingOf(handle);
    const feed = new RecordFeed(this.events, this.skipped);
    if (handle === null || packing !== null) {
      this.done.add(identity);
      await handle?.close();
      // What is packed later was read before, under its old name.
      if (handle === null || !isFirst) return 0;
      await feedFile(file, { feed, skipped: this.skipped, isOnly });
      feed.end();
      return 1;
    }
    if (!isFirst && !(await this.isNews(handle, identity))) {
      await handle.close();
      return 0;
    }
    const tail = { handle, identity, splitter: new LineSplitter(), feed, offset: 0 };
    this.tails.set(identity, tail);
    if (this.tails.size > TAILS_MOST) await this.leave(this.tails.values().next().value ?? tail);
    return this.readOn(tail, signal);
  }

  /** Null, and counted, for one of several that cannot be read. */
  private async opened(file: string, isOnly: boolean): Promise<FileHandle | null> {
    return open(file).catch((error: unknown) => {
      const refusal = unreadable(file, error);
      if (isOnly) throw refusal;
      this.skipped.add(UNREADABLE_FILE, refusal.message);
      return null;
    });
  }

  /** A file that is still empty is looked at again; one that begins as another did is a copy that a rotation made. */
  private async isNews(handle: FileHandle, identity: string): Promise<boolean> {
    const { bytesRead } = await handle.read(this.buffer, 0, HEAD_BYTES, 0);
    const head = this.buffer.toString('latin1', 0, bytesRead);
    if (bytesRead === 0) return false;
    const isCopy = [...this.heads].some((known) => known.startsWith(head) || head.startsWith(known));
    if (isCopy) this.done.add(identity);
    return !isCopy;
  }

  private async readOn(tail: Tail, signal: AbortSignal): Promise<number> {
    const { size } = await tail.handle.stat();
    if (size < tail.offset) {
      // Emptied in place, as copytruncate does: what was half a line is lost.
      tail.splitter.end();
      tail.offset = 0;
    }
    let bytes = 0;
    while (!signal.aborted) {
      const { bytesRead } = await tail.handle.read(this.buffer, 0, this.buffer.length, tail.offset);
      if (bytesRead === 0) break;
      if (tail.offset === 0) this.note(this.buffer.toString('latin1', 0, Math.min(bytesRead, HEAD_BYTES)));
      tail.offset += bytesRead;
      bytes += bytesRead;
      const lines = tail.splitter.push(this.buffer.subarray(0, bytesRead));
      if (lines.length > 0) tail.feed.lines(lines);
    }
    if (bytes > 0) this.touch(tail);
    return bytes;
  }

  private note(head: string): void {
    this.heads.add(head);
    if (this.heads.size > HEADS_MOST) this.heads.delete(this.heads.values().next().value ?? head);
  }

  private touch(tail: Tail): void {
    this.tails.delete(tail.identity);
    this.tails.set(tail.identity, tail);
  }

  private async leave(tail: Tail): Promise<void> {
    this.tails.delete(tail.identity);
    this.done.add(tail.identity);
    await close(tail);
  }
}

async function close({ handle, splitter, feed }: Tail): Promise<void> {
  await handle.close();
  const rest = splitter.end();
  if (rest.length > 0) feed.lines(rest);
  feed.end();
}

async function identityOf(file: string): Promise<string | null> {
  const known = await stat(file).catch(() => null);
  return known === null ? null : `${known.dev}:${known.ino}`;
}
