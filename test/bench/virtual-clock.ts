import type { Clock } from '../../src/bench/open-loop/clock.js';

interface Alarm {
  readonly timeMs: number;
  readonly ring: () => void;
}

/** A clock that stands still while anything works and leaps to the next alarm when nothing does. */
export class VirtualClock implements Clock {
  private timeMs = 0;
  private alarms: Alarm[] = [];
  private leaping = false;

  now(): number {
    return this.timeMs;
  }

  until(timeMs: number): Promise<void> {
    if (timeMs <= this.timeMs) return Promise.resolve();
    return new Promise((resolve) => {
      this.alarms.push({ timeMs, ring: resolve });
      this.leap();
    });
  }

  private leap(): void {
    if (this.leaping) return;
    this.leaping = true;
    // By the next turn of the event loop all that can go on has gone on.
    setImmediate(() => {
      this.leaping = false;
      this.alarms.sort((left, right) => left.timeMs - right.timeMs);
      const next = this.alarms.shift();
      if (next === undefined) return;
      this.timeMs = next.timeMs;
      next.ring();
      if (this.alarms.length > 0) this.leap();
    });
  }
}
