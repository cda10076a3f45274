import type { SourceLocation } from './workload.js';

export type Severity = 'info' | 'warn' | 'error';
export type ProofGrade = 'suspected' | 'counted' | 'linked' | 'planned' | 'executed';
export type FixKind = 'create-index' | 'drop-index' | 'rewrite' | 'batch' | 'constraint' | 'migration' | 'setting';
export type MeasurementUnit = 'ms' | 'bytes' | 'rows' | 'calls' | 'ratio' | 'cost' | 'buffers';

/** One thing that slows or endangers a database, with its evidence, its proof and its fix. */
export interface Finding {
  readonly ruleId: string;
  /** A kind within the rule, or null where the rule has none. */
  readonly class: string | null;
  readonly severity: Severity;
  /** Stable between runs; what `--ignore` takes. */
  readonly key: string;
  readonly title: string;
  readonly message: string;
  /** Schema-qualified. */
  readonly relations: readonly string[];
  /** Null where it has no place in a file. */
  readonly location: SourceLocation | null;
  readonly queries: readonly FindingQuery[];
  readonly evidence: readonly Measurement[];
  readonly proof: Proof;
  /** Null where none is known. */
  readonly fix: Fix | null;
  /** Other cures that were weighed and not chosen, the best first. */
  readonly alternatives?: readonly Alternative[];
}

/** A cure that was weighed and not chosen. */
export interface Alternative {
  readonly title: string;
  readonly sql: string;
  /** Planner units of one call under this cure; null where it was not planned. */
  readonly costAfter: number | null;
  /** Why it was not chosen. */
  readonly reason: string;
}

export interface FindingQuery {
  readonly role: 'statement' | 'parent' | 'child';
  readonly fingerprint: string;
  readonly text: string;
  readonly calls: number;
  /** Milliseconds of all calls; 0 where the source does not measure it. */
  readonly totalTimeMs: number;
  /** Planner units of one call; null where it was not planned. */
  readonly costBefore: number | null;
  readonly costAfter: number | null;
  /** EXPLAIN's text, before and after; null where it was not planned. */
  readonly planBefore: string | null;
  readonly planAfter: string | null;
}

export interface Measurement {
  readonly name: string;
  readonly value: number;
  readonly unit: MeasurementUnit;
  /** Where the figure comes from: `pg_stat_statements`, `twin 15.18`. */
  readonly source: string;
}

export interface Proof {
  readonly grade: ProofGrade;
  readonly method: string;
  readonly detail: string;
}

export interface Fix {
  readonly kind: FixKind;
  readonly sql: readonly FixStatement[];
  readonly undo: readonly string[];
  readonly rewrittenQuery: string | null;
  /** What to write into `pgsteward.yaml`, as YAML; not given where the fix needs none. */
  readonly configuration?: string;
  /** Migration files that hold this fix, once written. */
  readonly files: readonly string[];
}

export interface FixStatement {
  readonly sql: string;
  /** False for statements that PostgreSQL refuses inside a transaction. */
  readonly transactional: boolean;
  readonly lockTimeoutMs: number;
  readonly hazards: readonly string[];
}
