import type { NoiseFloor, RatioInterval } from '../model/bench.js';
import type { Random } from '../random.js';
import type { Comparison } from './comparison.js';
import { type RatioBlock, ratioOfBlocks } from './statistics.js';

/** From this many ABBA blocks on a query's comparison with itself says something about that query alone. */
const BLOCKS_OF_OWN = 8;
const BLOCKS_OF_POINT = 4;

/**
 * Gives what the comparisons of the schema before with itself looked like. The point and the interval come from the
 * blocks of all queries together; the interval is widened to every query's own point (from four blocks on), since a
 * difference that one query shows against itself is not to be believed of another.
 */
export function noiseFloorOf(comparisons: readonly Comparison[], random: Random): NoiseFloor | null {
  const latencyRatio = pooled(
    comparisons.map((comparison) => comparison.latencyBlocks),
    random,
  );
  if (latencyRatio === null) return null;
  return {
    latencyRatio,
    cpuRatio: pooled(
      comparisons.filter((comparison) => comparison.cpuComplete).map((comparison) => comparison.cpuBlocks),
      random,
    ),
    requests: comparisons.reduce((sum, { requests }) => sum + requests.before + requests.after, 0),
  };
}

/** Gives a query's own comparison with itself, or null when it had too few blocks to tell. */
export function ownNoiseOf(blocks: readonly RatioBlock[] | undefined, random: Random): RatioInterval | null {
  if (blocks === undefined || blocks.length < BLOCKS_OF_OWN) return null;
  return ratioOfBlocks(blocks, random);
}

/** Gives the ratio of blocks of several comparisons together, widened to the point of each that has a few. */
export function pooled(blocks: readonly (readonly RatioBlock[])[], random: Random): RatioInterval | null {
  const all = ratioOfBlocks(blocks.flat(), random);
  if (all === null) return null;
  const points = blocks
    .filter((own) => own.length >= BLOCKS_OF_POINT)
    .flatMap((own) => ratioOfBlocks(own, random)?.point ?? []);
  return { point: all.point, low: Math.min(all.low, ...points), high: Math.max(all.high, ...points) };
}
