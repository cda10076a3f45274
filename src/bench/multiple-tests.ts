import type { RatioInterval } from '../model/bench.js';

/**
 * Gives the two-sided probability that a ratio within the margin m (between 1 / m and m) shows itself as far out as
 * this one, by the normal distribution whose 95 % interval it is.
 */
export function changeProbability({ low, point, high }: RatioInterval, margin: number): number {
  const log = Math.log(point);
  const beyond = Math.abs(log) - Math.log(margin);
  const halfWidth = log < 0 ? Math.log(high / point) : Math.log(point / low);
  if (!(beyond > 0)) return 1;
  return 2 * upperTail((1.96 * beyond) / Math.max(halfWidth, Number.EPSILON));
}

/** Corrects probabilities for their number by Holm's method: each stands for the whole family of tests. */
export function holm(probabilities: readonly number[]): readonly number[] {
  const order = probabilities.map((_, index) => index).sort((a, b) => at(probabilities, a) - at(probabilities, b));
  const corrected = new Array<number>(probabilities.length).fill(1);
  let least = 0;
  for (const [rank, index] of order.entries()) {
    least = Math.max(least, Math.min(1, (order.length - rank) * at(probabilities, index)));
    corrected[index] = least;
  }
  return corrected;
}

function at(values: readonly number[], index: number): number {
  return values[index] ?? 1;
}

/** Upper tail of the standard normal distribution (Abramowitz and Stegun 26.2.17: right to 7.5e-8). */
function upperTail(z: number): number {
  const t = 1 / (1 + 0.2316419 * z);
  const series = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return Math.max(0, (series * Math.exp((-z * z) / 2)) / Math.sqrt(2 * Math.PI));
}
