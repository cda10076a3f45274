import type { Column } from '../../model/catalog.js';

/** A value whose length with a one-byte header is at most this is stored so in an index, without alignment. */
const SHORT_BYTES_MAX = 127;

/**
 * Gives the bytes that a value of a column takes in an index entry, its header included, from its text where the type
 * tells, else from the average width; `value` is null where no value is at hand.
 */
export function valueBytes(column: Column, value: string | null, averageWidthBytes: number | null): number {
  if (column.typeLength > 0) return column.typeLength;
  const lengthOf = value === null ? undefined : LENGTHS[column.baseType];
  const content = lengthOf?.(value ?? '') ?? Math.max(1, (averageWidthBytes ?? DEFAULT_WIDTH_BYTES) - 1);
  return content + 1 <= SHORT_BYTES_MAX ? content + 1 : content + 4;
}

/** The planner's own guess for a type of varying length: get_typavgwidth. */
const DEFAULT_WIDTH_BYTES = 32;

/** Content bytes by the type's text, for types whose text tells. */
const LENGTHS: Readonly<Record<string, (value: string) => number>> = {
  text: (value) => Buffer.byteLength(value),
  'character varying': (value) => Buffer.byteLength(value),
  bpchar: (value) => Buffer.byteLength(value),
  citext: (value) => Buffer.byteLength(value),
  json: (value) => Buffer.byteLength(value),
  xml: (value) => Buffer.byteLength(value),
  // \x and two digits a byte.
  bytea: (value) => Math.max(0, (value.length - 2) / 2),
  // Family and mask, then 4 or 16 bytes.
  inet: (value) => 2 + (value.includes(':') ? 16 : 4),
  cidr: (value) => 2 + (value.includes(':') ? 16 : 4),
  numeric: numericBytes,
};

/** The short form: two bytes of header, two for each group of four decimal digits that is not zero at an end. */
function numericBytes(value: string): number {
  const [whole = '', fraction = ''] = value.replace(/^[-+]/, '').split('.');
  if (!/^\d*$/.test(whole)) return 2;
  const groups = [
    ...groupsOf(whole.padStart(Math.ceil(whole.length / 4) * 4, '0')),
    ...groupsOf(fraction.padEnd(Math.ceil(fraction.length / 4) * 4, '0')),
  ];
  const first = groups.findIndex((group) => group !== '0000');
  const last = groups.findLastIndex((group) => group !== '0000');
  return first < 0 ? 2 : 2 + 2 * (last - first + 1);
}

function groupsOf(digits: string): readonly string[] {
  return digits.match(/.{4}/g) ?? [];
}
