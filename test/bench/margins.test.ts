import { describe, expect, it } from 'vitest';
import { marginsOf } from '../../src/bench/margins.js';

const interval = (low: number, point: number, high: number) => ({ low, point, high });

describe('marginsOf', () => {
  it('gives 5 % for latency and 10 % for CPU time on a quiet machine', () => {
    const quiet = interval(0.99, 1, 1.01);
    expect(marginsOf('latency', { all: quiet, own: quiet })).toEqual({ change: 1.05, equivalence: 1.05 });
    expect(marginsOf('cpu', { all: quiet, own: null })).toEqual({ change: 1.1, equivalence: 1.1 });
  });

  it('calls nothing equal more exactly than the noise, in either direction', () => {
    expect(marginsOf('latency', { all: interval(0.8, 1, 1.1), own: null }).equivalence).toBeCloseTo(1.25, 12);
    expect(marginsOf('latency', { all: null, own: interval(0.9, 1, 1.2) }).equivalence).toBe(1.2);
  });

  it('calls nothing equal where a slowdown by half could hide, however noisy the machine is', () => {
    for (const signal of ['latency', 'cpu', 'undelayed'] as const)
      expect(marginsOf(signal, { all: interval(0.5, 1, 1.9), own: null }).equivalence).toBe(1.25);
  });

  it('calls no change what the query showed against itself, whose random part is in every interval', () => {
    const all = interval(0.9, 1.02, 1.2);
    expect(marginsOf('latency', { all, own: interval(0.7, 0.8, 1.3) }).change).toBeCloseTo(1.25, 12);
    expect(marginsOf('latency', { all, own: interval(0.9, 1.01, 1.3) }).change).toBe(1.05);
  });

  it('takes the whole interval for the latency without waiting, which is believed against everything else', () => {
    const noisy = interval(0.8, 1.02, 1.2);
    expect(marginsOf('undelayed', { all: noisy, own: noisy }).change).toBeCloseTo(1.25, 12);
    expect(marginsOf('undelayed', { all: interval(0.98, 1, 1.03), own: interval(0.97, 1, 1.02) }).change).toBe(1.1);
  });

  it('takes the whole interval of all queries for one that had no comparison of its own', () => {
    expect(marginsOf('latency', { all: interval(0.9, 1.02, 1.2), own: null }).change).toBe(1.2);
  });
});
