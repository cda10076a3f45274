import type { RatioInterval } from '../model/bench.js';

/** How far from 1 a ratio may lie before it counts; both above 1. */
export interface Margins {
  /** Nothing nearer is called a change. */
  readonly change: number;
  /** What lies wholly within is called equivalent. */
  readonly equivalence: number;
}

/**
 * Changes of latency below 5 % are of no interest to anybody. CPU time per request of identical schemas was measured to
 * spread from 0.91 to 1.09 over ten comparisons, and their latency without the waiting for a processor about as far.
 */
const LEAST_MARGIN = { latency: 1.05, undelayed: 1.1, cpu: 1.1 };

/** However noisy the machine is: what is called equal leaves no room for a change that people would notice. */
export const WIDEST_EQUIVALENCE = 1.25;

/** What the schema before against itself showed: of all queries together, and of this one where it had the time. */
export interface SeenNoise {
  readonly all: RatioInterval | null;
  readonly own: RatioInterval | null;
}

/**
 * Gives the margins of a signal. The change's is the difference that the same schema showed against itself: what is
 * random in it stands in the interval of every ratio already, so only the points count, but for a query without a
 * comparison of its own the whole interval; and so for the latency without waiting for a processor, which may be believed
 * against a median that shows nothing. The equivalence's is that interval, up to a limit: nothing is called equal
 * more exactly than the run could see, nor where a slowdown by half could hide.
 */
export function marginsOf(signal: keyof typeof LEAST_MARGIN, { all, own }: SeenNoise): Margins {
  const least = LEAST_MARGIN[signal];
  const edges = [all, own].flatMap((noise) => (noise === null ? [] : [noise.high, 1 / noise.low]));
  const points = [all, own].flatMap((noise) => (noise === null ? [] : [noise.point, 1 / noise.point]));
  return {
    change: Math.max(least, ...(own === null || signal === 'undelayed' ? edges : points)),
    equivalence: Math.min(WIDEST_EQUIVALENCE, Math.max(least, ...edges)),
  };
}
