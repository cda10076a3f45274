import type { Column } from '../../model/catalog.js';
import type { ColumnStatistics } from '../../model/statistics.js';
import { parseArrayLiteral } from '../../sql/array-literal.js';
import { distinctValues, type RowsAndBlocks } from './clustered-distinct.js';
import { valueBytes } from './value-bytes.js';

/** What the size of an index needs to know of one of its columns. */
export interface ColumnProfile {
  /** Fraction of rows, 0–1. */
  readonly nullFraction: number;
  /** Distinct values that are not null. */
  readonly distinct: number;
  readonly alignmentBytes: number;
  /** Kinds of values, in falling order of what is known of them; the last one's sum and the nulls make 1. */
  readonly values: readonly ValueClass[];
}

/** Values that share a length and a frequency. */
export interface ValueClass {
  /** Fraction of rows that have one of these values or one of a class before. */
  readonly shareUpTo: number;
  /** Fraction of rows that have one of them alone. */
  readonly frequency: number;
  /** As stored in an index. */
  readonly bytes: number;
}

/** Distinct values that the planner assumes where it knows nothing: DEFAULT_NUM_DISTINCT. */
const DISTINCT_DEFAULT = 200;

/** Gives a column's profile from its statistics, or from its type alone where there are none. */
export function columnProfile(
  column: Column,
  statistics: ColumnStatistics | undefined,
  table: RowsAndBlocks,
): ColumnProfile {
  const bytesOf = (value: string | null) => valueBytes(column, value, statistics?.averageWidthBytes ?? null);
  if (statistics === undefined)
    return uniformProfile(bytesOf(null), column.typeAlignment, Math.min(table.rows, DISTINCT_DEFAULT));
  const present = 1 - statistics.nullFraction;
  const distinct = distinctValues(statistics, table);
  const common = commonValues(column, statistics, bytesOf);
  const commonShare = common.reduce((sum, { share }) => sum + share, 0);
  const restShare = Math.max(0, present - commonShare);
  const rest = otherValues(column, statistics, bytesOf).map((bytes, _, all) => ({
    share: restShare / all.length,
    frequency: restShare / Math.max(1, distinct - common.length),
    bytes,
  }));
  return {
    nullFraction: statistics.nullFraction,
    distinct,
    alignmentBytes: column.typeAlignment,
    values: summedUp(restShare > 1e-9 ? [...common, ...rest] : common),
  };
}

/** A class with its own share of the rows. */
type UnsummedClass = Omit<ValueClass, 'shareUpTo'> & { readonly share: number };

function summedUp(classes: readonly UnsummedClass[]): readonly ValueClass[] {
  let shareUpTo = 0;
  return classes.map(({ share, frequency, bytes }) => {
    shareUpTo += share;
    return { shareUpTo, frequency, bytes };
  });
}

/** Gives the profile of values of one length that are all as frequent. */
export function uniformProfile(bytes: number, alignmentBytes: number, distinct: number): ColumnProfile {
  const values = [{ shareUpTo: 1, frequency: 1 / Math.max(1, distinct), bytes }];
  return { nullFraction: 0, distinct: Math.max(1, distinct), alignmentBytes, values };
}

/** Gives the profile of the rows in which the column is not null. */
export function withoutNulls(profile: ColumnProfile): ColumnProfile {
  const present = 1 - profile.nullFraction;
  if (present <= 0) return profile;
  const values = profile.values.map(({ shareUpTo, frequency, bytes }) => ({
    shareUpTo: shareUpTo / present,
    frequency: frequency / present,
    bytes,
  }));
  return { ...profile, nullFraction: 0, values };
}

type BytesOf = (value: string | null) => number;

function commonValues(column: Column, statistics: ColumnStatistics, bytesOf: BytesOf): readonly UnsummedClass[] {
  if (statistics.mostCommonValues === null) return [];
  const frequencies = statistics.mostCommonFrequencies ?? [];
  // Values of one length need not be looked at.
  const values = column.typeLength > 0 ? frequencies.map(() => null) : parseArrayLiteral(statistics.mostCommonValues);
  return values.map((value, place) => {
    const frequency = frequencies[place] ?? 0;
    return { share: frequency, frequency, bytes: bytesOf(value) };
  });
}

/** Bounds cut the other values into parts of equal size, so their lengths stand for all. */
function otherValues(column: Column, statistics: ColumnStatistics, bytesOf: BytesOf): readonly number[] {
  if (statistics.histogramBounds === null || column.typeLength > 0) return [bytesOf(null)];
  return parseArrayLiteral(statistics.histogramBounds).map(bytesOf);
}
