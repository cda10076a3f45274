import type { Session } from '../../../src/postgres/session.js';
import type { Gauge } from '../../../src/worker/pace/brake.js';

/** A gauge that measures on a session; `move` lets time pass for it. */
export function gaugeOn(session: Session): Gauge & { move(durationMs: number): void } {
  let movedMs = 0;
  return {
    read: (work) => work(session),
    nowMs: () => performance.now() + movedMs,
    move: (durationMs) => {
      movedMs += durationMs;
    },
  };
}
