import type { ReferentialAction } from './catalog.js';
import type { Finding } from './finding.js';
import type { SkippedStatements, SourceLocation } from './workload.js';

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
  /** Every statement that was planned, the dearest first. */
  readonly statements: readonly StatementAdvice[];
  readonly indexSet: IndexSet;
  readonly skippedRules: readonly { readonly ruleId: string; readonly reason: string }[];
  /** What looked like a finding and is none, once it was looked into; unlike what was skipped it has been judged. */
  readonly withheld?: readonly WithheldFinding[];
  /** Findings that a directive in a migration ignores. */
  readonly suppressed?: readonly SuppressedFinding[];
  /** Every table that foreign keys lead to: who deletes what. */
  readonly deletes?: readonly DeletedTable[];
}

/** Who deletes rows of a table, and what that does to the rows that lead to them. */
export interface DeletedTable {
  /** Schema-qualified, as those of `followers`. */
  readonly table: string;
  /** Since the server's counters began. */
  readonly rowsDeleted: number;
  /** Statements of the workload, by name, else by fingerprint. */
  readonly deletedBy: readonly string[];
  readonly followers: readonly {
    readonly table: string;
    readonly columns: readonly string[];
    readonly onDelete: ReferentialAction;
  }[];
}

/** What a rule does not report, since measuring it, or following the calls, showed that it is none. */
export interface WithheldFinding {
  readonly ruleId: string;
  /** The key that it would have had; null where it came to none. */
  readonly key: string | null;
  readonly reason: string;
}

/** A finding that a directive ignores, with the reason that it gives. */
export interface SuppressedFinding {
  readonly ruleId: string;
  readonly key: string;
  readonly reason: string;
  readonly location: SourceLocation | null;
}

/** Which index serves a statement, which of the set would, or why none helps; costs are planner units of one call. */
export interface StatementAdvice {
  readonly fingerprint: string;
  readonly text: string;
  readonly calls: number;
  readonly costBefore: number;
  readonly costAfter: number;
  /** Existing indexes that its plan uses, schema-qualified; empty for none. */
  readonly servedBy: readonly string[];
  /** Names of the set's indexes that its plan would use. */
  readonly indexes: readonly string[];
  /** Why none of the set serves it; null where one does. */
  readonly reason: string | null;
  /** What planned it: `twin 15.18`, or what stood in where the twin could not. */
  readonly plannedOn: string;
  /** Why its subqueries stay as they are; not given where it has none that PostgreSQL does not join, or a finding tells. */
  readonly subqueries?: string;
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
