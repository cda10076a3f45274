import { describe, expect, it } from 'vitest';
import { renderBenchHtml } from '../../../src/report/bench/html.js';
import { benchQuery, benchReport, fleetBench, fleetLoad } from '../bench-report.js';
import { HOSTILE } from '../hostile-report.js';

describe('renderBenchHtml', () => {
  it('says first what the gate answers', () => {
    expect(renderBenchHtml(fleetBench())).toMatch(/<h1>The gate is closed\.<\/h1>/);
    expect(renderBenchHtml(benchReport())).toMatch(/<h1>The gate is open\.<\/h1>/);
    const unclear = benchReport({ queries: [benchQuery({ verdict: 'inconclusive' })] });
    expect(renderBenchHtml(unclear)).toMatch(/<h1>The gate is open, but 1 query could not be judged: [^<]+<\/h1>/);
  });

  it('draws four charts for each query, and the plans with what changed marked', () => {
    const html = renderBenchHtml(fleetBench());
    expect(html.match(/by percentile, p50|Latency of [^"]+ by percentile\. /g)?.length).toBe(
      fleetBench().queries.length,
    );
    expect(html).toContain('<span class="changed">');
  });

  it('tells what a call throws away and writes where that changed, and what the migrations locked', () => {
    const query = benchQuery({
      rowsRemoved: { before: 59_700, after: 0 },
      tempBytes: { before: 8_192, after: 8_192 },
      walBytes: { before: 100, after: 300 },
    });
    const locks = [{ relation: 'public.t', mode: 'ShareLock', stops: 'writers', times: 1, heldMs: 30 }] as const;
    const html = renderBenchHtml(benchReport({ queries: [query], migrationMs: 40, migrationLocks: locks }));
    expect(html).toContain('rows thrown away 59,700 → 0 a call · WAL 100 bytes → 300 bytes a call');
    expect(html).not.toContain('temporary files');
    expect(html).toContain('They locked public.t for 30 ms (SHARE: writers wait).');
  });

  it('shows the load at a rate and earlier runs where there are any', () => {
    const entry = { startedAt: '2026-03-01', migrations: [], passed: true, queries: [] };
    const html = renderBenchHtml(benchReport({ load: fleetLoad(), history: [entry] }));
    expect(html).toContain('All queries together, at a rate');
    expect(html).toContain('Earlier runs');
    expect(renderBenchHtml(benchReport())).not.toMatch(/at a rate|Earlier runs/);
  });

  it('escapes what comes from outside', () => {
    const html = renderBenchHtml(
      benchReport({
        queries: [benchQuery({ name: HOSTILE, text: HOSTILE, plan: { before: HOSTILE, after: '' } })],
        gate: { passed: false, reasons: [HOSTILE], notes: [HOSTILE] },
        migrations: [HOSTILE],
      }),
    );
    expect(html).not.toContain(HOSTILE);
    expect(html.match(/<script/g)).toHaveLength(1);
  });
});
