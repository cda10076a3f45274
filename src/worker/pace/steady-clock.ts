import { setTimeout as pause } from 'node:timers/promises';

/** Measures durations and waits; never goes back and knows no date. */
export interface SteadyClock {
  nowMs(): number;
  /** Rejects as soon as the signal is aborted. */
  pause(durationMs: number, signal: AbortSignal): Promise<void>;
}

/** This machine's. */
export const steadyClock: SteadyClock = {
  nowMs: () => performance.now(),
  pause: (durationMs, signal) => pause(durationMs, undefined, { signal }),
};
