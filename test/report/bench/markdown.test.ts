import { describe, expect, it } from 'vitest';
import { renderBenchMarkdown } from '../../../src/report/bench/markdown.js';
import { benchQuery, benchReport, fleetBench } from '../bench-report.js';

describe('renderBenchMarkdown', () => {
  it('is short enough for a comment: the gate, its reasons and one table', () => {
    expect(renderBenchMarkdown(fleetBench())).toMatchInlineSnapshot(`
      "## pgsteward bench: 1 regressed, 2 improved, 1 equivalent, 1 inconclusive

      **The gate is closed.**

      - report-event: p50 ratio 1.18 is above p50Ratio 1.1

      | Query | Verdict | Latency ratio | p50 | p99 | Buffers | Plan |
      |---|---|--:|--:|--:|--:|---|
      | \`stuck-commands\` | improved | 0.028 (0.026–0.031) | 41.3 ms → 1.16 ms | 63.8 ms → 2.4 ms | 5,128 → 74 | changed |
      | \`last-scan-per-agent\` | improved | 0.0012 (0.0011–0.0014) | 14.5 s → 17.4 ms | 15.2 s → 22.9 ms | 1.81 M → 1,871 | changed |
      | \`token-by-hash\` | equivalent | 0.99 (0.96–1.02) | 0.2 ms → 0.2 ms | 0.5 ms → 0.5 ms | 4 → 4 | same |
      | \`report-event\` | **regressed** | 1.18 (1.12–1.25) | 0.31 ms → 0.37 ms | 0.82 ms → 1.1 ms | 9 → 12 | same |
      | \`dashboard-statistics\` | inconclusive | 0.96 (0.71–1.31) | 5.2 ms → 5 ms | 19.1 ms → 12.2 ms | 612 → 612 | same |

      | Writes to | WAL a row | HOT | Insert | Update | Delete | Indexes |
      |---|--:|--:|--:|--:|--:|--:|
      | \`public.update_events\` | 214 bytes → 301 bytes | 0 % → 0 % | 0.021 ms → 0.027 ms | 0.05 ms → 0.05 ms | 0.04 ms → 0.04 ms | 30.5 MB → 45.9 MB |
      "
    `);
  });

  it('lets no name break out of its table', () => {
    const text = renderBenchMarkdown(benchReport({ queries: [benchQuery({ name: 'a|b`<i>' })] }));
    expect(text).toContain('| `` a\\|b`<i> `` |');
  });
});
