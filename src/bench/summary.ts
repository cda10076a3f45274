import type { BenchOtherDriver, BenchQuery, NoiseFloor } from '../model/bench.js';
import type { Comparison } from './comparison.js';
import type { LoadDriver } from './driver.js';
import type { ExactSignals } from './exact-signals.js';
import type { LoadOutcome } from './load.js';
import { ownNoiseOf } from './noise.js';
import type { BenchScenarioQuery } from './scenario.js';
import { type Random, rangeOfBlocks, ratioOfBlocks } from './statistics.js';
import { equivalenceMargin, isSameWork, judge } from './verdict.js';

/** One driver's run of the whole scenario. */
export interface DriverRun {
  readonly kind: LoadDriver['kind'];
  readonly outcome: LoadOutcome;
}

export interface SummaryInput {
  readonly query: BenchScenarioQuery;
  readonly index: number;
  readonly exact: ExactSignals;
  readonly primary: DriverRun;
  readonly other: DriverRun | null;
  readonly noiseFloor: NoiseFloor;
  readonly random: Random;
}

/** Gives a query's part of the report, or null when not one block of it went without errors. */
export function summariseQuery(input: SummaryInput): BenchQuery | null {
  const { query, exact, random } = input;
  const comparison = input.primary.outcome.main.get(input.index);
  const latencyRatio = comparison === undefined ? null : ratioOfBlocks(comparison.latencyBlocks, random);
  if (comparison === undefined || latencyRatio === null) return null;
  const noise = ownNoiseOf(input.primary.outcome.noise.get(input.index), random);
  const margin = equivalenceMargin([input.noiseFloor.latencyRatio, noise]);
  const parallel = exact.parallel.before || exact.parallel.after;
  return {
    name: query.name,
    fingerprint: query.fingerprint,
    text: query.text,
    verdict: judge({
      ratio: latencyRatio,
      range: rangeOfBlocks(comparison.latencyBlocks),
      sameWork: isSameWork(exact),
      margin,
    }),
    latencyRatio,
    cpuRatio: parallel || !comparison.cpuComplete ? null : ratioOfBlocks(comparison.cpuBlocks, random),
    equivalenceMargin: margin,
    noise,
    buffers: exact.buffers,
    parameterSets: exact.parameterSets,
    planHash: exact.planHash,
    plan: exact.plan,
    p50Ms: comparison.quantilesMs(0.5),
    p99Ms: comparison.quantilesMs(0.99),
    slices: comparison.slices,
    requests: comparison.requests,
    errors: { ...comparison.errors },
    otherDriver: summariseOther(input),
  };
}

function summariseOther({ other, index, random }: SummaryInput): BenchOtherDriver | null {
  const comparison: Comparison | undefined = other?.outcome.main.get(index);
  const latencyRatio = comparison === undefined ? null : ratioOfBlocks(comparison.latencyBlocks, random);
  if (other === null || comparison === undefined || latencyRatio === null) return null;
  return {
    driver: other.kind,
    latencyRatio,
    p50Ms: comparison.quantilesMs(0.5),
    p99Ms: comparison.quantilesMs(0.99),
    requests: comparison.requests,
  };
}
