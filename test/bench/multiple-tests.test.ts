import { describe, expect, it } from 'vitest';
import { changeProbability, holm } from '../../src/bench/multiple-tests.js';

describe('changeProbability', () => {
  it('is one half of 5 % times two where the interval just touches the margin', () => {
    expect(changeProbability({ point: 1.2, low: 1.05, high: 1.2 ** 2 / 1.05 }, 1.05)).toBeCloseTo(0.05, 3);
    expect(changeProbability({ point: 1 / 1.2, low: 1.05 / 1.2 ** 2, high: 1 / 1.05 }, 1.05)).toBeCloseTo(0.05, 3);
  });

  it('is 1 within the margin and next to nothing far beyond it', () => {
    expect(changeProbability({ point: 1.04, low: 1.03, high: 1.05 }, 1.05)).toBe(1);
    expect(changeProbability({ point: 0.1, low: 0.09, high: 0.11 }, 1.05)).toBeLessThan(1e-9);
  });

  it('believes an interval without width', () => {
    expect(changeProbability({ point: 2, low: 2, high: 2 }, 1.05)).toBe(0);
  });
});

describe('holm', () => {
  it('multiplies the smallest by the number of tests, the next by one less, and never lets one overtake another', () => {
    const corrected = holm([0.04, 0.01, 0.03]);
    expect(corrected[1]).toBeCloseTo(0.03, 12);
    expect(corrected[2]).toBeCloseTo(0.06, 12);
    expect(corrected[0]).toBeCloseTo(0.06, 12);
  });

  it('never exceeds 1 and has nothing to say of no tests', () => {
    expect(holm([0.9, 0.8])).toEqual([1, 1]);
    expect(holm([])).toEqual([]);
  });
});
