import { setTimeout as pause } from 'node:timers/promises';
import { sqlStateOf } from '../errors.js';

/** How long to stand in a lock's queue at once, and how long altogether. */
export interface LockPatience {
  /** From the first refusal until the work is given up. */
  readonly budgetMs: number;
  readonly random: () => number;
  /** Ends the waits between slices with its reason. */
  readonly signal: AbortSignal | null;
}

export interface Sliced<T> {
  readonly value: T;
  /** How often the work began again. */
  readonly retries: number;
}

/**
 * Whoever waits for an exclusive lock makes every later reader wait behind it. So the first wait is short, the waits
 * grow to three seconds, and between them everybody else has as much time again.
 */
const SLICE_MS_FIRST = 100;
const SLICE_MS_MAX = 3_000;
const PAUSE_MS_MIN = 50;

/** lock_not_available, deadlock_detected, serialization_failure: states after which the same work can succeed. */
const PASSING = new Set(['55P03', '40P01', '40001']);

/**
 * Runs work with a `lock_timeout` that grows from 100 ms to 3 s, again and again while locks stand in its way, with
 * pauses between; rethrows the last refusal when the budget is used up, and everything else at once.
 */
export async function inLockSlices<T>(
  patience: LockPatience,
  work: (sliceMs: number) => Promise<T>,
): Promise<Sliced<T>> {
  let firstRefusalAt: number | null = null;
  for (let retries = 0; ; retries += 1) {
    const sliceMs = Math.min(SLICE_MS_FIRST * 2 ** retries, SLICE_MS_MAX);
    const startedAt = performance.now();
    try {
      return { value: await work(sliceMs), retries };
    } catch (error) {
      firstRefusalAt ??= startedAt;
      const spentMs = performance.now() - firstRefusalAt;
      if (!PASSING.has(sqlStateOf(error) ?? '') || spentMs >= patience.budgetMs) throw error;
      await pause(Math.max(PAUSE_MS_MIN, sliceMs * (0.5 + patience.random())));
      patience.signal?.throwIfAborted();
    }
  }
}
