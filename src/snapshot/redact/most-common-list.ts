import { type Exchange, exchangeValue, type ValuePlace } from './exchange-values.js';
import { VALUE_CODECS, type ValueCodec } from './value-codecs.js';

/** What a list's dimensions are. */
export interface Dimensions {
  typeName(oid: number): string | null;
  placeOf(dimension: number, type: string): ValuePlace | null;
}

/**
 * Layout of a serialized pg_mcv_list after the varlena header: magic, type and item count as uint32, the number of
 * dimensions as int16, the type OIDs, then of each dimension five fields of four bytes: the count of values, their
 * bytes here, their bytes in memory, the type's length, and whether values are passed by value; then the values of
 * each dimension, and the items, which name values by their place. Source: src/backend/statistics/mcv.c.
 */
const COUNT_OFFSET = 12;
const OIDS_OFFSET = 14;
const INFO_BYTES = 20;
const LENGTH_BYTES = 4;
const VARLENA = -1;

/** Gives the list, in hexadecimal, with its values exchanged; null where one has no stand-in. */
export function exchangeMostCommonList(hex: string, dimensions: Dimensions, exchange: Exchange): string | null {
  const bytes = Buffer.from(hex, 'hex');
  const count = bytes.readInt16LE(COUNT_OFFSET);
  const infoOffset = OIDS_OFFSET + count * 4;
  const header = Buffer.from(bytes.subarray(0, infoOffset + count * INFO_BYTES));
  const parts: Buffer[] = [header];
  let offset = header.length;
  for (let dimension = 0; dimension < count; dimension += 1) {
    const info = infoOffset + dimension * INFO_BYTES;
    const length = header.readInt32LE(info + 4);
    const type = dimensions.typeName(header.readUInt32LE(OIDS_OFFSET + dimension * 4));
    const place = type === null ? null : dimensions.placeOf(dimension, type);
    const source = { bytes: bytes.subarray(offset, offset + length), typeLength: header.readInt32LE(info + 12) };
    const values = place === null ? null : exchangeDimension(source, place, exchange);
    if (values === null) return null;
    const part = Buffer.concat(values.map((value) => stored(value, source.typeLength)));
    header.writeInt32LE(part.length, info + 4);
    if (source.typeLength === VARLENA)
      header.writeInt32LE(
        values.reduce((sum, value) => sum + aligned(value), 0),
        info + 8,
      );
    parts.push(part);
    offset += length;
  }
  return Buffer.concat([...parts, bytes.subarray(offset)]).toString('hex');
}

function exchangeDimension(
  source: { readonly bytes: Buffer; readonly typeLength: number },
  place: ValuePlace,
  exchange: Exchange,
): readonly Buffer[] | null {
  const values = split(source);
  // A label is an OID here and as open as its text.
  if (place.type.kind === 'enum' || place.type.base === 'boolean') return values;
  const codec = VALUE_CODECS[place.type.base];
  if (codec === undefined || values === null) return null;
  const exchanged = values.map((value) => exchangeBytes(value, { codec, place }, exchange));
  return exchanged.every((value) => value !== null) ? exchanged : null;
}

function exchangeBytes(
  value: Buffer,
  { codec, place }: { readonly codec: ValueCodec; readonly place: ValuePlace },
  exchange: Exchange,
): Buffer | null {
  const text = exchangeValue(codec.decode(value), { place, use: 'point' }, exchange);
  return text === null ? null : codec.encode(text, value.length);
}

function split({
  bytes,
  typeLength,
}: {
  readonly bytes: Buffer;
  readonly typeLength: number;
}): readonly Buffer[] | null {
  if (typeLength < VARLENA) return null;
  const values: Buffer[] = [];
  for (let offset = 0; offset < bytes.length; ) {
    const start = typeLength === VARLENA ? offset + LENGTH_BYTES : offset;
    const end = start + (typeLength === VARLENA ? bytes.readUInt32LE(offset) : typeLength);
    values.push(bytes.subarray(start, end));
    offset = end;
  }
  return values;
}

function stored(value: Buffer, typeLength: number): Buffer {
  if (typeLength !== VARLENA) return value;
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32LE(value.length);
  return Buffer.concat([length, value]);
}

/** Bytes in memory, with the header of four bytes, aligned to eight. */
function aligned(value: Buffer): number {
  return Math.ceil((value.length + LENGTH_BYTES) / 8) * 8;
}
