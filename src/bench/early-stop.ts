import type { Random } from '../random.js';
import type { Comparison } from './comparison.js';
import type { ExactSignals } from './exact-signals.js';
import type { LoadOutcome } from './load.js';
import { marginsOf } from './margins.js';
import { changeProbability } from './multiple-tests.js';
import { noiseFloorOf, ownNoiseOf } from './noise.js';
import { rangeOfBlocks, ratioOfBlocks } from './statistics.js';
import { isSameWork, judge, SIGNIFICANCE } from './verdict.js';

/**
 * Looks at a verdict before the end are further chances of a false one. Each is given a tenth of what the end is
 * allowed, over all queries together (Bonferroni), so that ten looks cost no more than the end itself.
 */
const LOOK_SIGNIFICANCE = SIGNIFICANCE / 10;

/** An early claim of equivalence wants an interval of 99 %, which is 1.31 times as wide as that of 95 %. */
const WIDER = 1.31;

/** Gives what says of a query that its latency is already clear, from the noise that was measured first. */
export function earlyStop(
  exact: ReadonlyMap<number, ExactSignals>,
  noise: LoadOutcome['noise'],
  random: Random,
): (index: number, comparison: Comparison) => boolean {
  const floor = noiseFloorOf([...noise.values()], random)?.latencyRatio ?? null;
  return (index, comparison) => {
    const signals = exact.get(index);
    const ratio = ratioOfBlocks(comparison.latencyBlocks, random);
    // Without a measured noise nothing is clear early.
    if (signals === undefined || ratio === null || floor === null) return false;
    const own = ownNoiseOf(noise.get(index)?.latencyBlocks, random);
    const margins = marginsOf('latency', { all: floor, own });
    const range = rangeOfBlocks(comparison.latencyBlocks);
    const verdict = judge({ ratio, range, sameWork: isSameWork(signals), margins });
    if (verdict === 'inconclusive') return false;
    if (verdict !== 'equivalent') return changeProbability(ratio, margins.change) <= LOOK_SIGNIFICANCE / exact.size;
    const { point, low, high } = ratio;
    const { equivalence } = margins;
    return point * (low / point) ** WIDER > 1 / equivalence && point * (high / point) ** WIDER < equivalence;
  };
}
