import type { SteadyClock } from '../../../src/worker/pace/steady-clock.js';

/** A clock that a test moves by hand. */
export class FakeClock implements SteadyClock {
  private now = 0;
  private readonly due: { readonly atMs: number; readonly wake: () => void }[] = [];

  nowMs(): number {
    return this.now;
  }

  pause(durationMs: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const onAbort = () => reject(signal.reason);
      signal.addEventListener('abort', onAbort, { once: true });
      const wake = () => {
        signal.removeEventListener('abort', onAbort);
        resolve();
      };
      this.due.push({ atMs: this.now + durationMs, wake });
    });
  }

  /** Moves on, waking whoever is due on the way in order, and lets all that follows from it happen. */
  async advance(durationMs: number): Promise<void> {
    const until = this.now + durationMs;
    await settle();
    for (;;) {
      const [next] = this.due.sort((a, b) => a.atMs - b.atMs);
      if (next === undefined || next.atMs > until) break;
      this.due.shift();
      this.now = Math.max(this.now, next.atMs);
      next.wake();
      await settle();
    }
    this.now = until;
  }
}

function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
