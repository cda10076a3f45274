import { describe, expect, it } from 'vitest';
import type { BenchLock } from '../../../src/model/bench.js';
import type { BenchBeside } from '../../../src/model/bench-load.js';
import { renderBenchText } from '../../../src/report/bench/text.js';
import { benchQuery, benchReport, fleetBench, fleetLoad } from '../bench-report.js';

describe('renderBenchText', () => {
  it('shows each query with its verdict, figures and what the noise was', () => {
    expect(renderBenchText(fleetBench())).toMatchInlineSnapshot(`
      "5 queries before and after 2 migrations, PostgreSQL 18.4: 8,036 requests directly in 48 s

      query                 verdict       p50 before → after  ratio (95 %)            buffers a call  plan
      stuck-commands        improved      41.3 ms → 1.16 ms   0.028 (0.026–0.031)     5,128 → 74      changed
      last-scan-per-agent   improved      14.5 s → 17.4 ms    0.0012 (0.0011–0.0014)  1.81 M → 1,871  changed
      token-by-hash         equivalent    0.2 ms → 0.2 ms     0.99 (0.96–1.02)        4 → 4           same
      report-event          regressed     0.31 ms → 0.37 ms   1.18 (1.12–1.25)        9 → 12          same
      dashboard-statistics  inconclusive  5.2 ms → 5 ms       0.96 (0.71–1.31)        612 → 612       same

      writes to             insert               update             delete             WAL a row              HOT        indexes
      public.update_events  0.021 ms → 0.027 ms  0.05 ms → 0.05 ms  0.04 ms → 0.04 ms  214 bytes → 301 bytes  0 % → 0 %  30.5 MB → 45.9 MB

      Noise: the schema before against itself shows latency 1.01 (0.94–1.07), CPU a request 1.00 (0.96–1.04).

      The gate is closed:
        report-event: p50 ratio 1.18 is above p50Ratio 1.1
      "
    `);
  });

  it('names every reason when the gate is closed', () => {
    const gate = { passed: false, reasons: ['poll fails after the migrations: column "x" does not exist'] };
    expect(renderBenchText(benchReport({ gate })).split('\n\n').at(-1)).toBe(
      'The gate is closed:\n  poll fails after the migrations: column "x" does not exist\n',
    );
  });

  it('sets the direct latency beside that of HTTP', () => {
    const otherDriver = {
      driver: 'pg' as const,
      latencyRatio: { point: 0.5, low: 0.45, high: 0.56 },
      p50Ms: { before: 0.04, after: 0.02 },
      p99Ms: { before: 0.1, after: 0.1 },
      requests: { before: 500, after: 500 },
    };
    const text = renderBenchText(benchReport({ driver: 'http', queries: [benchQuery({ otherDriver })] }));
    expect(text).toMatch(/^directly +p50.*\na-query +0\.04 ms → 0\.02 ms +0\.50 \(0\.45–0\.56\)$/m);
  });

  it('says what the migrations took and locked', () => {
    const lock = (relation: string, heldMs: number, times: number): BenchLock => ({
      ...{ relation, mode: 'ShareRowExclusiveLock', stops: 'writers', times, heldMs },
    });
    const text = (migrationLocks: readonly BenchLock[]) =>
      renderBenchText(benchReport({ migrationMs: 900, migrationLocks }));
    expect(text([lock('public.events', 812, 1), lock('public.agents', 40, 3)])).toContain(
      'They locked public.events for 812 ms (SHARE ROW EXCLUSIVE: writers wait), public.agents for up to 40 ms (SHARE ROW EXCLUSIVE: writers wait, 3 times).\n',
    );
    const many = Array.from({ length: 7 }, (_, index) => lock(`public.t${index}`, 10, 1));
    expect(text(many)).toContain('wait) and 2 tables more for less.');
    expect(text([])).toContain('No lock of theirs was seen');
    expect(renderBenchText(benchReport({ migrationMs: null }))).not.toContain('The migrations');
  });

  it('tells of a load over HTTP and beside jobs', () => {
    const load = fleetLoad();
    const beside: BenchBeside = {
      ...{
        work: ['fold-update-events'],
        runsPerSecond: { before: 12.04, after: 9 },
        failedRuns: { before: 0, after: 2 },
      },
      ...{ aloneMs: load.responseMs, besideMs: { before: load.responseMs.after, after: load.responseMs.before } },
    };
    expect(renderBenchText(benchReport({ load: { ...load, driver: 'http', beside } }))).toContain(
      'Beside fold-update-events in turns: before 12.0 runs a second, p50 2 ms alone and 1 ms beside them, p99 8 ms and 4 ms; after 9.0 runs a second (2 failed), p50 1 ms alone and 2 ms beside them, p99 4 ms and 8 ms.\n',
    );
    expect(renderBenchText(benchReport({ load: { ...load, driver: 'http' } }))).toContain(
      'on 4 connections over HTTP;',
    );
  });

  it('says what was left out and why', () => {
    const skipped = [{ name: 'report', reason: 'one call takes longer than 8.0 s' }];
    const text = renderBenchText(benchReport({ skipped }));
    expect(text).toContain('Left out: report: one call takes longer than 8.0 s.');
  });
});
