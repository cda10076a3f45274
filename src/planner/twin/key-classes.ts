import type { ColumnStatistics } from '../../model/statistics.js';
import { parseArrayLiteral } from '../../sql/array-literal.js';
import type { GinKey } from './gin-keys.js';
import type { KeyClass } from './gin-size.js';

/** Bytes of a lexeme or an element that nothing is known of. */
const KEY_BYTES_DEFAULT = 9;

/**
 * Gives the keys of all rows from those of a sample of rows. What occurs in three of them or more is as frequent as
 * it looks; how many keys the rest are is estimated for each place in a document by itself: a member that is another
 * one in each row tells nothing of one that has few values.
 */
export function classesOfSample(sample: readonly (readonly GinKey[])[], rows: number): readonly KeyClass[] {
  const counted = new Map<string, CountedKey>();
  for (const key of sample.flat()) counted.set(key.name, { key, count: (counted.get(key.name)?.count ?? 0) + 1 });
  const byPath = new Map<string, CountedKey[]>();
  for (const each of counted.values()) {
    const path = each.key.place?.path ?? '';
    byPath.set(path, [...(byPath.get(path) ?? []), each]);
  }
  const scale = rows / Math.max(1, sample.length);
  return [...byPath.values()].flatMap((keys) => classesOfPath(keys, scale));
}

interface CountedKey {
  readonly key: GinKey;
  /** Rows of the sample that it occurs in. */
  readonly count: number;
}

function classesOfPath(all: readonly CountedKey[], scale: number): readonly KeyClass[] {
  const often = all.filter(({ count }) => count > 2);
  const common = often.map(({ key, count }) => ({ keys: 1, rowsEach: count * scale, keyBytes: key.bytes }));
  const seldom = all.filter(({ count }) => count <= 2);
  if (seldom.length === 0) return common;
  const once = seldom.filter(({ count }) => count === 1).length;
  const occurrences = once + 2 * (seldom.length - once);
  const total = Math.max(occurrences, occurrences * scale);
  // As ANALYZE estimates distinct values: Haas and Stokes, 1998.
  const likely = (occurrences * seldom.length) / (occurrences - once + (once * occurrences) / total);
  const keys = Math.max(seldom.length, Math.min(likely, numbersOf(all) - often.length));
  const keyBytes = seldom.reduce((sum, { key }) => sum + key.bytes, 0) / seldom.length;
  return [...common, { keys, rowsEach: Math.max(1, total / keys), keyBytes }];
}

/** Texts that are alike but for one number. */
const NUMBERED = /^(\D*)(\d{1,15})(\D*)$/;

/**
 * Gives how many values there can be at most where all are whole numbers, alone or within the same text (`user-17`): as
 * many as from the least to the greatest, somewhat more than the sample shows. Infinite for other values.
 */
function numbersOf(keys: readonly CountedKey[]): number {
  const matches = keys.map(({ key }) => NUMBERED.exec(key.place?.text ?? ''));
  const frames = new Set(matches.map((match) => (match === null ? null : JSON.stringify([match[1], match[3]]))));
  if (keys.length < 2 || frames.size > 1 || frames.has(null)) return Number.POSITIVE_INFINITY;
  const numbers = matches.map((match) => Number(match?.[2]));
  const spread = Math.max(...numbers) - Math.min(...numbers);
  return (spread * (keys.length + 1)) / (keys.length - 1) + 1;
}

/** Gives the keys of all rows of an array or tsvector column from its statistics; null where they have no elements. */
export function classesOfElements(statistics: ColumnStatistics, rows: number): readonly KeyClass[] | null {
  const elements = statistics.mostCommonElements ?? null;
  if (elements === null) return null;
  const present = rows * (1 - statistics.nullFraction);
  const frequencies = statistics.mostCommonElementFrequencies ?? [];
  const common = parseArrayLiteral(elements).map((element, place) => ({
    keys: 1,
    rowsEach: Math.max(1, (frequencies[place] ?? 0) * present),
    keyBytes: 1 + Buffer.byteLength(element ?? ''),
  }));
  // Of an array the last number is the mean count of different elements; of a tsvector its width tells.
  const counted = statistics.elementCountHistogram?.at(-1);
  const keyBytes = meanBytes(common);
  const lexemes = (statistics.averageWidthBytes - TSVECTOR_HEADER_BYTES) / (LEXEME_OVERHEAD_BYTES + keyBytes);
  const perRow = counted ?? Math.max(1, lexemes);
  const known = common.reduce((sum, { rowsEach }) => sum + rowsEach, 0);
  return [...common, ...tailOf(common, Math.max(0, perRow * present - known))];
}

const TSVECTOR_HEADER_BYTES = 8;
/** Beside its text a lexeme in a tsvector has an entry of 4 bytes, a count of its places and mostly one of these. */
const LEXEME_OVERHEAD_BYTES = 8;

/** Elements that are too rare to be listed: frequencies go on falling as those of the rarer half of the list do. */
function tailOf(common: readonly KeyClass[], occurrences: number): readonly KeyClass[] {
  if (occurrences < 1) return [];
  const sorted = common.map(({ rowsEach }) => rowsEach).sort((a, b) => b - a);
  const last = sorted.at(-1) ?? 1;
  const keyBytes = meanBytes(common);
  const exponent = fallOf(sorted);
  const tail: KeyClass[] = [];
  let left = occurrences;
  for (let from = Math.max(1, sorted.length); left >= 1; from *= 2) {
    const rowsEach = Math.max(1, last * ((from * 1.5) / Math.max(1, sorted.length)) ** -exponent);
    const keys = Math.min(from, left / rowsEach);
    tail.push({ keys, rowsEach, keyBytes });
    left -= keys * rowsEach;
  }
  return tail;
}

function meanBytes(classes: readonly KeyClass[]): number {
  if (classes.length === 0) return KEY_BYTES_DEFAULT;
  return classes.reduce((sum, { keyBytes }) => sum + keyBytes, 0) / classes.length;
}

/** Exponent of Zipf's law between the middle and the end of falling frequencies. */
function fallOf(sorted: readonly number[]): number {
  const middle = sorted[sorted.length >> 1];
  const last = sorted.at(-1);
  if (middle === undefined || last === undefined || sorted.length < 4 || last <= 0) return 0;
  return Math.min(2, Math.max(0, Math.log2(middle / last)));
}
