import { StewardError } from '../errors.js';
import type { BenchQuery, BenchReport, RatioInterval } from '../model/bench.js';
import type { BenchComparison, BenchComparisonQuery } from '../model/bench-comparison.js';
import { type Margins, marginsOf } from './margins.js';
import { k6Name } from './outside/k6-results.js';
import type { BenchResults, OutsideQuery } from './outside/outside-results.js';
import { SEQUENTIAL_SPREAD } from './statistics.js';
import { isSameWork, judge } from './verdict.js';

/**
 * Compares two earlier results, query by query, by name.
 *
 * Two reports of this program whose `before` did the same work are compared through it: each ratio was measured
 * interleaved, so their quotient holds whatever the machine did between the runs. All other results are two runs one
 * after the other, of which identical ones were seen four times apart: only what lies beyond that gets a verdict.
 */
export function compareResults(before: BenchResults, after: BenchResults): BenchComparison {
  const queries =
    before.kind === 'pgsteward' && after.kind === 'pgsteward'
      ? compareReports(before.report, after.report)
      : compareOutside(outsideOf(before), outsideOf(after));
  if (queries.length === 0) {
    throw new StewardError('usage', 'the two files have no query in common', {
      hint: 'compare results of the same scenario; queries are matched by name',
    });
  }
  return {
    schemaVersion: 1,
    sources: { before: before.kind, after: after.kind },
    queries,
    onlyBefore: missingFrom(before, after),
    onlyAfter: missingFrom(after, before),
  };
}

function compareReports(before: BenchReport, after: BenchReport): readonly BenchComparisonQuery[] {
  const known = new Map(before.queries.map((query) => [query.name, query]));
  return after.queries.flatMap((query) => {
    const earlier = known.get(query.name);
    return earlier === undefined ? [] : [compareQuery(earlier, query, [before, after])];
  });
}

function compareQuery(earlier: BenchQuery, later: BenchQuery, reports: readonly BenchReport[]): BenchComparisonQuery {
  const work = {
    planHash: { before: earlier.planHash.after, after: later.planHash.after },
    buffers: { before: earlier.buffers.after, after: later.buffers.after },
  };
  const common = isSameWork({
    planHash: { before: earlier.planHash.before, after: later.planHash.before },
    buffers: { before: earlier.buffers.before, after: later.buffers.before },
  });
  const p50Ms = { before: earlier.p50Ms.after, after: later.p50Ms.after };
  const ratio = common ? quotient(later.latencyRatio, earlier.latencyRatio) : sequential(p50Ms.after / p50Ms.before);
  const margins = widestMargins(reports);
  return {
    name: later.name,
    verdict: judge({ ratio, range: ratio, sameWork: isSameWork(work), margins }),
    ratio,
    through: common ? 'common before' : 'sequential runs',
    ...work,
    p50Ms,
    p99Ms: { before: earlier.p99Ms.after, after: later.p99Ms.after },
  };
}

const NOT_SEEN = { all: null, own: null };

/** The noise of both runs counts. */
function widestMargins(reports: readonly BenchReport[]): Margins {
  const each = reports.map(({ noiseFloor }) => marginsOf('latency', { all: noiseFloor.latencyRatio, own: null }));
  return {
    change: Math.max(...each.map(({ change }) => change)),
    equivalence: Math.max(...each.map(({ equivalence }) => equivalence)),
  };
}

/** The quotient of two independent ratios: the half widths of their logarithms add up in quadrature. */
function quotient(upper: RatioInterval, lower: RatioInterval): RatioInterval {
  const point = upper.point / lower.point;
  const width = (a: number, b: number) => Math.exp(Math.hypot(Math.log(a), Math.log(b)));
  return {
    point,
    low: point / width(upper.point / upper.low, lower.high / lower.point),
    high: point * width(upper.high / upper.point, lower.point / lower.low),
  };
}

function sequential(point: number): RatioInterval {
  return { point, low: point / Math.exp(SEQUENTIAL_SPREAD), high: point * Math.exp(SEQUENTIAL_SPREAD) };
}

function compareOutside(
  before: readonly OutsideQuery[],
  after: readonly OutsideQuery[],
): readonly BenchComparisonQuery[] {
  const known = new Map(before.map((query) => [k6Name(query.name), query]));
  return after.flatMap((query) => {
    const earlier = known.get(k6Name(query.name));
    if (earlier === undefined) return [];
    const ratio = sequential((query.p50Ms ?? query.meanMs) / (earlier.p50Ms ?? earlier.meanMs));
    return {
      name: query.name,
      verdict: judge({ ratio, range: ratio, sameWork: false, margins: marginsOf('latency', NOT_SEEN) }),
      ratio,
      through: 'sequential runs' as const,
      planHash: null,
      buffers: null,
      p50Ms: { before: earlier.p50Ms ?? earlier.meanMs, after: query.p50Ms ?? query.meanMs },
      p99Ms: earlier.p99Ms === null || query.p99Ms === null ? null : { before: earlier.p99Ms, after: query.p99Ms },
    };
  });
}

function outsideOf(results: BenchResults): readonly OutsideQuery[] {
  if (results.kind !== 'pgsteward') return results.queries;
  return results.report.queries.map((query) => ({
    name: query.name,
    requests: query.requests?.after ?? 0,
    errors: query.errors?.after ?? 0,
    meanMs: query.p50Ms.after,
    p50Ms: query.p50Ms.after,
    p95Ms: query.p95Ms?.after ?? null,
    p99Ms: query.p99Ms.after,
  }));
}

function missingFrom(some: BenchResults, others: BenchResults): readonly string[] {
  const names = new Set(outsideOf(others).map((query) => k6Name(query.name)));
  return outsideOf(some).flatMap(({ name }) => (names.has(k6Name(name)) ? [] : [name]));
}
