import { isUtf8 } from 'node:buffer';

/** One line of a file that is not blank. */
export interface EventLine {
  /** From 1; blank lines count. */
  readonly line: number;
  /** The line, or the beginning of one that is at fault. */
  readonly text: string;
  /** Why it cannot be read; null where it can. */
  readonly fault: string | null;
}

/** An event with a megabyte of metadata is a mistake; what is longer is read past and never held. */
const LINE_BYTES_MAX = 1024 * 1024;
const SHOWN_LENGTH = 200;
const NEWLINE = 0x0a;

/** Splits bytes into lines, whatever ends them (LF or CRLF); holds one line at most. */
export async function* readLines(bytes: AsyncIterable<Buffer>): AsyncGenerator<EventLine, void, undefined> {
  let [line, parts, length]: [number, Buffer[], number] = [1, [], 0];
  const add = (part: Buffer) => {
    // Of a line that is too long its beginning is enough.
    if (length <= LINE_BYTES_MAX) parts.push(part);
    length += part.length;
  };
  for await (const chunk of bytes) {
    let from = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, from)) {
      add(chunk.subarray(from, end));
      const read = lineOf(line, parts, length);
      if (read !== null) yield read;
      [line, parts, length, from] = [line + 1, [], 0, end + 1];
    }
    add(chunk.subarray(from));
  }
  const last = lineOf(line, parts, length);
  if (last !== null) yield last;
}

function lineOf(line: number, parts: readonly Buffer[], length: number): EventLine | null {
  const bytes = parts.length === 1 ? (parts[0] ?? Buffer.alloc(0)) : Buffer.concat(parts);
  const decoded = bytes.subarray(0, length > LINE_BYTES_MAX ? SHOWN_LENGTH : undefined).toString('utf8');
  // What is trimmed may be the CR of a CRLF, and at the beginning of the file a byte order mark.
  const text = decoded.trim();
  const shown = text.slice(0, SHOWN_LENGTH);
  if (length > LINE_BYTES_MAX)
    return { line, text: shown, fault: `the line has ${length} bytes; allowed: ${LINE_BYTES_MAX}` };
  if (text === '') return null;
  return isUtf8(bytes) ? { line, text, fault: null } : { line, text: shown, fault: 'the line is not UTF-8' };
}
