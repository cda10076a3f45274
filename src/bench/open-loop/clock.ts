/** Time as the open loop needs it. */
export interface Clock {
  /** Milliseconds, with fractions. */
  now(): number;
  /** Resolves at this time, as exactly as the system can. */
  until(timeMs: number): Promise<void>;
}

/** Node's timers are whole milliseconds and late by up to one more: the rest is waited for in the event loop itself. */
const TIMER_SLACK_MS = 1.25;

/** The system's clock; within the last millisecond or so it looks at every turn of the event loop. */
export const systemClock: Clock = {
  now: () => performance.now(),
  async until(timeMs) {
    for (let leftMs = timeMs - performance.now(); leftMs > 0; leftMs = timeMs - performance.now()) {
      await (leftMs > TIMER_SLACK_MS ? sleep(leftMs - TIMER_SLACK_MS) : nextTurn());
    }
  },
};

function sleep(durationMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, durationMs));
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
