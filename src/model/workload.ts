import type { InnerLoop, Stretch } from './linkage.js';
import type { SubqueryShare } from './plan.js';

/** The statements that a database runs, with how often and how long. */
export interface Workload {
  /** The SPECs it was read from: `pgss`, `sql:queries/`. */
  readonly sources: readonly string[];
  readonly statements: readonly WorkloadStatement[];
  readonly skipped: readonly SkippedStatements[];
  /** Calls that came close together, where the source tells of single calls. */
  readonly stretches?: readonly Stretch[];
  /** Statements that functions and triggers run in loops, where the source tells of them. */
  readonly innerLoops?: readonly InnerLoop[];
}

export interface WorkloadStatement {
  /** Hexadecimal fingerprint of the normalised statement (libpg_query's). */
  readonly fingerprint: string;
  /** The text as its source gives it; parameters are `$n`. */
  readonly text: string;
  /** `-- name:` of an SQL file, or null. */
  readonly name: string | null;
  readonly calls: number;
  /** Execution time of all calls, or null where the source does not measure it. */
  readonly totalTimeMs: number | null;
  /** Rows returned or affected by all calls, or null. */
  readonly rows: number | null;
  /** Shared buffers hit and read by all calls, or null. */
  readonly sharedBuffers: number | null;
  /** Sample parameters, one array per sample, in the order of `$n`. */
  readonly parameterSamples: readonly (readonly unknown[])[];
  readonly location: SourceLocation | null;
  /** The subquery that read most in the slowest call whose plan is known; not given where no plan tells of one. */
  readonly subquery?: SubqueryShare;
}

export interface SourceLocation {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly column: number;
}

/** Statements that were left out for one reason. */
export interface SkippedStatements {
  readonly reason: string;
  readonly count: number;
  /** One of them, cut to 200 characters. */
  readonly example: string;
}

/** A statement that the planner can cost: parameters bound to literal values, several ways. */
export interface PlannableStatement {
  readonly fingerprint: string;
  readonly calls: number;
  readonly bindings: readonly StatementBinding[];
}

/** One executable text of a statement and its share of the calls; the shares of a statement sum to 1. */
export interface StatementBinding {
  readonly sql: string;
  readonly share: number;
}
