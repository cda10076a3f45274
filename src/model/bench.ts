import type { BeforeAfter } from './before-after.js';
import type { BenchDriver, BenchLoad } from './bench-load.js';

export type Verdict = 'improved' | 'regressed' | 'equivalent' | 'inconclusive';

/** A ratio after / before with its interval; below 1 is faster. */
export interface RatioInterval {
  readonly point: number;
  readonly low: number;
  readonly high: number;
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
  /** One object for each table whose indexes the migrations change. */
  readonly writes: readonly BenchWrites[];
  /** Why a table whose indexes change is missing from `writes`; absent when none is. */
  readonly writesSkipped?: readonly BenchSkipped[];
  readonly gate: BenchGate;
  /** Migrations that make the difference, by file name. */
  readonly migrations: readonly string[];
  /** How long they took on the clone, on which nobody else works; null where two databases were given. */
  readonly migrationMs?: number | null;
  /** What they locked meanwhile, held longest first; null where two databases were given. */
  readonly migrationLocks?: readonly BenchLock[] | null;
  /** The rows that were measured on; a baseline of other rows is refused. */
  readonly data?: BenchData;
  /** Blocks of slices that something else on the machine has spoiled. */
  readonly contamination?: BenchContamination;
  /** When the report that limits were also checked against was made; null without one. */
  readonly baseline?: { readonly startedAt: string } | null;
  /** Earlier runs of the same history file, oldest first. */
  readonly history?: readonly BenchHistoryEntry[];
  /** The mix of all queries at a rate, in an open loop; null where no rate was asked for. */
  readonly load?: BenchLoad | null;
}

/** Locks of one mode on one table that was there before the migrations, seen every few milliseconds while they ran. */
export interface BenchLock {
  /** Schema-qualified. */
  readonly relation: string;
  /** As pg_locks writes it: `ShareLock`. */
  readonly mode: string;
  /** Who waits meanwhile: `schema changes` are VACUUM and other migrations too. */
  readonly stops: 'readers and writers' | 'writers' | 'schema changes';
  /** How often it was taken. */
  readonly times: number;
  /** The longest that it was held at a stretch. */
  readonly heldMs: number;
}

export interface BenchGate {
  readonly passed: boolean;
  /** Why not. */
  readonly reasons: readonly string[];
  /** What is to be known and closes no gate: plans that changed, limits that could not be checked. */
  readonly notes?: readonly string[];
}

/** Size of the measured database; rows are the planner's estimates after ANALYZE, by schema-qualified table. */
export interface BenchData {
  readonly sizeBytes: number;
  readonly rowsEstimate: Readonly<Record<string, number>>;
}

/** How many ABBA blocks were measured, and how many of them were left out of the ratios, by what spoiled them. */
export interface BenchContamination {
  readonly blocks: number;
  readonly dropped: number;
  readonly causes: readonly { readonly cause: BenchContaminant; readonly blocks: number }[];
}

/** What can spoil a block: processor time stolen by the host, the server's own upkeep, other sessions at work. */
export type BenchContaminant = 'steal' | 'checkpoint' | 'autovacuum' | 'foreign session';

/** One line of a history file. */
export interface BenchHistoryEntry {
  readonly startedAt: string;
  readonly migrations: readonly string[];
  readonly passed: boolean;
  readonly queries: readonly BenchHistoryQuery[];
}

export interface BenchHistoryQuery {
  readonly name: string;
  readonly verdict: Verdict;
  readonly ratio: number;
  readonly p50Ms: BeforeAfter<number>;
  readonly p99Ms: BeforeAfter<number>;
}

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
  /** Ratios above 1 that this run could have told from 1, for the query in the middle; null where nothing was measured. */
  readonly smallestEffect?: { readonly latency: number | null; readonly cpu: number | null };
}

export interface BenchQuery {
  readonly name: string;
  readonly fingerprint: string;
  readonly text: string;
  readonly verdict: Verdict;
  readonly latencyRatio: RatioInterval;
  /** Mean latency less the time for which the requests waited for a processor; null where the system tells neither. */
  readonly undelayedRatio?: RatioInterval | null;
  /** CPU time per request. Null where the system gives no CPU account, and where parallel workers do the work. */
  readonly cpuRatio: RatioInterval | null;
  /** Latency ratios nearer to 1 are no change: 1.05, or what the query showed against itself. */
  readonly changeMargin?: number;
  /** Latency ratios whose interval lies within this of 1 are equivalent: 1.05, or what the noise allows. */
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
  readonly p95Ms?: BeforeAfter<number>;
  readonly p99Ms: BeforeAfter<number>;
  /** Latencies at the shares of `BENCH_SHARES`, for the report's curves. */
  readonly quantilesMs?: BeforeAfter<readonly number[]>;
  /** Probability of so clear a change among identical schemas, corrected for all queries and metrics (Holm). */
  readonly pValue?: number | null;
  /** Rows that filters and joins threw away, in one call: the mean over the parameter sets. */
  readonly rowsRemoved?: BeforeAfter<number>;
  /** Temporary files written by one call. */
  readonly tempBytes?: BeforeAfter<number>;
  /** WAL written by one call. */
  readonly walBytes?: BeforeAfter<number>;
  /** Median latency of each slice, interleaved, for the report's strip. */
  readonly slices: BeforeAfter<readonly number[]>;
  readonly requests: BeforeAfter<number>;
  readonly errors: BeforeAfter<number>;
  /** The same query under the driver that the verdict does not use; null when it was not run. */
  readonly otherDriver?: BenchOtherDriver | null;
}

/** Shares of requests, 0–1, at which a report gives latencies: every second percent, and the tail more closely. */
export const BENCH_SHARES: readonly number[] = [
  ...Array.from({ length: 49 }, (_, index) => (index + 1) / 50),
  ...[0.99, 0.995, 0.999, 0.9999, 1],
];

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
  /** Share of updates that needed no new index entry, 0–1; the update changes a column of the index that is new or gone. */
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
