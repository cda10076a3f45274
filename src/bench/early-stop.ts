import type { RatioInterval } from '../model/bench.js';
import type { Random } from '../random.js';
import type { Comparison } from './comparison.js';
import { evidenceOf } from './evidence.js';
import type { ExactSignals } from './exact-signals.js';
import type { LoadOutcome } from './load.js';
import { changeProbability } from './multiple-tests.js';
import { noiseFloorOf } from './noise.js';
import { judgeQuery, type QueryEvidence, SIGNIFICANCE, type VerdictEvidence } from './verdict.js';

/**
 * Looks at a verdict before the end are further chances of a false one. Each is given a tenth of what the end is
 * allowed, over all queries and signals together (Bonferroni), so that ten looks cost no more than the end itself.
 */
const LOOK_SIGNIFICANCE = SIGNIFICANCE / 10;
const SIGNALS = 3;

/** An early claim of equivalence wants an interval of 99 %, which is 1.31 times as wide as that of 95 %. */
const WIDER = 1.31;

/** Gives what says of a query that its verdict is already clear, from the noise that was measured first. */
export function earlyStop(
  exact: ReadonlyMap<number, ExactSignals>,
  noise: LoadOutcome['noise'],
  random: Random,
): (index: number, comparison: Comparison) => boolean {
  const floor = noiseFloorOf([...noise.values()], random);
  const significance = LOOK_SIGNIFICANCE / (SIGNALS * Math.max(1, exact.size));
  return (index, comparison) => {
    const signals = exact.get(index);
    // Without a measured noise nothing is clear early.
    if (signals === undefined || floor === null) return false;
    const evidence = evidenceOf({ comparison, exact: signals, noise, own: noise.get(index), floor, random });
    if (evidence === null) return false;
    const isSignificant = ({ ratio, margins }: VerdictEvidence) =>
      changeProbability(ratio, margins.change) <= significance;
    const verdict = judgeQuery(evidence, isSignificant);
    return verdict === 'equivalent'
      ? judgeQuery(widened(evidence), isSignificant) === 'equivalent'
      : verdict !== 'inconclusive';
  };
}

function widened({ latency, undelayed, cpu }: QueryEvidence): QueryEvidence {
  const widen = (test: VerdictEvidence): VerdictEvidence => ({ ...test, ratio: wider(test.ratio) });
  return {
    latency: widen(latency),
    undelayed: undelayed === null ? null : widen(undelayed),
    cpu: cpu === null ? null : widen(cpu),
  };
}

function wider({ point, low, high }: RatioInterval): RatioInterval {
  return { point, low: point * (low / point) ** WIDER, high: point * (high / point) ** WIDER };
}
