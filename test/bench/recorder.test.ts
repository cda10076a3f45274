import { describe, expect, it } from 'vitest';
import { Recorder } from '../../src/bench/recorder.js';
import { seededRandom } from '../../src/random.js';

describe('Recorder', () => {
  it('is exact below 128 microseconds', () => {
    const recorder = new Recorder();
    for (let value = 1; value <= 100; value += 1) recorder.record(value);
    expect([0.01, 0.5, 0.95, 0.99, 1].map((share) => recorder.quantileUs(share))).toEqual([1, 50, 95, 99, 100]);
  });

  it('keeps every quantile of wide-spread latencies within 1 %', () => {
    const random = seededRandom(11);
    const values = Array.from({ length: 20_000 }, () => Math.round(10 ** (1 + 6 * random()))).sort((a, b) => a - b);
    const recorder = new Recorder();
    for (const value of values) recorder.record(value);
    for (const share of [0.01, 0.25, 0.5, 0.9, 0.99, 0.999, 1]) {
      const exact = values[Math.ceil(share * values.length) - 1] ?? Number.NaN;
      expect(Math.abs(recorder.quantileUs(share) / exact - 1), `quantile ${share}`).toBeLessThan(0.01);
    }
  });

  it('shows a stall of one request in a hundred at the top and nowhere else', () => {
    const recorder = new Recorder();
    for (let request = 0; request < 990; request += 1) recorder.record(300);
    for (let request = 0; request < 10; request += 1) recorder.record(250_000);
    expect(recorder.quantileUs(0.99)).toBeLessThan(305);
    expect(recorder.quantileUs(0.995)).toBeGreaterThan(245_000);
    expect(recorder.maxUs).toBe(250_000);
    expect(recorder.count).toBe(1_000);
  });

  it('has no quantile before the first latency', () => {
    expect(new Recorder().quantileUs(0.5)).toBeNaN();
  });
});
