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
  /** Queries that were measured on both sides, in the order they were given. */
  readonly queries: readonly BenchQuery[];
  /** Queries that the migrations broke: they run before and fail after. Each is a reason of the gate. */
  readonly failures?: readonly BenchFailure[];
  /** Queries that were left out, such as those that the time budget does not hold. */
  readonly skipped?: readonly BenchSkipped[];
  /** One object for each table that the migrations gave an index. */
  readonly writes: readonly BenchWrites[];
  /** Why a table with a new index is missing from `writes`; absent when none is. */
  readonly writesSkipped?: readonly BenchSkipped[];
  readonly gate: { readonly passed: boolean; readonly reasons: readonly string[] };
  /** Migrations that make the difference, by file name. */
  readonly migrations: readonly string[];
}

export type BenchDriver = 'http' | 'pg';

export interface BenchFailure {
  readonly name: string;
  readonly fingerprint: string;
  /** The server's message. */
  readonly message: string;
}

export interface BenchSkipped {
  readonly name: string;
  readonly reason: string;
}

/** Comparisons of the schema before with itself, all queries together; `requests` counts them on both sides. */
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
  /** CPU time per request. Null where the system gives no CPU account, and where parallel workers do the work. */
  readonly cpuRatio: RatioInterval | null;
  /** The smallest latency ratio that counts as a change for this query, above 1: 1.05, or what the noise allows. */
  readonly equivalenceMargin?: number;
  /** This query against itself in this run; null when it was too slow to be given the time. */
  readonly noise?: RatioInterval | null;
  /** Shared buffers of one call, hit and read: the mean over the parameter sets, each counted exactly. */
  readonly buffers: BeforeAfter<number>;
  /** How many parameter sets the exact signals were read for. */
  readonly parameterSets?: number;
  /** Equal when the plans have one shape for every parameter set; literal values and costs do not count. */
  readonly planHash: BeforeAfter<string>;
  /** EXPLAIN ANALYZE's text for the parameter set that reads the most buffers before. */
  readonly plan: BeforeAfter<string>;
  readonly p50Ms: BeforeAfter<number>;
  readonly p99Ms: BeforeAfter<number>;
  /** Median latency of each slice, interleaved, for the report's strip. */
  readonly slices: BeforeAfter<readonly number[]>;
  readonly requests: BeforeAfter<number>;
  readonly errors: BeforeAfter<number>;
  /** The same query under the driver that the verdict does not use; null when it was not run. */
  readonly otherDriver?: BenchOtherDriver | null;
}

export interface BenchOtherDriver {
  readonly driver: BenchDriver;
  readonly latencyRatio: RatioInterval;
  readonly p50Ms: BeforeAfter<number>;
  readonly p99Ms: BeforeAfter<number>;
  readonly requests: BeforeAfter<number>;
}

/** What writing to one table costs; each statement touches the same rows on both sides and is rolled back. */
export interface BenchWrites {
  /** Schema-qualified. */
  readonly table: string;
  /** Rows that each statement touches. */
  readonly rows?: number;
  /** WAL of one changed row: the mean over inserted, updated and deleted rows, the least of several passes. */
  readonly walBytesPerRow: BeforeAfter<number>;
  /** Share of updates that needed no new index entry, 0–1; the update changes a column of the new index. */
  readonly hotShare: BeforeAfter<number>;
  /** Time of the statement, all its rows together. */
  readonly insertMs: BeforeAfter<number>;
  readonly updateMs: BeforeAfter<number>;
  readonly deleteMs: BeforeAfter<number>;
  /** All indexes of the table. */
  readonly indexBytes: BeforeAfter<number>;
  /** Time to build the indexes that the migrations add, without CONCURRENTLY; 0 before. */
  readonly buildMs: BeforeAfter<number>;
}
