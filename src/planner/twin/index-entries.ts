import type { ColumnProfile, ValueClass } from './column-profile.js';
import type { RowSample } from './leaf-fill.js';

/** Rows that stand for all of an index; more change the estimate by less than a thousandth. */
const SAMPLES = 600;
const HEADER_BYTES = 8;
/** Header with the bitmap that an entry with a null has. */
const HEADER_WITH_NULLS_BYTES = 16;
const VARIABLE_ALIGNMENT_BYTES = 4;

export interface EntryColumn {
  readonly profile: ColumnProfile;
  /** Bytes of every value, or -1 for a varying length. */
  readonly typeLength: number;
}

export interface EntryColumns {
  readonly keys: readonly EntryColumn[];
  readonly include: readonly EntryColumn[];
  readonly rows: number;
  /** Distinct keys where they are known better than by the columns one by one, else null. */
  readonly distinctKeys: number | null;
}

/**
 * Draws rows of an index from its columns' profiles, evenly and the same for the same profiles. Columns are taken to
 * be independent, as the planner does, unless the number of distinct keys tells otherwise.
 */
export function sampleEntries(columns: EntryColumns): readonly RowSample[] {
  const all = [...columns.keys, ...columns.include];
  const concentration = concentrationOf(columns);
  const draws = all.map((column, place) => drawsOf(column, place));
  return Array.from({ length: SAMPLES }, (_, sample) => {
    const drawn: HeldValue[] = [];
    for (const { [sample]: value } of draws) if (value !== undefined) drawn.push(value);
    const keys = drawn.slice(0, columns.keys.length);
    const groupRows = groupSize(columns.rows, keys, { concentration, luck: weyl(sample, all.length) });
    return { entryBytes: entryBytes(drawn), groupRows };
  });
}

const drawsByColumn = new WeakMap<EntryColumn, (readonly HeldValue[])[]>();

/** Gives what all samples hold of a column; hundreds of indexes have a column in the same place. */
function drawsOf(column: EntryColumn, place: number): readonly HeldValue[] {
  const byPlace = drawsByColumn.get(column) ?? [];
  drawsByColumn.set(column, byPlace);
  const known = byPlace[place];
  if (known !== undefined) return known;
  const held = new Map<number, HeldValue>();
  const drawn = Array.from({ length: SAMPLES }, (_, sample) => {
    const value = draw(column, weyl(sample, place));
    // Of values that are alike one object is kept.
    const same = held.get(value.frequency);
    if (same !== undefined && same.bytes === value.bytes && same.isNull === value.isNull) return same;
    held.set(value.frequency, value);
    return value;
  });
  byPlace[place] = drawn;
  return drawn;
}

/** Gives the aligned bytes of an entry that holds the average value of the first `count` keys. */
export function pivotEntryBytes(keys: readonly EntryColumn[], count: number): number {
  const samples = Array.from({ length: 60 }, (_, sample) =>
    entryBytes(keys.slice(0, count).map((column, place) => draw(column, weyl(sample * 10, place)))),
  );
  return Math.round(samples.reduce((sum, bytes) => sum + bytes, 0) / samples.length / 8) * 8;
}

/** A value as an entry holds it. */
export interface HeldValue {
  /** 0 for null. */
  readonly bytes: number;
  readonly isNull: boolean;
  readonly alignmentBytes: number;
  readonly frequency: number;
}

function draw(column: EntryColumn, quantile: number): HeldValue {
  const { profile } = column;
  const present = quantile - profile.nullFraction;
  if (present < 0) return heldNull(column);
  return heldValue(column, profile.values[placeOf(profile.values, present)] ?? { bytes: 1, frequency: 1 });
}

export function heldNull({ profile }: EntryColumn): HeldValue {
  return { bytes: 0, isNull: true, alignmentBytes: 1, frequency: profile.nullFraction };
}

export function heldValue(
  { profile, typeLength }: EntryColumn,
  { bytes, frequency }: Pick<ValueClass, 'bytes' | 'frequency'>,
): HeldValue {
  const variable = typeLength < 0 && bytes <= 127 ? 1 : VARIABLE_ALIGNMENT_BYTES;
  const alignmentBytes = typeLength < 0 ? variable : profile.alignmentBytes;
  return { bytes, isNull: false, alignmentBytes, frequency };
}

/** Finds the first class whose sum of shares is above the quantile, the last one where rounding leaves none. */
function placeOf(values: readonly ValueClass[], quantile: number): number {
  let low = 0;
  let high = values.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((values[middle]?.shareUpTo ?? 1) > quantile) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Gives the aligned bytes of an entry, its header included. */
export function entryBytes(drawn: readonly HeldValue[]): number {
  let offset = drawn.some(({ isNull }) => isNull) ? HEADER_WITH_NULLS_BYTES : HEADER_BYTES;
  for (const { bytes, isNull, alignmentBytes } of drawn) {
    if (!isNull) offset = Math.ceil(offset / alignmentBytes) * alignmentBytes + bytes;
  }
  return Math.ceil(offset / 8) * 8;
}

/** How many times more often than by chance the columns' values meet; null where that is not known. */
function concentrationOf({ keys, distinctKeys }: EntryColumns): number | null {
  if (distinctKeys === null) return null;
  const product = keys.reduce((sum, { profile }) => sum * distinctWithNull(profile), 1);
  return Math.max(1, product / distinctKeys);
}

function distinctWithNull({ distinct, nullFraction }: ColumnProfile): number {
  return distinct + (nullFraction > 0 ? 1 : 0);
}

/** Rows that share the key of a row with these values, itself included. */
function groupSize(
  rows: number,
  keys: readonly HeldValue[],
  { concentration, luck }: { readonly concentration: number | null; readonly luck: number },
): number {
  let rarest = Number.POSITIVE_INFINITY;
  let product = 1;
  for (const { frequency } of keys) {
    rarest = Math.min(rarest, frequency);
    product *= frequency;
  }
  if (keys.length === 1 || concentration !== null) {
    const average = rows * Math.min(rarest, product * (concentration ?? 1));
    // Distinct counts only keys that occur, so the mean over keys is that of a Poisson without zero.
    return average <= 1 ? 1 : 1 + poisson(poissonMeanWithoutZero(average), luck);
  }
  // Of the rows that share the rarest value, those that meet the other columns' values by chance.
  const others = Math.max(0, rows * rarest - 1) * (product / rarest);
  return 1 + poisson(others, luck);
}

/** Above this mean the spread of a Poisson no longer changes how groups fill posting lists. */
const POISSON_MEAN_MAX = 60;

function poisson(mean: number, quantile: number): number {
  if (mean > POISSON_MEAN_MAX) return mean;
  let probability = Math.exp(-mean);
  let count = 0;
  for (let left = quantile - probability; left >= 0 && count < 200; left -= probability) {
    count += 1;
    probability *= mean / count;
  }
  return count;
}

/** Solves mean / (1 - e^-mean) = average for the mean. */
function poissonMeanWithoutZero(average: number): number {
  let mean = average;
  for (let round = 0; round < 40; round++) {
    const next = average * (1 - Math.exp(-mean));
    if (next === mean) break;
    mean = next;
  }
  return mean;
}

/** Square roots of primes: multiples of them are spread evenly and no two columns move together. */
const STEPS = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53].map(Math.sqrt);

/** A number in [0, 1) of an even, fixed sequence: Weyl's. */
function weyl(sample: number, place: number): number {
  const value = (sample + 0.5) * (STEPS[place % STEPS.length] ?? Math.SQRT2);
  return value - Math.floor(value);
}
