import type { BenchDriver } from '../model/bench-load.js';
import type { CacheEviction } from './cold-cache.js';
import type { LoadStatement } from './scenario.js';

/** Which connections a slice uses; `control` are others to the clone without the migrations. */
export type Side = 'before' | 'control' | 'after';

/** A fixed number of requests of one statement against one side. */
export interface Slice {
  readonly side: Side;
  readonly statement: LoadStatement;
  readonly requests: number;
  /** Number of the first request, which decides the parameter set. */
  readonly offset: number;
  /** Which of the side's connections are used: from 0 to `LANES` - 1. */
  readonly lane: number;
}

export interface SliceResult {
  /** Of the requests that succeeded. */
  readonly latenciesUs: readonly number[];
  readonly errors: number;
  /** Of the first that failed, or null. */
  readonly errorMessage: string | null;
  /** CPU time of the side's backends during the slice, or null where the system keeps no account. */
  readonly cpuMs: number | null;
  /**
   * Time for which the requests waited for a processor, all together: in the side's backends and in the thread that sends
   * them. Null where the system keeps no account, and where more was run than what was timed.
   */
  readonly queueMs: number | null;
}

/** Sends requests and measures them. */
export interface LoadDriver {
  readonly kind: BenchDriver;
  runSlice(slice: Slice): Promise<SliceResult>;
  close(): Promise<void>;
}

/** The two clones that a driver connects to. */
export interface DriverTargets {
  readonly beforeUrl: string;
  readonly afterUrl: string;
  readonly beforeName: string;
  readonly afterName: string;
  readonly statementTimeoutMs: number;
  /** Empties a side's cache before each call of the direct driver. */
  readonly eviction?: CacheEviction;
}
