import type { ColumnStatistics } from '../model/statistics.js';
import { parseArrayLiteral } from '../sql/array-literal.js';

/** Values of a column, as text, from what ANALYZE kept of it. */
export class ColumnSamples {
  /** The most frequent first. */
  private readonly common: readonly string[];
  /** Ascending. */
  private readonly histogram: readonly string[];
  /** Ascending: the histogram, or the common values where there is none. */
  private readonly sorted: readonly string[];

  /** `change` turns a column's value into that of an expression of it. */
  constructor(
    { mostCommonValues, histogramBounds, minimum, maximum }: ColumnStatistics,
    change: (value: string) => string = (value) => value,
  ) {
    this.common = valuesOf(mostCommonValues).map(change);
    const bounds = valuesOf(histogramBounds);
    const ends = [minimum, maximum].filter((end) => end !== null);
    this.histogram = (bounds.length > 0 ? bounds : ends).map(change);
    this.sorted = this.histogram.length > 0 ? this.histogram : [...this.common].sort(compare);
  }

  /** The most common value (0), one from the middle (1) or a rare one (2); null where nothing is known. */
  equal(set: number): string | null {
    const first = this.common[0] ?? this.quantile(0.25);
    const middle = this.histogram.length > 0 ? this.quantile(0.5) : this.common[Math.floor(this.common.length / 2)];
    const rare = this.histogram.length > 2 ? this.quantile(0.75) : this.common.at(-1);
    return [first, middle, rare][set] ?? first;
  }

  /** Different values, the first of which is `equal(set)`; fewer where there are not so many. */
  spread(set: number, count: number): readonly string[] {
    const first = this.equal(set);
    const others = Array.from({ length: count }, (_, place) => this.quantile((place + 1) / (count + 1)));
    const pool = set === 0 ? [...this.common, ...others] : [...others, ...this.common];
    const values = [first, ...pool].filter((value) => value !== null);
    return [...new Set(values)].slice(0, count);
  }

  /** The value below which this fraction of the rows lies; null where nothing is known. */
  quantile(fraction: number): string | null {
    const last = this.sorted.length - 1;
    return this.sorted[Math.min(last, Math.round(fraction * last))] ?? null;
  }
}

function valuesOf(literal: string | null): readonly string[] {
  return literal === null ? [] : parseArrayLiteral(literal).filter((value) => value !== null);
}

/** Numbers by size; the texts of dates and times sort as they should. */
function compare(one: string, other: string): number {
  const difference = Number(one) - Number(other);
  if (!Number.isNaN(difference)) return difference;
  return one < other ? -1 : Number(one > other);
}
