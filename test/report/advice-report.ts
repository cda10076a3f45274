import type { AdviceReport } from '../../src/model/advice.js';
import type { Finding, FindingQuery, FixStatement, Measurement } from '../../src/model/finding.js';

/** A report on which nothing was found; a test names what it is about. */
export function adviceReport(parts: Partial<AdviceReport> = {}): AdviceReport {
  return {
    schemaVersion: 1,
    tool: { name: 'pgsteward', version: '0.1.0' },
    startedAt: '2026-03-02T09:30:00.000Z',
    durationMs: 4200,
    server: { version: '18.4', major: 18, plannedOn: 'twin 18.4' },
    workload: { source: ['pgss'], statements: 1, calls: 10, totalTimeMs: 100, skipped: [] },
    findings: [],
    statements: [],
    indexSet: { create: [], drop: [], sizeBytes: 0, workloadCostBefore: 0, workloadCostAfter: 0, writeCost: 0 },
    skippedRules: [],
    ...parts,
  };
}

/** A suspicion without statements, evidence or fix. */
export function finding(parts: Partial<Finding> = {}): Finding {
  return {
    ruleId: 'missing-index',
    class: null,
    severity: 'warn',
    key: 'missing-index:public.t(a)',
    title: 'No index on public.t (a)',
    message: 'Each call reads all of public.t.',
    relations: ['public.t'],
    location: null,
    queries: [],
    evidence: [],
    proof: { grade: 'suspected', method: 'read the statement', detail: '' },
    fix: null,
    ...parts,
  };
}

/** A statement that was not planned. */
export function findingQuery(parts: Partial<FindingQuery> = {}): FindingQuery {
  return {
    role: 'statement',
    fingerprint: 'a1b2c3d4e5f60718',
    text: 'SELECT * FROM t WHERE a = $1',
    calls: 10,
    totalTimeMs: 100,
    costBefore: null,
    costAfter: null,
    planBefore: null,
    planAfter: null,
    ...parts,
  };
}

/** A statement of a fix that runs outside a transaction. */
export function fixStatement(sql: string, parts: Partial<FixStatement> = {}): FixStatement {
  return { sql, transactional: false, lockTimeoutMs: 3000, hazards: [], ...parts };
}

/** The measurement that ranks findings. */
export function timeSaved(milliseconds: number): Measurement {
  return { name: 'time saved', value: milliseconds, unit: 'ms', source: 'pg_stat_statements × twin 18.4' };
}

/** A finding with one planned statement, an index to create and its undo. */
export function plannedFinding(parts: Partial<Finding> = {}): Finding {
  return finding({
    queries: [findingQuery({ costBefore: 1234.5, costAfter: 8.44 })],
    evidence: [timeSaved(99.3), { name: 'index size', value: 16_384, unit: 'bytes', source: 'twin 18.4' }],
    proof: { grade: 'planned', method: 'twin 18.4', detail: 'the index is in the plan of 1 of 1 statements' },
    fix: {
      kind: 'create-index',
      sql: [fixStatement('CREATE INDEX CONCURRENTLY t_a_idx ON public.t (a)', { hazards: ['reads the table twice'] })],
      undo: ['DROP INDEX CONCURRENTLY public.t_a_idx'],
      rewrittenQuery: null,
      files: ['0002_index_t_a.up.sql', '0002_index_t_a.down.sql'],
    },
    ...parts,
  });
}

/** A report with that finding and its index set. */
export function plannedReport(parts: Partial<AdviceReport> = {}): AdviceReport {
  return adviceReport({
    findings: [plannedFinding()],
    indexSet: {
      create: ['CREATE INDEX t_a_idx ON public.t (a)'],
      drop: [],
      sizeBytes: 16_384,
      workloadCostBefore: 12_345,
      workloadCostAfter: 84.4,
      writeCost: 2.1,
    },
    ...parts,
  });
}
