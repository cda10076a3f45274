import { describe, expect, it } from 'vitest';
import { renderDemoSummary } from '../../../src/report/demo/text.js';
import { adviceReport } from '../advice-report.js';
import { benchQuery, benchReport, fleetBench } from '../bench-report.js';
import { fleetAdvice } from '../fleet-report.js';

const files = fleetAdvice().findings.flatMap(({ fix }) => fix?.files ?? []);
const ending = { reportPath: 'demo/report.html', durationMs: 121_000 };

describe('the summary of a demo', () => {
  it('says what was found, written and measured, and where the report is', () => {
    expect(renderDemoSummary({ advice: fleetAdvice(), bench: fleetBench(), files, ...ending })).toMatchInlineSnapshot(`
      "Looked at 24 statements, 1.28 M calls, 81.7 min of execution time, planned on twin 18.4.

      Found 3 findings (cost: planner units over all calls):
        executed   The last scan of each agent reads all of public.update_events      cost 1.19 G → 69,008 (−99.99 %)
        planned    The timeout sweep reads all of public.agent_commands               cost 73.3 M → 1 M (−99 %)
        suspected  No index supports the foreign key public.update_logs (command_id)

      Wrote 6 migration files:
        0004_index_agent_commands_pending.up.sql
        0004_index_agent_commands_pending.down.sql
        0005_index_agent_commands_sent.up.sql
        0005_index_agent_commands_sent.down.sql
        0003_index_update_events_agent_id.up.sql
        0003_index_update_events_agent_id.down.sql

      Measured before and after, on clones of the same database:
        query                 p50               buffers a call  latency ratio              verdict
        stuck-commands        41.3 → 1.16 ms    5,128 → 74      0.028 (0.026 to 0.031)     improved
        last-scan-per-agent   14.5 s → 17.4 ms  1.81 M → 1,871  0.0012 (0.0011 to 0.0014)  improved
        token-by-hash         0.2 → 0.2 ms      4 → 4           0.99 (0.96 to 1.02)        equivalent
        report-event          0.31 → 0.37 ms    9 → 12          1.18 (1.12 to 1.25)        regressed
        dashboard-statistics  5.2 → 5 ms        612 → 612       0.96 (0.71 to 1.31)        inconclusive
      The same statement against itself: 1.01 (0.94 to 1.07); a smaller change cannot be seen.
      Gate: report-event: p50 ratio 1.18 is above p50Ratio 1.1

      Report: demo/report.html
      Done in 2.02 min.
      "
    `);
  });

  it('keeps to forty lines for three findings and eight queries', () => {
    const queries = [...fleetBench().queries, ...['f', 'g', 'h'].map((name) => benchQuery({ name }))];
    const text = renderDemoSummary({ advice: fleetAdvice(), bench: { ...fleetBench(), queries }, files, ...ending });
    expect(text.split('\n').length).toBeLessThanOrEqual(40);
    for (const { name } of queries) expect(text).toContain(`  ${name} `);
  });

  it('says plainly when nothing was found, written or measured', () => {
    const text = renderDemoSummary({
      advice: adviceReport(),
      bench: benchReport({ queries: [] }),
      files: [],
      ...ending,
    });
    expect(text).toMatchInlineSnapshot(`
      "Looked at 1 statement, 10 calls, 100 ms of execution time, planned on twin 18.4.

      No findings.

      Wrote no migration.

      Measured nothing.

      Report: demo/report.html
      Done in 2.02 min.
      "
    `);
  });

  it('counts what does not fit', () => {
    const queries = Array.from({ length: 20 }, (_, index) => benchQuery({ name: `query-${index}` }));
    const many = Array.from({ length: 20 }, (_, index) => `${index}.up.sql`);
    const text = renderDemoSummary({ advice: adviceReport(), bench: benchReport({ queries }), files: many, ...ending });
    expect(text).toContain('  and 12 files more');
    expect(text).toContain('  and 6 queries more');
  });
});
