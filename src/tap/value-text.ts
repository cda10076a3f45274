import { MalformedMessage } from './body-reader.js';

/** Object ids of built-in types (`pg_type.dat`). */
const BOOL = 16;
const BYTEA = 17;
const NAME = 19;
const INT8 = 20;
const INT2 = 21;
const INT4 = 23;
const TEXT = 25;
const OID = 26;
const FLOAT4 = 700;
const FLOAT8 = 701;
const BPCHAR = 1042;
const VARCHAR = 1043;
const UUID = 2950;
const UNKNOWN = 705;

const WHOLE_NUMBERS: ReadonlySet<number> = new Set([INT8, INT2, INT4, OID]);
const TEXTS: ReadonlySet<number> = new Set([NAME, TEXT, BPCHAR, VARCHAR, UNKNOWN]);
/** Without a type a client that sends binary values has one of these in mind. */
const TYPE_BY_LENGTH: Readonly<Record<number, number>> = { 2: INT2, 4: INT4, 8: INT8, 16: UUID };
const UUID_TEXT = /^\{?[\da-f]{8}-?(?:[\da-f]{4}-?){3}[\da-f]{12}\}?$/i;

/** Longer texts are no keys. */
export const KEY_TEXT_BYTES_MOST = 64;

/** Tells whether values of a type can be keys. */
export function isKeyType(type: number): boolean {
  return WHOLE_NUMBERS.has(type) || TEXTS.has(type) || type === UUID;
}

/** Where a value stands in a message. */
export interface ValuePlace {
  readonly buffer: Buffer;
  readonly start: number;
  readonly end: number;
  readonly isBinary: boolean;
  /** Object id of its type; 0 where it is not known. */
  readonly type: number;
}

/**
 * Gives a value as PostgreSQL writes it, equal for a number in any width and in either form; of a type that is not read
 * in its binary form, its bytes in hexadecimal. Padding of `char(n)` is left out, and a uuid is in lower case.
 */
export function valueText(place: ValuePlace): string {
  const { buffer, start, end, isBinary, type } = place;
  if (isBinary) return binaryText(place);
  const text = buffer.toString('utf8', start, end);
  if (type === BPCHAR) return text.trimEnd();
  const mayBeUuid = (type === UUID || type === 0) && text.length >= 32 && text.length <= 38 && UUID_TEXT.test(text);
  return mayBeUuid ? hyphened(text.replace(/[{}-]/g, '').toLowerCase()) : text;
}

function binaryText({ buffer, start, end, type }: ValuePlace): string {
  const length = end - start;
  const known = type === 0 || type === UNKNOWN ? (TYPE_BY_LENGTH[length] ?? BYTEA) : type;
  if (WHOLE_NUMBERS.has(known)) return wholeNumber(buffer, start, length, known === OID);
  if (TEXTS.has(known))
    return known === BPCHAR ? buffer.toString('utf8', start, end).trimEnd() : buffer.toString('utf8', start, end);
  if (known === UUID && length === 16) return hyphened(buffer.toString('hex', start, end));
  if (known === BOOL && length === 1) return buffer[start] === 0 ? 'f' : 't';
  if (known === FLOAT8 && length === 8) return String(buffer.readDoubleBE(start));
  if (known === FLOAT4 && length === 4) return String(Number(buffer.readFloatBE(start).toPrecision(7)));
  return `\\x${buffer.toString('hex', start, end)}`;
}

function wholeNumber(buffer: Buffer, start: number, length: number, isUnsigned: boolean): string {
  if (length === 4) return String(isUnsigned ? buffer.readUInt32BE(start) : buffer.readInt32BE(start));
  if (length === 2) return String(buffer.readInt16BE(start));
  if (length !== 8) throw new MalformedMessage(`a whole number of ${length} bytes`);
  const value = buffer.readInt32BE(start) * 0x1_0000_0000 + buffer.readUInt32BE(start + 4);
  return Number.isSafeInteger(value) ? String(value) : String(buffer.readBigInt64BE(start));
}

function hyphened(hex: string): string {
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
