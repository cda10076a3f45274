import type { LimitedEntry } from './gate.js';
import type { QueryLimits } from './gate-file.js';
import type { Recorder } from './recorder.js';

/** Reasons from limits for latency after / before, which hold as long as the sampling error could explain the excess. */
export function relativeReasons(entry: LimitedEntry): string[] {
  return [...medianReason(entry), ...tailReason(entry, 'p95', 0.95), ...tailReason(entry, 'p99', 0.99)];
}

/** Reasons from limits in milliseconds for the latency after the migrations. */
export function absoluteReasons({ query, after, limits }: LimitedEntry): string[] {
  return PERCENTILES.flatMap(([name, share]) => {
    const limit = limits[`${name}Ms`];
    if (limit === undefined) return [];
    const leastMs = after.quantileUs(share - rankError(share, after.count)) / 1_000;
    if (!(leastMs > limit)) return [];
    const measuredMs = after.quantileUs(share) / 1_000;
    return [`${query.name}: ${name} ${measuredMs.toFixed(2)} ms exceeds the limit ${name}Ms ${limit}`];
  });
}

/** Fewer responses than this have no 99th percentile worth a limit. */
const RESPONSES_MIN = 200;

/** Reasons from the same limits for the response times of the open loop, which count the waiting too. */
export function responseReasons({ query, load, limits }: LimitedEntry): string[] {
  const responseMs = load?.responseMs.after;
  if (responseMs === undefined || responseMs.count < RESPONSES_MIN) return [];
  return PERCENTILES.flatMap(([name]) => {
    const limit = limits[`${name}Ms`];
    if (limit === undefined || responseMs[name] <= limit) return [];
    return [
      `${query.name}: ${name} response ${responseMs[name].toFixed(2)} ms at the rate exceeds the limit ${name}Ms ${limit}`,
    ];
  });
}

type Percentile = 'p50' | 'p95' | 'p99';

const PERCENTILES: readonly (readonly [Percentile, number])[] = [
  ['p50', 0.5],
  ['p95', 0.95],
  ['p99', 0.99],
];

/** Holds as long as the interval of the median's ratio reaches down to it. */
function medianReason({ query: { name, latencyRatio }, limits: { p50Ratio: limit } }: LimitedEntry): string[] {
  if (limit === undefined || latencyRatio.low <= limit) return [];
  return [`${name}: median latency × ${latencyRatio.point.toFixed(2)} exceeds the limit p50Ratio ${limit}`];
}

function tailReason(
  { query, before, after, limits }: LimitedEntry,
  percentile: 'p95' | 'p99',
  share: number,
): string[] {
  const limit = limits[`${percentile}Ratio` satisfies keyof QueryLimits];
  if (limit === undefined) return [];
  const least =
    after.quantileUs(share - rankError(share, after.count)) / before.quantileUs(share + rankError(share, before.count));
  if (!(least > limit)) return [];
  const ms = (recorder: Recorder) => `${(recorder.quantileUs(share) / 1_000).toFixed(2)} ms`;
  return [
    `${query.name}: ${percentile} ${ms(before)} → ${ms(after)}, at least × ${least.toFixed(2)}, exceeds the limit ${percentile}Ratio ${limit}`,
  ];
}

/** Half width of the 95 % interval of a percentile's rank among n requests (normal approximation). */
function rankError(share: number, count: number): number {
  return 1.96 * Math.sqrt((share * (1 - share)) / Math.max(1, count));
}
