import { BodyReader } from './body-reader.js';
import { type Formats, isBinary, readFormats } from './description.js';
import type { Operation } from './operations.js';
import type { PreparedStatement } from './prepared.js';
import { valueText } from './value-text.js';
import { VALUES_MOST, type ValueWriter } from './value-writer.js';

/** Reads the first text of a body: the name of a portal or a statement, or a query. */
export function readName({ body, start, end }: Operation): string {
  return new BodyReader(body, start, end).text();
}

/** Reads which statement or portal is to be described or closed. */
export function readTarget({ body, start, end }: Operation): { readonly isPortal: boolean; readonly name: string } {
  const reader = new BodyReader(body, start, end);
  const kind = reader.byte();
  return { isPortal: kind === 'P'.charCodeAt(0), name: reader.text() };
}

/** Reads a statement's name, its text, and the types that the client gives its parameters; a long text is cut. */
export function readParse({ body, start, end, isWhole }: Operation) {
  const reader = new BodyReader(body, start, end);
  const name = reader.text();
  if (!isWhole) return { name, text: body.toString('utf8', reader.at, end), parameterTypes: [] };
  const text = reader.text();
  return { name, text, parameterTypes: readTypes(reader) };
}

/** Reads object ids of types behind their count. */
export function readTypes(reader: BodyReader): readonly number[] {
  return Array.from({ length: reader.count16() }, () => reader.uint32());
}

export interface BoundValues {
  /** As JSON; null where they are too long to be read. */
  readonly parameters: readonly string[] | null;
  readonly formats: Formats;
}

/** Reads which statement gets values, and as which portal. */
export function readBoundNames({ body, start, end }: Operation) {
  const reader = new BodyReader(body, start, end);
  return { portal: reader.text(), statement: reader.text(), reader };
}

/** Reads the values that a statement gets, behind the names, and in which form its rows are to come. */
export function readBoundValues(reader: BodyReader, statement: PreparedStatement, values: ValueWriter): BoundValues {
  const given = readFormats(reader);
  const count = reader.count16();
  const parameters: string[] = [];
  let isShort = count <= VALUES_MOST;
  for (let place = 0; place < count; place += 1) {
    const length = reader.int32();
    const start = reader.at;
    if (length >= 0) reader.skip(length);
    if (length >= 0 && !values.takes(length)) isShort = false;
    if (isShort) parameters.push(length < 0 ? 'null' : values.json(valueText(placeOf(place, start))));
  }
  return { parameters: isShort ? parameters : null, formats: readFormats(reader) };

  function placeOf(place: number, start: number) {
    const type = statement.parameterTypes[place] ?? 0;
    return { buffer: reader.buffer, start, end: reader.at, isBinary: isBinary(given, place), type };
  }
}
