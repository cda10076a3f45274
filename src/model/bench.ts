export type Verdict = 'improved' | 'regressed' | 'equivalent' | 'inconclusive';

/** A ratio after / before with its interval; below 1 is faster. */
export interface RatioInterval {
  readonly point: number;
  readonly low: number;
  readonly high: number;
}

export interface BeforeAfter<Value> {
  readonly before: Value;
  readonly after: Value;
}

/** The report of one bench run: the contract's JSON, schema version 1. */
export interface BenchReport {
  readonly schemaVersion: 1;
  readonly tool: { readonly name: 'pgsteward'; readonly version: string };
  readonly startedAt: string;
  readonly durationMs: number;
  readonly server: { readonly version: string; readonly major: number };
  readonly driver: BenchDriver;
  /** What the same statement against itself looked like in this run: the smallest effect that can be seen. */
  readonly noiseFloor: NoiseFloor;
  readonly queries: readonly BenchQuery[];
  readonly writes: readonly BenchWrites[];
  readonly gate: { readonly passed: boolean; readonly reasons: readonly string[] };
  /** Migrations that make the difference, by file name. */
  readonly migrations: readonly string[];
}

export type BenchDriver = 'http' | 'pg';

export interface NoiseFloor {
  readonly latencyRatio: RatioInterval;
  readonly cpuRatio: RatioInterval | null;
  readonly requests: number;
}

export interface BenchQuery {
  readonly name: string;
  readonly fingerprint: string;
  readonly text: string;
  readonly verdict: Verdict;
  readonly latencyRatio: RatioInterval;
  /** Null where the system gives no CPU account. */
  readonly cpuRatio: RatioInterval | null;
  /** Shared buffers of one call, hit and read, exact. */
  readonly buffers: BeforeAfter<number>;
  readonly planHash: BeforeAfter<string>;
  /** EXPLAIN ANALYZE's text. */
  readonly plan: BeforeAfter<string>;
  readonly p50Ms: BeforeAfter<number>;
  readonly p99Ms: BeforeAfter<number>;
  /** Median latency of each slice, interleaved, for the report's strip. */
  readonly slices: BeforeAfter<readonly number[]>;
  readonly requests: BeforeAfter<number>;
  readonly errors: BeforeAfter<number>;
}

export interface BenchWrites {
  readonly table: string;
  readonly walBytesPerRow: BeforeAfter<number>;
  readonly hotShare: BeforeAfter<number>;
  readonly insertMs: BeforeAfter<number>;
  readonly updateMs: BeforeAfter<number>;
  readonly deleteMs: BeforeAfter<number>;
  readonly indexBytes: BeforeAfter<number>;
  readonly buildMs: BeforeAfter<number>;
}
