/** Translates between the three ways a position in a text is counted. */
export interface Positions {
  /** Offset in UTF-16 units of a UTF-8 byte offset. */
  fromBytes(byteOffset: number): number;
  /** Offset in UTF-16 units of an offset in code points. */
  fromCodePoints(codePointOffset: number): number;
  /** Line and column of an offset in UTF-16 units. */
  place(offset: number): Place;
}

export interface Place {
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 units as editors count. */
  readonly column: number;
}

const NOT_ASCII = /[^\0-\x7f]/;

/**
 * Gives the positions of a text. libpg_query counts statement and node locations in UTF-8 bytes and error
 * positions in code points, JavaScript counts UTF-16 units.
 */
export function positionsOf(text: string): Positions {
  let lineStarts: readonly number[] | null = null;
  const place = (offset: number): Place => {
    lineStarts ??= findLineStarts(text);
    const line = countUpTo(lineStarts, offset);
    return { line, column: offset - (lineStarts[line - 1] ?? 0) + 1 };
  };
  if (!NOT_ASCII.test(text)) return { fromBytes: (offset) => offset, fromCodePoints: (offset) => offset, place };
  let bytes: Uint32Array | null = null;
  return {
    place,
    fromBytes: (offset) => {
      bytes ??= mapBytes(text);
      return bytes[offset] ?? text.length;
    },
    fromCodePoints: (offset) => unitsOfCodePoints(text, offset),
  };
}

function mapBytes(text: string): Uint32Array {
  const map = new Uint32Array(Buffer.byteLength(text) + 1);
  let byte = 0;
  for (let unit = 0; unit < text.length; ) {
    const point = text.codePointAt(unit) ?? 0;
    const length = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    map.fill(unit, byte, byte + length);
    byte += length;
    unit += point > 0xffff ? 2 : 1;
  }
  map[byte] = text.length;
  return map;
}

function unitsOfCodePoints(text: string, count: number): number {
  let unit = 0;
  for (let seen = 0; seen < count && unit < text.length; seen += 1) {
    unit += (text.codePointAt(unit) ?? 0) > 0xffff ? 2 : 1;
  }
  return unit;
}

/** A line ends with LF, CR LF or a lone CR. */
function findLineStarts(text: string): readonly number[] {
  const starts = [0];
  for (const match of text.matchAll(/\r\n|\n|\r/g)) starts.push(match.index + match[0].length);
  return starts;
}

/** Number of sorted values that are not above the limit. */
function countUpTo(sorted: readonly number[], limit: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? 0) <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
