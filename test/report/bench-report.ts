import { BENCH_SHARES, type BenchQuery, type BenchReport, type RatioInterval } from '../../src/model/bench.js';
import type { BenchLoad } from '../../src/model/bench-load.js';

const interval = (low: number, point: number, high: number): RatioInterval => ({ low, point, high });

/** A query whose plan did not change; a test names what it is about. */
export function benchQuery(parts: Partial<BenchQuery> = {}): BenchQuery {
  return {
    name: 'a-query',
    fingerprint: 'a1b2c3d4e5f60718',
    text: 'SELECT * FROM t WHERE a = $1',
    verdict: 'equivalent',
    latencyRatio: interval(0.97, 1, 1.03),
    cpuRatio: null,
    buffers: { before: 4, after: 4 },
    planHash: { before: 'aa', after: 'aa' },
    plan: { before: 'Index Scan using t_pkey on t', after: 'Index Scan using t_pkey on t' },
    p50Ms: { before: 0.2, after: 0.2 },
    p99Ms: { before: 0.5, after: 0.5 },
    quantilesMs: { before: tail(0.2), after: tail(0.19) },
    slices: { before: wave(0.2, 8, 1), after: wave(0.2, 8, 2) },
    requests: { before: 1000, after: 1000 },
    errors: { before: 0, after: 0 },
    ...parts,
  };
}

/** A bench of one query over pg. */
export function benchReport(parts: Partial<BenchReport> = {}): BenchReport {
  return {
    schemaVersion: 1,
    tool: { name: 'pgsteward', version: '0.1.0' },
    startedAt: '2026-03-02T09:31:00.000Z',
    durationMs: 48_000,
    server: { version: '18.4', major: 18 },
    driver: 'pg',
    noiseFloor: { latencyRatio: interval(0.94, 1.01, 1.07), cpuRatio: interval(0.96, 1, 1.04), requests: 4000 },
    queries: [benchQuery()],
    writes: [],
    gate: { passed: true, reasons: [] },
    migrations: [],
    ...parts,
  };
}

/** An open loop in which one side waits. */
export function fleetLoad(): BenchLoad {
  const percentiles = (p50: number) => ({ count: 4_000, p50, p95: 2 * p50, p99: 4 * p50, max: 9 * p50 });
  return {
    ...{ arrivals: 'poisson', ratePerSecond: 400, rateFrom: 'capacity', connections: 4 },
    capacityPerSecond: { before: 800, after: 1_600 },
    kneePerSecond: { before: 560, after: null },
    responseMs: { before: percentiles(2), after: percentiles(1) },
    serviceMs: { before: percentiles(1), after: percentiles(0.9) },
    pacingErrorMs: percentiles(0.05),
    queries: [
      {
        name: 'a-query',
        responseMs: { before: percentiles(2), after: percentiles(1) },
        errors: { before: 0, after: 0 },
      },
    ],
  };
}

/** The bench of the fleet: two cures, one price paid, one that cannot be told. */
export function fleetBench(): BenchReport {
  return benchReport({
    queries: [
      benchQuery({
        name: 'stuck-commands',
        fingerprint: '8c1f0e2ab7d94512',
        verdict: 'improved',
        latencyRatio: interval(0.026, 0.028, 0.031),
        cpuRatio: interval(0.024, 0.026, 0.028),
        buffers: { before: 5128, after: 74 },
        planHash: { before: '3f', after: '9c' },
        plan: {
          before:
            'Limit (actual time=41.2..41.3 rows=50)\n  ->  Sort\n        ->  Seq Scan on agent_commands\n  Buffers: shared hit=5128',
          after:
            'Limit (actual time=1.1..1.1 rows=50)\n  ->  Sort\n        ->  Bitmap Heap Scan on agent_commands\n  Buffers: shared hit=74',
        },
        p50Ms: { before: 41.3, after: 1.16 },
        p99Ms: { before: 63.8, after: 2.4 },
        slices: { before: wave(41.3, 12, 3), after: wave(1.16, 12, 4) },
      }),
      benchQuery({
        name: 'last-scan-per-agent',
        fingerprint: 'e07b3d5c9a1f2264',
        verdict: 'improved',
        latencyRatio: interval(0.0011, 0.0012, 0.0014),
        buffers: { before: 1_810_330, after: 1871 },
        planHash: { before: '11', after: '22' },
        p50Ms: { before: 14_480, after: 17.4 },
        p99Ms: { before: 15_210, after: 22.9 },
        slices: { before: wave(14_480, 6, 5), after: wave(17.4, 6, 6) },
        requests: { before: 18, after: 18 },
      }),
      benchQuery({ name: 'token-by-hash', latencyRatio: interval(0.96, 0.99, 1.02), slices: sliced(0.19) }),
      benchQuery({
        name: 'report-event',
        verdict: 'regressed',
        latencyRatio: interval(1.12, 1.18, 1.25),
        buffers: { before: 9, after: 12 },
        p50Ms: { before: 0.31, after: 0.37 },
        p99Ms: { before: 0.82, after: 1.1 },
        slices: { before: wave(0.31, 12, 9), after: wave(0.37, 12, 10) },
      }),
      benchQuery({
        name: 'dashboard-statistics',
        verdict: 'inconclusive',
        latencyRatio: interval(0.71, 0.96, 1.31),
        buffers: { before: 612, after: 612 },
        p50Ms: { before: 5.2, after: 5.0 },
        p99Ms: { before: 19.1, after: 12.2 },
        slices: sliced(5.1),
      }),
    ],
    writes: [
      {
        table: 'public.update_events',
        walBytesPerRow: { before: 214, after: 301 },
        hotShare: { before: 0, after: 0 },
        insertMs: { before: 0.021, after: 0.027 },
        updateMs: { before: 0.05, after: 0.05 },
        deleteMs: { before: 0.04, after: 0.04 },
        indexBytes: { before: 32_000_000, after: 48_130_000 },
        buildMs: { before: 0, after: 412 },
      },
    ],
    gate: { passed: false, reasons: ['report-event: p50 ratio 1.18 is above p50Ratio 1.1'] },
    migrations: ['0003_index_update_events_agent_id', '0004_index_agent_commands_pending'],
  });
}

/** Latencies with a long tail, at the shares that a report gives. */
function tail(median: number): readonly number[] {
  return BENCH_SHARES.map((share) => (median * 0.52) / (1.02 - share));
}

function sliced(median: number): BenchQuery['slices'] {
  return { before: wave(median, 12, 7), after: wave(median, 12, 8) };
}

/** Medians around one value, the same ones on every run. */
function wave(median: number, count: number, seed: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => median * (1 + 0.08 * Math.sin((index + 1) * seed * 1.7)));
}
