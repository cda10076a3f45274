import type { WindowRegression } from '../../model/linkage.js';
import type { Series } from './window-series.js';

/** Fewer windows in which both ran agree by chance. */
const WINDOWS_LEAST = 12;
/** Of a loop with every row the true pairs have 0.98 and more, the best false one 0.11. */
const CORRELATION_LEAST = 0.9;
/** What rows still explain once the parent's calls are known: load alone moves all statements together. */
const PARTIAL_LEAST = 0.8;
/** Calls for a row: fewer where a loop asks for each key once or passes some by. */
const SLOPE = { least: 0.3, most: 1.1 } as const;
/** Standard deviation of the parent's rows over their mean: where they never change, nothing can be told. */
const VARIATION_LEAST = 0.1;

/**
 * Gives how the calls of a statement follow the rows of a query over windows; null where they do not, or where rows
 * and load rise and fall together too much to tell.
 */
export function regress(child: Series, parent: Series): WindowRegression | null {
  const places = child.calls.flatMap((calls, place) => (calls > 0 || (parent.calls[place] ?? 0) > 0 ? [place] : []));
  if (places.length < WINDOWS_LEAST) return null;
  const of = (values: readonly number[]) => places.map((place) => values[place] ?? 0);
  const [calls, rows, queries] = [of(child.calls), of(parent.rows), of(parent.calls)];
  const variation = Math.sqrt(variance(rows)) / mean(rows);
  const slope = covariance(rows, calls) / variance(rows);
  if (!(variation >= VARIATION_LEAST) || !(slope >= SLOPE.least && slope <= SLOPE.most)) return null;
  const correlation = correlate(rows, calls);
  const partial = partialCorrelation(rows, calls, queries);
  if (!(correlation >= CORRELATION_LEAST) || !(partial >= PARTIAL_LEAST)) return null;
  return { windows: places.length, correlation, partial, slope };
}

/** Correlation of two that is left once a third is known (Fisher 1924). */
function partialCorrelation(one: readonly number[], other: readonly number[], known: readonly number[]): number {
  if (variance(known) === 0) return correlate(one, other);
  const [rOneOther, rOne, rOther] = [correlate(one, other), correlate(one, known), correlate(other, known)];
  const left = (1 - rOne ** 2) * (1 - rOther ** 2);
  // Rows that follow the calls exactly leave nothing to tell by.
  return left < 1e-9 ? 0 : (rOneOther - rOne * rOther) / Math.sqrt(left);
}

function correlate(one: readonly number[], other: readonly number[]): number {
  return covariance(one, other) / Math.sqrt(variance(one) * variance(other));
}

function covariance(one: readonly number[], other: readonly number[]): number {
  const [meanOne, meanOther] = [mean(one), mean(other)];
  return one.reduce((sum, value, place) => sum + (value - meanOne) * ((other[place] ?? 0) - meanOther), 0) / one.length;
}

function variance(values: readonly number[]): number {
  return covariance(values, values);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
