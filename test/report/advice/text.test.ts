import { describe, expect, it } from 'vitest';
import { renderAdviceText } from '../../../src/report/advice/text.js';
import { adviceReport, finding, findingQuery, plannedFinding, plannedReport, timeSaved } from '../advice-report.js';
import { fleetAdvice } from '../fleet-report.js';

const plain = (report = plannedReport(), width?: number) =>
  renderAdviceText(report, width === undefined ? { color: false } : { color: false, width });

describe('the text report', () => {
  it('counts no extension among the indexes', () => {
    const report = plannedReport();
    const create = ['CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA public', ...report.indexSet.create];
    expect(plain({ ...report, indexSet: { ...report.indexSet, create } })).toContain('create 1 index (16 kB)');
  });

  it('says what was found, on what ground, and what to run', () => {
    expect(plain()).toMatchInlineSnapshot(`
      "pgsteward  0.1.0, advised in 4.2 s
      server     PostgreSQL 18.4, planned on twin 18.4
      workload   pgss: 1 statement, 10 calls, 100 ms of execution time
      found      1 finding (1 warning)

      1. No index on public.t (a)
         warning · missing-index · planned · saves an estimated 99.3 ms of execution time

         Each call reads all of public.t.

         Statement
           a1b2c3d4e5f6  SELECT * FROM t WHERE a = $1
             10 calls · 100 ms · cost 1,235 → 8.44 (−99.3 %)

         Proof
           planned: the planner chose it and costed it; no clock has measured it
           twin 18.4: the index is in the plan of 1 of 1 statements
           time saved  99.3 ms  pg_stat_statements × twin 18.4
           index size    16 kB  twin 18.4

         Run
           CREATE INDEX CONCURRENTLY t_a_idx ON public.t (a);
             outside a transaction, lock_timeout 3 s
             ! reads the table twice

         Undo
           DROP INDEX CONCURRENTLY public.t_a_idx;

         Written
           0002_index_t_a.up.sql
           0002_index_t_a.down.sql

      Index set for this workload
        create 1 index (16 kB)
        workload cost 12,345 → 84.4 planner units (−99.3 %)
      "
    `);
  });

  it('says plainly that nothing was found and what was looked at', () => {
    const skipped = [{ reason: 'names a table that is gone', count: 2, example: 'SELECT *\n  FROM gone' }];
    const report = adviceReport({
      workload: { source: ['pgss'], statements: 12, calls: 3400, totalTimeMs: 92_000, skipped },
      skippedRules: [{ ruleId: 'n-plus-one', reason: 'the source gives no order of calls' }],
    });
    expect(plain(report)).toMatchInlineSnapshot(`
      "pgsteward  0.1.0, advised in 4.2 s
      server     PostgreSQL 18.4, planned on twin 18.4
      workload   pgss: 12 statements, 3,400 calls, 1.53 min of execution time
      found      No findings

      No findings. Looked at 12 statements, 3,400 calls, 1.53 min of execution time, planned on twin 18.4;
      2 statements could not be judged and rules left something out (listed below).

      Statements left out
        2×    names a table that is gone
              for example: SELECT * FROM gone

      What rules left out
        n-plus-one: the source gives no order of calls
      "
    `);
  });

  it('puts the finding that saves most time first, and those with only a cost behind', () => {
    const report = adviceReport({
      findings: [
        plannedFinding({ key: 'c', title: 'cost only', evidence: [] }),
        plannedFinding({ key: 'a', title: 'saves little', evidence: [timeSaved(10)] }),
        finding({ key: 'd', title: 'nothing known' }),
        plannedFinding({ key: 'b', title: 'saves much', evidence: [timeSaved(5000)] }),
      ],
    });
    const titles = [...plain(report).matchAll(/^\d\. (.*)$/gm)].map(([, title]) => title);
    expect(titles).toEqual(['saves much', 'saves little', 'cost only', 'nothing known']);
  });

  it('never calls a planned saving measured', () => {
    expect(plain()).toContain('saves an estimated 99.3 ms of execution time');
    expect(plain()).toContain('no clock has measured it');
  });

  it('lets no statement steer the terminal', () => {
    const text = 'SELECT \u001b[2J\u009b31m\u202e 1 -- \u0007';
    const report = adviceReport({
      findings: [finding({ title: text, message: text, queries: [findingQuery({ text })] })],
    });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    expect(plain(report)).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    expect(plain(report)).toContain('SELECT \\u{1b}[2J');
  });

  it('colours only when asked, and says the same words', () => {
    const coloured = renderAdviceText(fleetAdvice(), { color: true });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what colours
    expect(coloured.replace(/\u001b\[\d+m/g, '')).toBe(plain(fleetAdvice()));
    expect(coloured).toContain('\u001b[31m');
  });

  it('keeps prose within the width that it is given', () => {
    const lines = plain(adviceReport({ findings: [finding({ message: 'a few words '.repeat(30) })] }), 60).split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(60);
  });
});
