import type { BeforeAfter } from '../../model/before-after.js';
import { BENCH_SHARES } from '../../model/bench.js';
import type { Markup } from '../markup.js';
import { formatDuration } from '../units.js';
import { extent, type LogScale } from './log-scale.js';
import { label, line } from './svg.js';

/** Latencies of both sides at the shares of `BENCH_SHARES`. */
export type LatencyCurves = BeforeAfter<readonly number[]>;

/** A point of a curve: a share of the requests, 0–1, and the latency that it did not exceed. */
export interface CurvePoint {
  readonly share: number;
  readonly ms: number;
}

/** Gives the points of a curve that can be drawn on a logarithmic axis. */
export function curvePoints(latenciesMs: readonly number[]): readonly CurvePoint[] {
  return latenciesMs.flatMap((ms, index) => {
    const share = BENCH_SHARES[index];
    return share !== undefined && ms > 0 && Number.isFinite(ms) ? { share, ms } : [];
  });
}

/** Gives the least and the greatest latency of both curves, a little widened. */
export function latencyDomain({ before, after }: LatencyCurves): readonly [number, number] {
  const [low, high] = extent([...before, ...after], [1, 10]);
  return [low / 1.15, high * 1.15];
}

/** Latencies at which an axis is labelled: the powers of ten within, or its two ends where there are fewer than two. */
export function latencyTicks({ low, high, decades }: LogScale): readonly number[] {
  return decades.length < 2 ? [low * 1.15, high / 1.15] : decades;
}

/** Draws labelled lines across a chart at latencies on its vertical axis. */
export function latencyRows(scale: LogScale, from: number, to: number): readonly Markup[] {
  return latencyTicks(scale).flatMap((ms) => [
    line([from, scale.at(ms)], [to, scale.at(ms)]),
    label(from - 6, scale.at(ms) + 4, formatDuration(ms), { anchor: 'end', size: 10 }),
  ]);
}
