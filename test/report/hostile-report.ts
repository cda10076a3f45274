import type { AdviceReport } from '../../src/model/advice.js';
import type { BenchReport } from '../../src/model/bench.js';
import { adviceReport, finding, findingQuery, fixStatement } from './advice-report.js';
import { benchQuery, benchReport } from './bench-report.js';

/** Closes every context that a page could put it in, and turns the direction of writing. */
export const HOSTILE =
  '</script><script>window.ran = true</script><img src=x onerror="window.ran=true"> \'"`&amp; -- \u202e\u0000 {{7*7}} 漢字 🜁';

/** A report whose every free text is hostile. */
export function hostileReport(): {
  report: AdviceReport;
  bench: BenchReport;
  migrations: { name: string; sql: string }[];
} {
  const text = HOSTILE;
  const hostile = finding({
    ruleId: text,
    class: text,
    title: text,
    message: text,
    relations: [text],
    location: { file: text, line: 1, column: 1 },
    queries: [
      findingQuery({ fingerprint: text, text, costBefore: 2, costAfter: 1, planBefore: text, planAfter: text }),
    ],
    evidence: [{ name: text, value: 1, unit: 'rows', source: text }],
    proof: { grade: 'planned', method: text, detail: text },
    fix: {
      kind: 'rewrite',
      sql: [fixStatement(text, { hazards: [text] })],
      undo: [text],
      rewrittenQuery: text,
      files: [`${text}.up.sql`],
    },
    alternatives: [{ title: text, sql: text, costAfter: null, reason: text }],
  });
  return {
    report: adviceReport({
      tool: { name: 'pgsteward', version: text },
      startedAt: text,
      server: { version: text, major: 18, plannedOn: text },
      workload: {
        source: [text],
        statements: 1,
        calls: 1,
        totalTimeMs: 1,
        skipped: [{ reason: text, count: 1, example: text }],
      },
      findings: [hostile],
      indexSet: {
        create: [text],
        drop: [text],
        sizeBytes: 1,
        workloadCostBefore: 2,
        workloadCostAfter: 1,
        writeCost: 0,
      },
      skippedRules: [{ ruleId: text, reason: text }],
    }),
    bench: benchReport({
      server: { version: text, major: 18 },
      queries: [
        benchQuery({ name: text, fingerprint: text, text, plan: { before: text, after: text }, verdict: 'improved' }),
        benchQuery({ name: text }),
      ],
      failures: [{ name: text, fingerprint: text, message: text }],
      skipped: [{ name: text, reason: text }],
      gate: { passed: false, reasons: [text] },
      migrations: [text],
    }),
    migrations: [
      { name: text, sql: text },
      { name: 'other.sql', sql: text },
    ],
  };
}
