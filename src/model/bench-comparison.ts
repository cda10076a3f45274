import type { BeforeAfter } from './before-after.js';
import type { RatioInterval, Verdict } from './bench.js';

/** Two earlier results side by side, query by query. */
export interface BenchComparison {
  readonly schemaVersion: 1;
  readonly sources: BeforeAfter<'pgsteward' | 'k6' | 'pgbench'>;
  readonly queries: readonly BenchComparisonQuery[];
  /** Names of queries that only one of the two measured. */
  readonly onlyBefore: readonly string[];
  readonly onlyAfter: readonly string[];
}

/** One query of both results; `before` is the earlier result's own `after`. */
export interface BenchComparisonQuery {
  readonly name: string;
  readonly verdict: Verdict;
  readonly ratio: RatioInterval;
  /** Through the same schema before in both, or as two runs one after the other. */
  readonly through: 'common before' | 'sequential runs';
  /** Null where the load generator gives none. */
  readonly buffers: BeforeAfter<number> | null;
  readonly planHash: BeforeAfter<string> | null;
  readonly p50Ms: BeforeAfter<number>;
  readonly p99Ms: BeforeAfter<number> | null;
}
