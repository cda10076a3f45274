import type { RatioInterval, Verdict } from '../model/bench.js';

/** Changes of latency below 5 % are of no interest to anybody and are called equivalent when they can be seen. */
const EQUIVALENCE_RATIO = 1.05;

/**
 * Gives the smallest ratio that counts as a change: 1.05, or how far from 1 the same schema against itself was seen
 * in this run, whichever is larger.
 */
export function equivalenceMargin(noises: readonly (RatioInterval | null)[]): number {
  const seen = noises.flatMap((noise) => (noise === null ? [] : [noise.high, 1 / noise.low]));
  return Math.max(EQUIVALENCE_RATIO, ...seen);
}

/**
 * Judges the 95 % interval of a latency ratio against a margin m above 1.
 *
 * `improved`: the whole interval lies below 1 / m. `regressed`: the whole interval lies above m. `equivalent`: the
 * whole interval lies between 1 / m and m, and m is not so wide that equivalence would say nothing. `inconclusive`:
 * everything else: the run was too short or the machine too noisy to tell.
 */
export function judge(ratio: RatioInterval, margin: number): Verdict {
  if (ratio.high < 1 / margin) return 'improved';
  if (ratio.low > margin) return 'regressed';
  if (ratio.low > 1 / margin && ratio.high < margin && margin <= WIDEST_EQUIVALENCE) return 'equivalent';
  return 'inconclusive';
}

/** Beyond 1.5 a regression that people would notice could hide within the margin. */
const WIDEST_EQUIVALENCE = 1.5;
