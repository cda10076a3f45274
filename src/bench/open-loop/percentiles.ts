import type { BenchPercentiles } from '../../model/bench-load.js';
import { Recorder } from '../recorder.js';
import type { OpenLoopResult } from './open-loop.js';

/** Gives the percentiles of recorders in microseconds together, in ms. */
export function percentilesOf(recorders: readonly Recorder[]): BenchPercentiles {
  const all = Recorder.sum(recorders);
  const [p50 = 0, p95 = 0, p99 = 0] = all.count === 0 ? [] : all.quantilesUs([0.5, 0.95, 0.99]);
  return { count: all.count, p50: p50 / 1_000, p95: p95 / 1_000, p99: p99 / 1_000, max: all.maxUs / 1_000 };
}

/** Gives the percentiles of the response times of all statements, from the intended start. */
export function responseOf(results: readonly OpenLoopResult[]): BenchPercentiles {
  return percentilesOf(results.flatMap(({ response }) => [...response.values()]));
}
