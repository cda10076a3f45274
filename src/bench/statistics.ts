import type { RatioInterval } from '../model/bench.js';
import type { Random } from '../random.js';

/** Gives the quantile of sorted values by linear interpolation (R's type 7); NaN for none. */
export function quantileOfSorted(sorted: ArrayLike<number>, share: number): number {
  if (sorted.length === 0) return Number.NaN;
  const position = (sorted.length - 1) * share;
  const below = Math.floor(position);
  const low = sorted[below] ?? Number.NaN;
  const high = sorted[Math.min(below + 1, sorted.length - 1)] ?? Number.NaN;
  return low + (high - low) * (position - below);
}

/** Gives the median; NaN for no values. */
export function median(values: readonly number[]): number {
  return quantileOfSorted(Float64Array.from(values).sort(), 0.5);
}

/** One ABBA block: what both sides measured within it, each side twice. */
export interface RatioBlock {
  readonly before: readonly number[];
  readonly after: readonly number[];
}

const RESAMPLES = 2_000;
const CONFIDENCE = 0.95;

/** Below this number of blocks a percentile bootstrap promises more than it knows. */
const FEW_BLOCKS = 8;

/**
 * Spread of ten A/A comparisons on two noisy cores: interleaved slices 0.70–1.29, plain sequential runs 0.41–3.82.
 * An interval from a handful of blocks is never narrower than the first, one from a single block than the second.
 */
const FEW_BLOCKS_SPREAD = Math.log(1 / 0.7);

/** How far two identical runs one after the other can lie apart, as a logarithm. */
export const SEQUENTIAL_SPREAD = Math.log(4);

/**
 * Gives the ratio after / before over ABBA blocks with its 95 % interval, or null when a block lacks a positive value.
 *
 * Each block gives one log-ratio of geometric means, in which a steady drift and the order within the block cancel
 * out. The point is their median, since a stall of the machine spoils a block and not the answer; the interval is
 * the percentile bootstrap of that median over blocks. With fewer than eight blocks it is widened to Student's
 * interval of the mean and to the spread that identical runs are known to show.
 */
export function ratioOfBlocks(blocks: readonly RatioBlock[], random: Random): RatioInterval | null {
  const logs = blocks.map((block) => meanLog(block.after) - meanLog(block.before));
  if (logs.length === 0 || logs.some((log) => !Number.isFinite(log))) return null;
  const point = median(logs);
  const [low, high] = intervalOfLogs(logs, point, random);
  return { point: Math.exp(point), low: Math.exp(low), high: Math.exp(high) };
}

function meanLog(values: readonly number[]): number {
  if (values.length === 0) return Number.NaN;
  return values.reduce((sum, value) => sum + Math.log(value), 0) / values.length;
}

function intervalOfLogs(logs: readonly number[], point: number, random: Random): readonly [number, number] {
  if (logs.length === 1) return [point - SEQUENTIAL_SPREAD, point + SEQUENTIAL_SPREAD];
  const [low, high] = bootstrapMedian(logs, random);
  if (logs.length >= FEW_BLOCKS) return [low, high];
  const half = studentHalfWidth(logs);
  return [
    Math.min(low, point - half, point - FEW_BLOCKS_SPREAD),
    Math.max(high, point + half, point + FEW_BLOCKS_SPREAD),
  ];
}

/**
 * Gives the range of the ratios of nine blocks in ten, which is wider than the interval of their median; null with
 * fewer than eight blocks, which have no such range.
 */
export function rangeOfBlocks(blocks: readonly RatioBlock[]): RatioInterval | null {
  const logs = Float64Array.from(blocks, (block) => meanLog(block.after) - meanLog(block.before)).sort();
  if (logs.length < FEW_BLOCKS || !logs.every(Number.isFinite)) return null;
  const at = (share: number) => Math.exp(quantileOfSorted(logs, share));
  return { point: at(0.5), low: at(0.05), high: at(0.95) };
}

/** Gives the 95 % percentile bootstrap interval of the median. */
export function bootstrapMedian(values: readonly number[], random: Random): readonly [number, number] {
  const medians = new Float64Array(RESAMPLES);
  const resample = new Float64Array(values.length);
  for (let round = 0; round < RESAMPLES; round += 1) {
    for (let index = 0; index < resample.length; index += 1) {
      resample[index] = values[Math.floor(random() * values.length)] ?? Number.NaN;
    }
    medians[round] = quantileOfSorted(resample.sort(), 0.5);
  }
  medians.sort();
  const tail = (1 - CONFIDENCE) / 2;
  return [quantileOfSorted(medians, tail), quantileOfSorted(medians, 1 - tail)];
}

/** Two-sided 97.5 % quantiles of Student's t for 1 to 6 degrees of freedom. */
const STUDENT_T = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447];

function studentHalfWidth(values: readonly number[]): number {
  const count = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (count - 1);
  const t = STUDENT_T[count - 2] ?? 2.447;
  return t * Math.sqrt(variance / count);
}
