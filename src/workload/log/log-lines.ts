import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { createGunzip } from 'node:zlib';
import { messageOf, StewardError } from '../../errors.js';

/** A longer line is no message of a server's; the part beyond it is passed by. */
const LINE_LENGTH_MAX = 32_000_000;
const CHUNK_BYTES = 1 << 20;

/**
 * Reads a file, plain or gzip, and gives its lines in groups, so that memory does not depend on its size.
 * A StewardError of code `usage` where it cannot be read.
 */
export async function* logLines(file: string): AsyncGenerator<readonly string[], void, undefined> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  let isCut = false;
  try {
    for await (const chunk of openFile(file)) {
      const lines = (rest + decoder.write(chunk as Buffer)).split('\n');
      rest = lines.pop() ?? '';
      if (isCut && lines.length > 0) {
        lines.shift();
        isCut = false;
      }
      if (rest.length > LINE_LENGTH_MAX) {
        if (!isCut) lines.push(rest.slice(0, LINE_LENGTH_MAX));
        rest = '';
        isCut = true;
      }
      if (lines.length > 0) yield lines.map(withoutReturn);
    }
  } catch (error) {
    if (error instanceof StewardError) throw error;
    throw new StewardError('usage', `the log ${file} cannot be read: ${messageOf(error)}`, {
      hint: 'check its rights and that it is whole, or name another one with --workload log:PATH',
      cause: error,
    });
  }
  rest += decoder.end();
  if (rest !== '' && !isCut) yield [withoutReturn(rest)];
}

function openFile(file: string): NodeJS.ReadableStream {
  const source = createReadStream(file, { highWaterMark: CHUNK_BYTES });
  if (!file.endsWith('.gz')) return source;
  const unzip = createGunzip({ chunkSize: CHUNK_BYTES });
  // Whoever reads the unzipped text meets the error; the callback is only asked for.
  return pipeline(source, unzip, () => undefined);
}

function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}
