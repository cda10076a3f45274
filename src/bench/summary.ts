import { BENCH_SHARES, type BenchOtherDriver, type BenchQuery, type NoiseFloor } from '../model/bench.js';
import type { Random } from '../random.js';
import type { Comparison } from './comparison.js';
import type { LoadDriver } from './driver.js';
import { evidenceOf } from './evidence.js';
import type { ExactSignals } from './exact-signals.js';
import type { LoadOutcome } from './load.js';
import { ownNoiseOf } from './noise.js';
import type { BenchScenarioQuery } from './scenario.js';
import { ratioOfBlocks } from './statistics.js';
import type { QueryEvidence } from './verdict.js';

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
  if (comparison === undefined) return null;
  const noise = input.primary.outcome.noise;
  const evidence = evidenceOf({
    comparison,
    exact,
    noise,
    own: noise.get(input.index),
    floor: input.noiseFloor,
    random,
  });
  if (evidence === null) return null;
  const { latency, undelayed, cpu } = evidence;
  return {
    evidence,
    query: {
      name: query.name,
      fingerprint: query.fingerprint,
      text: query.text,
      latencyRatio: latency.ratio,
      undelayedRatio: undelayed?.ratio ?? null,
      cpuRatio: cpu?.ratio ?? null,
      changeMargin: latency.margins.change,
      equivalenceMargin: latency.margins.equivalence,
      noise: ownNoiseOf(noise.get(input.index)?.latencyBlocks, random),
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
