import { StewardError } from '../errors.js';
import type { BenchData, BenchQuery, BenchReport, BenchWrites } from '../model/bench.js';
import type { LimitedEntry } from './gate.js';
import type { Gate, QueryLimits } from './gate-file.js';
import { median } from './statistics.js';
import { isSameWork } from './verdict.js';

/** Row counts this far apart are other data: below it stand the luck of ANALYZE's sample and a day's growth. */
const SAME_ROWS_RATIO = 1.1;

/** Tables of fewer rows do not tell one data set from another. */
const TELLING_ROWS = 1_000;

/** Refuses a baseline that was measured on other rows or another server: its figures mean something else. */
export function requireSameData(
  baseline: BenchReport,
  now: { readonly data: BenchData; readonly major: number },
): void {
  const differences = [
    ...(baseline.server.major === now.major
      ? []
      : [`it was measured on PostgreSQL ${baseline.server.major}, this server is ${now.major}`]),
    ...(baseline.data === undefined
      ? ['it does not say on which rows it was measured']
      : rowDifferences(baseline.data, now.data)),
  ];
  if (differences.length === 0) return;
  throw new StewardError(
    'configuration',
    `the data changed since the baseline of ${baseline.startedAt}: ${differences.join('; ')}`,
    { hint: 'bench the data of the baseline, or make a new one: --format json --output BASELINE.json' },
  );
}

/** Names the tables whose rows two states of a database do not share, with both numbers. */
export function rowDifferences(then: BenchData, now: BenchData): readonly string[] {
  const tables = [...new Set([...Object.keys(then.rowsEstimate), ...Object.keys(now.rowsEstimate)])].sort();
  return tables.flatMap((table) => {
    const [before, after] = [rowsOf(then, table), rowsOf(now, table)];
    const more = Math.max(before, after);
    if (more < TELLING_ROWS || more <= SAME_ROWS_RATIO * Math.min(before, after)) return [];
    return [`${table} had about ${Math.round(before)} rows and has ${Math.round(after)}`];
  });
}

function rowsOf(data: BenchData, table: string): number {
  return Object.hasOwn(data.rowsEstimate, table) ? (data.rowsEstimate[table] ?? 0) : 0;
}

/**
 * Gives the reasons of ratio limits against an earlier report's `after`. Buffers, plans and WAL compare exactly. Times
 * of two runs do not: the machine's own change is taken out where three queries did the same work in both runs, and a
 * limit is exceeded only beyond the noise of both.
 */
export function baselineReasons(
  entries: readonly LimitedEntry[],
  { writes, limits }: { readonly writes: readonly BenchWrites[]; readonly limits: Gate['writes'] },
  baseline: BenchReport,
): readonly string[] {
  const known = new Map(baseline.queries.map((query) => [query.name, query]));
  const pairs = entries.flatMap(({ query, limits: own }) => {
    const then = known.get(query.name);
    return then === undefined ? [] : { then, now: query, limits: own };
  });
  const machine = { drift: driftOf(pairs), noise: noiseOf(baseline) };
  return [
    ...pairs.flatMap((pair) => latencyReasons(pair, machine)),
    ...pairs.flatMap(exactReasons),
    ...writes.flatMap((table) => walReasons(table, limits, baseline)),
  ];
}

interface Pair {
  readonly then: BenchQuery;
  readonly now: BenchQuery;
  readonly limits: QueryLimits;
}

const DRIFT_QUERIES_MIN = 3;

/** How much slower the machine is now, by the queries that do the same work; 1 where too few do. */
function driftOf(pairs: readonly Pair[]): number {
  const ratios = pairs
    .filter(({ then, now }) =>
      isSameWork({
        planHash: { before: then.planHash.after, after: now.planHash.after },
        buffers: { before: then.buffers.after, after: now.buffers.after },
      }),
    )
    .map(({ then, now }) => now.p50Ms.after / then.p50Ms.after);
  return ratios.length >= DRIFT_QUERIES_MIN ? median(ratios) : 1;
}

function noiseOf({ noiseFloor: { latencyRatio } }: BenchReport): number {
  return Math.max(1, latencyRatio.high, 1 / latencyRatio.low);
}

function latencyReasons({ then, now, limits }: Pair, machine: { drift: number; noise: number }): string[] {
  return (['p50', 'p95', 'p99'] as const).flatMap((percentile) => {
    const limit = limits[`${percentile}Ratio`];
    const [before, after] = [then[`${percentile}Ms`]?.after, now[`${percentile}Ms`]?.after];
    if (limit === undefined || before === undefined || after === undefined) return [];
    const ratio = after / before / machine.drift;
    if (!(ratio > limit * machine.noise)) return [];
    return [
      `${now.name}: ${percentile} ${before.toFixed(2)} ms in the baseline, ${after.toFixed(2)} ms now, × ${ratio.toFixed(2)} on a machine of equal speed, exceeds the limit ${percentile}Ratio ${limit}`,
    ];
  });
}

function exactReasons({ then, now, limits }: Pair): string[] {
  const { buffersRatio, planChange } = limits;
  const [before, after] = [then.buffers.after, now.buffers.after];
  return [
    ...(buffersRatio !== undefined && after > buffersRatio * before
      ? [
          `${now.name}: ${before} buffers a call in the baseline, ${after} now, exceeds the limit buffersRatio ${buffersRatio}`,
        ]
      : []),
    ...(planChange === 'forbid' && then.planHash.after !== now.planHash.after
      ? [`${now.name}: the plan is not the baseline's, which planChange forbids`]
      : []),
  ];
}

function walReasons(now: BenchWrites, { walRatio }: Gate['writes'], baseline: BenchReport): string[] {
  const then = baseline.writes.find(({ table }) => table === now.table);
  if (walRatio === undefined || then === undefined) return [];
  const [before, after] = [then.walBytesPerRow.after, now.walBytesPerRow.after];
  if (after <= walRatio * before) return [];
  return [
    `writes to ${now.table}: ${Math.round(before)} bytes of WAL a row in the baseline, ${Math.round(after)} now, exceeds the limit walRatio ${walRatio}`,
  ];
}
