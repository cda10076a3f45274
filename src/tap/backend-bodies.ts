import { BodyReader, MalformedMessage } from './body-reader.js';
import type { BodyPlace } from './message-framer.js';

const DIGIT_0 = 48;
const DIGIT_9 = 57;
const SQL_STATE_FIELD = 'C'.charCodeAt(0);

/** Reads what a command has done: `SELECT 5`, `INSERT 0 5`, `BEGIN`. */
export function readTag(body: Buffer, { start, end }: BodyPlace): string {
  return body.toString('latin1', start, end - 1);
}

/** Reads the number of rows at the end of a command's tag; null where there is none. */
export function readTagRows(body: Buffer, { start, end }: BodyPlace): number | null {
  let rows = 0;
  let factor = 1;
  let at = end - 2;
  for (; at >= start; at -= 1) {
    const letter = body[at] ?? 0;
    if (letter < DIGIT_0 || letter > DIGIT_9) break;
    rows += (letter - DIGIT_0) * factor;
    factor *= 10;
  }
  return factor === 1 || at < start ? null : rows;
}

/** Reads the SQLSTATE of an error. */
export function readSqlState(body: Buffer, { start, end }: BodyPlace): string {
  const reader = new BodyReader(body, start, end);
  for (let field = reader.byte(); field !== 0; field = reader.byte()) {
    const value = reader.text();
    if (field === SQL_STATE_FIELD) return value;
  }
  throw new MalformedMessage('an error without a code');
}

/** Reads a parameter's name and its new value. */
export function readParameterStatus(body: Buffer, { start, end }: BodyPlace): readonly [string, string] {
  const reader = new BodyReader(body, start, end);
  return [reader.text(), reader.text()];
}
