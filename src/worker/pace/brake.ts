import type { BrakeName } from '../../jobs/brakes.js';
import type { Session } from '../../postgres/session.js';

/** One reason to hold a run back. It is asked before the first batch and then about once a second. */
export interface Brake {
  readonly name: BrakeName;
  measure(gauge: Gauge): Promise<Reading>;
}

/** What a brake measures with. */
export interface Gauge {
  /** Reads on the target in a short read-only transaction. */
  read<T>(work: (session: Session) => Promise<T>): Promise<T>;
  nowMs(): number;
}

export interface Reading {
  /** Of what is measured to its limit: from `SLOWS_FROM` on the run is slowed, from `HOLDS_FROM` on no batch begins. */
  readonly pressure: number;
  /** What is in the way, who (process, application, age) and the limit; of no meaning without pressure. */
  readonly detail: string;
  /** What could not be measured and what would help; null where all is seen. */
  readonly unseen: string | null;
}

/** The backend that does the batch under way; null between batches. */
export interface BatchBackend {
  pid: number | null;
}

/** Pressure from which on a run is slowed. */
export const SLOWS_FROM = 0.5;
/** Pressure from which on no batch begins. */
export const HOLDS_FROM = 1;

/** Gives the reading of a brake that has nothing against the next batch. */
export function freeReading(unseen: string | null = null): Reading {
  return { pressure: 0, detail: '', unseen };
}

/** Gives what stands most in the way. */
export function strongest<R extends Pick<Reading, 'pressure'>>(readings: readonly R[]): R | null {
  return readings.reduce<R | null>(
    (most, each) => (most === null || each.pressure > most.pressure ? each : most),
    null,
  );
}
