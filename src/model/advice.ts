import type { Finding } from './finding.js';
import type { SkippedStatements } from './workload.js';

/** The report of one run of advice: the contract's JSON, schema version 1. */
export interface AdviceReport {
  readonly schemaVersion: 1;
  readonly tool: { readonly name: 'pgsteward'; readonly version: string };
  /** ISO-8601. */
  readonly startedAt: string;
  readonly durationMs: number;
  readonly server: { readonly version: string; readonly major: number; readonly plannedOn: string };
  readonly workload: {
    readonly source: readonly string[];
    readonly statements: number;
    readonly calls: number;
    readonly totalTimeMs: number;
    readonly skipped: readonly SkippedStatements[];
  };
  readonly findings: readonly Finding[];
  readonly indexSet: IndexSet;
  readonly skippedRules: readonly { readonly ruleId: string; readonly reason: string }[];
}

/** The selection's answer for the workload; costs are planner units over all calls. */
export interface IndexSet {
  /** Plain CREATE INDEX statements in order of benefit. */
  readonly create: readonly string[];
  readonly drop: readonly string[];
  readonly sizeBytes: number;
  readonly workloadCostBefore: number;
  readonly workloadCostAfter: number;
  readonly writeCost: number;
}
