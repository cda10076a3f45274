import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { messageOf, StewardError } from '../../errors.js';
import type { SkipTally } from '../skip-tally.js';
import { LineSplitter } from './line-splitter.js';
import { packingOf } from './packed-file.js';

/** What is read of a file at once. */
export const CHUNK_BYTES = 1 << 18;

/**
 * Reads a file, plain or gzip, and gives its lines in groups, so that memory does not depend on its size.
 * A StewardError of code `usage` where it cannot be read.
 */
export async function* logLines(
  file: string,
  spec: 'log' | 'trace' = 'log',
): AsyncGenerator<readonly string[], void, undefined> {
  const splitter = new LineSplitter();
  try {
    for await (const chunk of chunksOf(file)) {
      const lines = splitter.push(chunk);
      if (lines.length > 0) yield lines;
    }
  } catch (error) {
    if (error instanceof StewardError) throw error;
    throw unreadable(file, error, spec);
  }
  const rest = splitter.end();
  if (rest.length > 0) yield rest;
}

/** The lines of a file; one that ends in the middle of its compressed bytes is read until there, and counted as skipped. */
export async function* linesUntilCut(
  file: string,
  { skipped, spec = 'log' }: { readonly skipped: SkipTally; readonly spec?: 'log' | 'trace' },
): AsyncGenerator<readonly string[], void, undefined> {
  let isBegun = false;
  try {
    for await (const lines of logLines(file, spec)) {
      isBegun = true;
      yield lines;
    }
  } catch (error) {
    if (!isBegun || !(error instanceof StewardError) || !isCutOff(error.cause)) throw error;
    skipped.add('a compressed file that is cut off', file);
  }
}

function isCutOff(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && (cause.code === 'Z_BUF_ERROR' || cause.code === 'Z_DATA_ERROR');
}

/** Says why a log cannot be read, and what to do. */
export function unreadable(file: string, cause: unknown, spec: 'log' | 'trace' = 'log'): StewardError {
  return new StewardError('usage', `the ${spec} ${file} cannot be read: ${messageOf(cause)}`, {
    hint: `check its rights and that it is whole, or name another one with --workload ${spec}:PATH`,
    cause,
  });
}

async function* chunksOf(file: string): AsyncGenerator<Buffer, void, undefined> {
  const handle = await open(file);
  try {
    const packing = await packingOf(handle);
    if (packing === 'gzip') {
      const unzip = createGunzip({ chunkSize: CHUNK_BYTES });
      const packed = handle.createReadStream({ start: 0, highWaterMark: CHUNK_BYTES, autoClose: false });
      // Whoever reads the unzipped text meets the error; the callback is only asked for.
      yield* pipeline(packed, unzip, () => undefined);
      return;
    }
    if (packing !== null) throw new Error(`it is packed by ${packing}; unpack it, or pack it by gzip`);
    // All of the file through the same memory: a new chunk each would wait for the collector, and make it wait.
    const buffer = Buffer.alloc(CHUNK_BYTES);
    for (;;) {
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, null);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}
