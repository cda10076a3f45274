import type { BenchFailure, BenchQuery } from '../model/bench.js';
import type { Recorder } from './recorder.js';

/** What a release may cost; a limit that is absent is not checked. Ratios are after / before. */
export interface GateLimits {
  /** Holds as long as the interval of the median's ratio reaches down to it. */
  readonly p50Ratio?: number;
  /** Holds as long as the sampling error of both p99s could explain the excess. */
  readonly p99Ratio?: number;
  /** Exact; a query that reads nothing before may read nothing after. */
  readonly buffersRatio?: number;
  /** Share of requests of a query that may fail after the migrations; 0 where absent. */
  readonly errorRate?: number;
}

/** A query's report and the histograms behind it. */
export interface GateEntry {
  readonly query: BenchQuery;
  readonly before: Recorder;
  readonly after: Recorder;
  readonly errorMessage: string | null;
}

/** Gives every reason not to ship: errors first, then regressions, then limits. An empty list passes the gate. */
export function gateReasons(
  entries: readonly GateEntry[],
  failures: readonly BenchFailure[],
  limits: GateLimits,
): readonly string[] {
  return [
    ...failures.map((failure) => `${failure.name} fails after the migrations: ${failure.message}`),
    ...entries.flatMap((entry) => errorReason(entry, limits.errorRate ?? 0)),
    ...entries.flatMap(({ query }) => regressionReason(query)),
    ...entries.flatMap(({ query }) => p50Reason(query, limits.p50Ratio)),
    ...entries.flatMap((entry) => p99Reason(entry, limits.p99Ratio)),
    ...entries.flatMap(({ query }) => buffersReason(query, limits.buffersRatio)),
  ];
}

function errorReason({ query, errorMessage }: GateEntry, errorRate: number): string[] {
  const { errors, requests, name } = query;
  if (errors.after <= errorRate * requests.after) return [];
  const cause = errorMessage === null ? '' : `: ${errorMessage}`;
  return [`${name}: ${errors.after} of ${requests.after} requests fail after the migrations${cause}`];
}

function regressionReason({ name, verdict, latencyRatio, cpuRatio }: BenchQuery): string[] {
  if (verdict !== 'regressed') return [];
  const latency = `latency × ${ratio(latencyRatio.point)} (${ratio(latencyRatio.low)} to ${ratio(latencyRatio.high)})`;
  const cpu = cpuRatio === null ? '' : `, CPU a request × ${ratio(cpuRatio.point)}`;
  return [`${name} regressed: ${latency}${cpu}`];
}

function p50Reason({ name, latencyRatio }: BenchQuery, limit: number | undefined): string[] {
  if (limit === undefined || latencyRatio.low <= limit) return [];
  return [`${name}: median latency × ${ratio(latencyRatio.point)} exceeds the limit p50Ratio ${limit}`];
}

function p99Reason({ query, before, after }: GateEntry, limit: number | undefined): string[] {
  if (limit === undefined) return [];
  const least = after.quantileUs(0.99 - rankError(after.count)) / before.quantileUs(0.99 + rankError(before.count));
  if (!(least > limit)) return [];
  const { p99Ms } = query;
  return [
    `${query.name}: p99 ${p99Ms.before.toFixed(2)} ms → ${p99Ms.after.toFixed(2)} ms, at least × ${ratio(least)}, exceeds the limit p99Ratio ${limit}`,
  ];
}

/** Half width of the 95 % interval of the 99th percentile's rank among n requests (normal approximation). */
function rankError(count: number): number {
  return 1.96 * Math.sqrt((0.99 * 0.01) / Math.max(1, count));
}

function buffersReason({ name, buffers }: BenchQuery, limit: number | undefined): string[] {
  if (limit === undefined || buffers.after <= limit * buffers.before) return [];
  return [`${name}: ${buffers.before} → ${buffers.after} buffers a call exceeds the limit buffersRatio ${limit}`];
}

function ratio(value: number): string {
  return value.toFixed(2);
}
