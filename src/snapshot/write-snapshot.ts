import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { messageOf, StewardError } from '../errors.js';
import { FORMAT, FORMAT_VERSION, type LineKind, type SnapshotDocument } from './format.js';

export interface WriteOptions {
  readonly toolVersion: string;
  readonly signal?: AbortSignal;
}

/** It holds values of somebody's rows: nobody else may read it. */
const FILE_MODE = 0o600;

/**
 * Writes a snapshot file, line by line through the compressor, and puts it in its place when it is whole. Equal
 * documents make equal bytes. A StewardError says why it cannot be written.
 */
export async function writeSnapshot(path: string, document: SnapshotDocument, options: WriteOptions): Promise<void> {
  const target = await realpath(path).catch(() => path);
  const existing = await stat(target).catch(() => null);
  // A pipe or a device cannot be replaced.
  const isReplaceable = existing === null || existing.isFile();
  const unfinished = `.${basename(target)}.${randomBytes(4).toString('hex')}.part`;
  const written = isReplaceable ? join(dirname(target), unfinished) : target;
  options.signal?.throwIfAborted();
  const file = createWriteStream(written, {
    mode: FILE_MODE,
    flags: isReplaceable ? 'wx' : 'w',
    flush: isReplaceable,
  });
  try {
    // gzip's header bears no time: node leaves it zero.
    await pipeline(Readable.from(linesOf(document, options.toolVersion)), createGzip(), file, streamOptions(options));
    if (isReplaceable) await rename(written, target);
  } catch (error) {
    // A file that is still being opened would come to be after it was removed.
    if (!file.destroy().closed) await once(file, 'close');
    if (isReplaceable) await rm(written, { force: true });
    options.signal?.throwIfAborted();
    throw new StewardError('runtime', `the snapshot cannot be written to ${path}: ${messageOf(error)}`, {
      hint: 'name another file with --output',
      cause: error,
    });
  }
}

function streamOptions({ signal }: WriteOptions): { readonly signal?: AbortSignal } {
  return signal === undefined ? {} : { signal };
}

function* linesOf(document: SnapshotDocument, toolVersion: string): Generator<string> {
  const { role, redacted } = document;
  yield `${JSON.stringify({ format: FORMAT, version: FORMAT_VERSION, tool: toolVersion, redacted, role })}\n`;
  let lines = 1;
  for (const [kind, content] of entriesOf(document)) {
    lines += 1;
    yield `${JSON.stringify({ [kind]: content })}\n`;
  }
  yield `${JSON.stringify({ end: { lines } })}\n`;
}

/** Lists that grow with the database are given item by item. */
function* entriesOf({ snapshot, workload }: SnapshotDocument): Generator<readonly [LineKind, unknown]> {
  const { tables, ...catalog } = snapshot.catalog;
  yield ['catalog', catalog];
  for (const table of tables) yield ['table', table];
  const { columns, extended, ...statistics } = snapshot.statistics;
  yield ['statistics', statistics];
  for (const column of columns) yield ['column', column];
  for (const entry of extended) yield ['extended', entry];
  const { statements, ...rest } = workload;
  yield ['workload', rest];
  for (const statement of statements) yield ['statement', statement];
}
