import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { messageOf, StewardError } from '../../errors.js';
import { LineSplitter } from './line-splitter.js';

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
    for await (const chunk of openFile(file)) {
      const lines = splitter.push(chunk as Buffer);
      if (lines.length > 0) yield lines;
    }
  } catch (error) {
    if (error instanceof StewardError) throw error;
    throw unreadable(file, error, spec);
  }
  const rest = splitter.end();
  if (rest.length > 0) yield rest;
}

/** Says why a log cannot be read, and what to do. */
export function unreadable(file: string, cause: unknown, spec: 'log' | 'trace' = 'log'): StewardError {
  return new StewardError('usage', `the ${spec} ${file} cannot be read: ${messageOf(cause)}`, {
    hint: `check its rights and that it is whole, or name another one with --workload ${spec}:PATH`,
    cause,
  });
}

function openFile(file: string): NodeJS.ReadableStream {
  const source = createReadStream(file, { highWaterMark: CHUNK_BYTES });
  if (!file.endsWith('.gz')) return source;
  const unzip = createGunzip({ chunkSize: CHUNK_BYTES });
  // Whoever reads the unzipped text meets the error; the callback is only asked for.
  return pipeline(source, unzip, () => undefined);
}
