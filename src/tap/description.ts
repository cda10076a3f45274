import type { TapColumn } from '../model/tap-record.js';
import { BodyReader } from './body-reader.js';
import { isKeyType } from './value-text.js';

/** What a statement returns, as the server has described it. */
export interface Description {
  /** As JSON. */
  readonly columns: string;
  readonly keyColumns: string;
  readonly keys: readonly { readonly place: number; readonly type: number }[];
  readonly formats: Formats;
  /** The message's body that it was read from. */
  readonly raw: Buffer;
}

/** Which columns or parameters are binary: all, none, or by place. */
export type Formats = boolean | readonly boolean[];

/** More key columns than this are seldom keys. */
const KEY_COLUMNS_MOST = 8;

/** Reads a row description; gives `known` back where it says the same. */
export function readDescription(
  body: Buffer,
  { start, end }: { readonly start: number; readonly end: number },
  known: Description | null,
): Description {
  if (known !== null && known.raw.length === end - start && body.compare(known.raw, 0, end - start, start, end) === 0)
    return known;
  const reader = new BodyReader(body, start, end);
  const columns: TapColumn[] = [];
  const formats: boolean[] = [];
  const count = reader.count16();
  for (let place = 0; place < count; place += 1) {
    const name = reader.text();
    const table = reader.uint32();
    const attribute = reader.int16();
    const type = reader.uint32();
    // Length and modifier of the type.
    reader.skip(6);
    formats.push(reader.int16() === 1);
    columns.push({ name, table, attribute, type });
  }
  const keys = columns
    .map(({ type }, place) => ({ place, type }))
    .filter(({ type }) => isKeyType(type))
    .slice(0, KEY_COLUMNS_MOST);
  return {
    columns: JSON.stringify(columns),
    keyColumns: JSON.stringify(keys.map(({ place }) => place)),
    keys,
    formats: formats.includes(true) ? formats : false,
    raw: Buffer.from(body.subarray(start, end)),
  };
}

/** Reads a list of formats: none for all text, one for all, or one each. */
export function readFormats(reader: BodyReader): Formats {
  const count = reader.count16();
  if (count === 0) return false;
  if (count === 1) return reader.int16() === 1;
  return Array.from({ length: count }, () => reader.int16() === 1);
}

/** Whether the value at a place is binary. */
export function isBinary(formats: Formats, place: number): boolean {
  return typeof formats === 'boolean' ? formats : (formats[place] ?? false);
}
