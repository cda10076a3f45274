import type { NoiseFloor } from '../model/bench.js';
import type { Random } from '../random.js';
import type { Comparison } from './comparison.js';
import type { ExactSignals } from './exact-signals.js';
import type { LoadOutcome } from './load.js';
import { marginsOf } from './margins.js';
import { ownNoiseOf, pooled } from './noise.js';
import { rangeOfBlocks, ratioOfBlocks } from './statistics.js';
import { isSameWork, type QueryEvidence, type VerdictEvidence } from './verdict.js';

/** What the slices of a query have shown, and the noise that it has to stand out from. */
export interface EvidenceInput {
  readonly comparison: Comparison;
  readonly exact: Pick<ExactSignals, 'buffers' | 'planHash' | 'parallel'>;
  /** The comparisons of the schema before with itself, of all queries. */
  readonly noise: LoadOutcome['noise'];
  /** This query's own one. */
  readonly own: Comparison | undefined;
  readonly floor: Pick<NoiseFloor, 'latencyRatio' | 'cpuRatio'>;
  readonly random: Random;
}

/** Gives the signals of a query, or null when not one block of it went without errors. */
export function evidenceOf(input: EvidenceInput): QueryEvidence | null {
  const { comparison, exact, own, floor, random } = input;
  const ratio = ratioOfBlocks(comparison.latencyBlocks, random);
  if (ratio === null) return null;
  const margins = marginsOf('latency', {
    all: floor.latencyRatio,
    own: ownNoiseOf(own?.latencyBlocks, random),
  });
  const range = rangeOfBlocks(comparison.latencyBlocks);
  return {
    latency: { ratio, range, sameWork: isSameWork(exact), margins },
    undelayed: undelayedEvidence(input),
    cpu: cpuEvidence(input),
  };
}

/** Null where parallel workers, whose waiting is in no account, do the work. */
function undelayedEvidence({ comparison, exact, noise, own, random }: EvidenceInput): VerdictEvidence | null {
  if (exact.parallel.before || exact.parallel.after) return null;
  const seen = pooled(
    [...noise.values()].map((each) => each.undelayedBlocks),
    random,
  );
  const ratio = ratioOfBlocks(comparison.undelayedBlocks, random);
  if (seen === null || ratio === null) return null;
  const margins = marginsOf('undelayed', { all: seen, own: ownNoiseOf(own?.undelayedBlocks, random) });
  // What others on the machine do is taken out already: no block is an outlier for their sake.
  return { ratio, range: null, sameWork: false, margins };
}

/** Null where the system gives no account, and where parallel workers, whose time is not the backend's, do the work. */
function cpuEvidence({ comparison, exact, own, floor, random }: EvidenceInput): VerdictEvidence | null {
  if (exact.parallel.before || exact.parallel.after || !comparison.cpuComplete) return null;
  const ratio = ratioOfBlocks(comparison.cpuBlocks, random);
  if (ratio === null) return null;
  // Long statements account for their CPU time far more steadily than short ones, so a query's own noise comes first.
  const seen = ownNoiseOf(own?.cpuBlocks, random);
  const margins = marginsOf('cpu', { all: seen === null ? floor.cpuRatio : null, own: seen });
  return { ratio, range: rangeOfBlocks(comparison.cpuBlocks), sameWork: isSameWork(exact), margins };
}
