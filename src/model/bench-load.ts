import type { BeforeAfter } from './before-after.js';

/** All queries in the mix of their weights at one rate; latency counts from the intended start. */
export interface BenchLoad {
  /** The way that the requests took; absent in reports of before it was told, when it was `pg`. */
  readonly driver?: BenchDriver;
  readonly arrivals: 'poisson' | 'even' | 'storm';
  readonly ratePerSecond: number;
  /** Whether the rate was given or taken from the capacity. */
  readonly rateFrom: 'given' | 'capacity';
  /** Requests a second that the connections complete when each sends the next one at once. */
  readonly capacityPerSecond: BeforeAfter<number>;
  /** The rate beyond which response times leave service times behind; null where no step of the search did. */
  readonly kneePerSecond: BeforeAfter<number | null>;
  readonly connections: number;
  /** From the intended start to the end. */
  readonly responseMs: BeforeAfter<BenchPercentiles>;
  /** From the actual start to the end: what a closed loop would have shown. */
  readonly serviceMs: BeforeAfter<BenchPercentiles>;
  /** How late requests were handed over by the pacing itself. */
  readonly pacingErrorMs: BenchPercentiles;
  readonly queries: readonly BenchLoadQuery[];
  /** The same load beside work of another kind; absent where none was asked for. */
  readonly beside?: BenchBeside;
}

/** A load alone and beside work that went on in the same database, in turns. */
export interface BenchBeside {
  /** What was done, such as the names of jobs, one after another without a pause. */
  readonly work: readonly string[];
  readonly runsPerSecond: BeforeAfter<number>;
  readonly failedRuns: BeforeAfter<number>;
  /** The load's response times from the intended start, without the work and with it. */
  readonly aloneMs: BeforeAfter<BenchPercentiles>;
  readonly besideMs: BeforeAfter<BenchPercentiles>;
}

export interface BenchLoadQuery {
  readonly name: string;
  readonly responseMs: BeforeAfter<BenchPercentiles>;
  readonly errors: BeforeAfter<number>;
}

export interface BenchPercentiles {
  readonly count: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

export type BenchDriver = 'http' | 'pg';
