import { BENCH_SHARES, type BenchOtherDriver, type BenchQuery, type NoiseFloor } from '../model/bench.js';
import type { Random } from '../random.js';
import type { Comparison } from './comparison.js';
import type { LoadDriver } from './driver.js';
import type { ExactSignals } from './exact-signals.js';
import type { LoadOutcome } from './load.js';
import { marginsOf } from './margins.js';
import { ownNoiseOf, pooled } from './noise.js';
import type { BenchScenarioQuery } from './scenario.js';
import { rangeOfBlocks, ratioOfBlocks } from './statistics.js';
import { isSameWork, type QueryEvidence, type VerdictEvidence } from './verdict.js';

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

/** A query's part of the report before the verdict, and what the verdict is made of. */
export interface QuerySummary {
  readonly query: Omit<BenchQuery, 'verdict' | 'pValue'>;
  readonly evidence: QueryEvidence;
}

/** Gives a query's summary, or null when not one block of it went without errors. */
export function summariseQuery(input: SummaryInput): QuerySummary | null {
  const { query, exact, random } = input;
  const comparison = input.primary.outcome.main.get(input.index);
  const latencyRatio = comparison === undefined ? null : ratioOfBlocks(comparison.latencyBlocks, random);
  if (comparison === undefined || latencyRatio === null) return null;
  const own = input.primary.outcome.noise.get(input.index);
  const noise = ownNoiseOf(own?.latencyBlocks, random);
  const margins = marginsOf('latency', { all: input.noiseFloor.latencyRatio, own: noise });
  const range = rangeOfBlocks(comparison.latencyBlocks);
  const latency = { ratio: latencyRatio, range, sameWork: isSameWork(exact), margins };
  const cpu = cpuEvidence(input, comparison, own);
  const floor = floorEvidence(input, comparison, own);
  return {
    evidence: { latency, floor, cpu },
    query: {
      name: query.name,
      fingerprint: query.fingerprint,
      text: query.text,
      latencyRatio,
      floorRatio: floor?.ratio ?? null,
      cpuRatio: cpu?.ratio ?? null,
      changeMargin: margins.change,
      equivalenceMargin: margins.equivalence,
      noise,
      ...exactFigures(exact),
      ...latencyFigures(comparison),
      otherDriver: summariseOther(input),
    },
  };
}

function exactFigures({ buffers, parameterSets, planHash, plan, rowsRemoved, tempBytes, walBytes }: ExactSignals) {
  return { buffers, parameterSets, planHash, plan, rowsRemoved, tempBytes, walBytes };
}

function latencyFigures(comparison: Comparison) {
  return {
    p50Ms: comparison.quantilesMs(0.5),
    p95Ms: comparison.quantilesMs(0.95),
    p99Ms: comparison.quantilesMs(0.99),
    quantilesMs: comparison.curvesMs(BENCH_SHARES),
    slices: comparison.slices,
    requests: comparison.requests,
    errors: { ...comparison.errors },
  };
}

function floorEvidence(
  { primary, random }: SummaryInput,
  comparison: Comparison,
  own: Comparison | undefined,
): VerdictEvidence | null {
  const noises = [...primary.outcome.noise.values()].map((each) => each.floorBlocks);
  const noise = pooled(noises, random);
  const ratio = ratioOfBlocks(comparison.floorBlocks, random);
  if (noise === null || ratio === null) return null;
  const margins = marginsOf('floor', { all: noise, own: ownNoiseOf(own?.floorBlocks, random) });
  // The quickest requests of each slice are what others on the machine do not touch: no block of theirs is an outlier.
  return { ratio, range: null, sameWork: false, margins };
}

/** Null where the system gives no account, and where parallel workers, whose time is not the backend's, do the work. */
function cpuEvidence(
  { exact, noiseFloor, random }: SummaryInput,
  comparison: Comparison,
  own: Comparison | undefined,
): VerdictEvidence | null {
  if (exact.parallel.before || exact.parallel.after || !comparison.cpuComplete) return null;
  const ratio = ratioOfBlocks(comparison.cpuBlocks, random);
  if (ratio === null) return null;
  // Long statements account for their CPU time far more steadily than short ones, so a query's own noise comes first.
  const seen = ownNoiseOf(own?.cpuBlocks, random);
  const margins = marginsOf('cpu', { all: seen === null ? noiseFloor.cpuRatio : null, own: seen });
  return { ratio, range: rangeOfBlocks(comparison.cpuBlocks), sameWork: isSameWork(exact), margins };
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
