import { describe, expect, it } from 'vitest';
import { BatchSizer } from '../../../src/worker/pace/batch-sizer.js';

const SIZES = { first: 100, least: 1, most: 1_000_000 };

/** Does batches one after the other and gives size and duration of each. */
function work(
  sizer: BatchSizer,
  batches: number,
  {
    unitMs,
    roundTripMs = 0.1,
    extraMs = () => 0,
  }: { unitMs: number; roundTripMs?: number; extraMs?: (n: number) => number },
) {
  return Array.from({ length: batches }, (_, n) => {
    const size = sizer.next(SIZES);
    const durationMs = 4 * roundTripMs + size * unitMs + extraMs(n);
    sizer.learn({ size, durationMs, roundTripMs, walBytes: 0 });
    return { size, durationMs };
  });
}

describe('the size of a batch', () => {
  it.each([0.0005, 0.01, 0.4, 7, 40])('comes to 50 ms where a unit costs %d ms', (unitMs) => {
    const last = work(new BatchSizer({ walBytesPerSecond: null }), 16, { unitMs }).at(-1);
    expect(last?.durationMs).toBeGreaterThan(35);
    expect(last?.durationMs).toBeLessThan(56);
  });

  it('at most doubles from one batch to the next', () => {
    const done = work(new BatchSizer({ walBytesPerSecond: null }), 12, { unitMs: 0.001 });
    const growths = done.slice(1).map(({ size }, n) => size / (done[n]?.size ?? 1));
    expect(Math.max(...growths)).toBe(2);
  });

  it('is back two batches after a single slow one', () => {
    const sizer = new BatchSizer({ walBytesPerSecond: null });
    work(sizer, 10, { unitMs: 0.1 });
    const [before, after, again, ...rest] = work(sizer, 5, { unitMs: 0.1, extraMs: (n) => (n === 0 ? 3000 : 0) });
    expect(after?.size).toBe(Math.round((before?.size ?? 0) / 4));
    expect(again?.size).toBe(2 * (after?.size ?? 0));
    expect(rest[0]?.size).toBe(before?.size);
  });

  it('falls to what a unit costs now with the second slow batch', () => {
    const sizer = new BatchSizer({ walBytesPerSecond: null });
    work(sizer, 10, { unitMs: 0.1 });
    const [, , third] = work(sizer, 3, { unitMs: 10 });
    expect(third?.size).toBe(5);
  });

  it('stays worth its way where the server is far', () => {
    const last = work(new BatchSizer({ walBytesPerSecond: null }), 16, { unitMs: 0.1, roundTripMs: 30 }).at(-1);
    expect(last?.durationMs).toBeGreaterThan(150);
    expect(last?.durationMs).toBeLessThan(190);
  });

  it.each([
    ['of 50 ms where that is much', 40_000_000, 5000],
    ['that is flushed in a moment where less is allowed', 5_000_000, 1966],
    ['of 200 ms at the most', 2_000_000, 1000],
  ])('writes the WAL %s', (_, walBytesPerSecond, size) => {
    const sizer = new BatchSizer({ walBytesPerSecond });
    for (let n = 0; n < 10; n += 1) {
      const size = sizer.next(SIZES);
      sizer.learn({ size, durationMs: size * 0.001, roundTripMs: 0.1, walBytes: size * 400 });
    }
    expect(sizer.next(SIZES)).toBe(size);
  });

  it('stays within what the kind allows', () => {
    const sizer = new BatchSizer({ walBytesPerSecond: null });
    sizer.learn({ size: 100, durationMs: 60_000, roundTripMs: 0.1, walBytes: 0 });
    expect(sizer.next({ first: 100, least: 10, most: 200 })).toBe(10);
    for (let n = 0; n < 20; n += 1) sizer.learn({ size: 200, durationMs: 1, roundTripMs: 0.1, walBytes: 0 });
    expect(sizer.next({ first: 100, least: 10, most: 200 })).toBe(200);
  });
});
