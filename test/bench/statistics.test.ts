import { describe, expect, it } from 'vitest';
import {
  bootstrapMedian,
  median,
  quantileOfSorted,
  type RatioBlock,
  ratioOfBlocks,
} from '../../src/bench/statistics.js';
import { seededRandom } from '../../src/random.js';

const SEED = 20_260_401;

/** Standard normal values by Box and Muller. */
function normals(random: () => number, count: number): number[] {
  return Array.from({ length: count }, () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()));
}

/** ABBA blocks of slices whose latencies spread log-normally around 1 before and around `ratio` after. */
function blocksOf(random: () => number, count: number, ratio: number, spread = 0.1): RatioBlock[] {
  const slice = (centre: number) => centre * Math.exp(spread * (normals(random, 1)[0] ?? 0));
  return Array.from({ length: count }, () => ({ before: [slice(1), slice(1)], after: [slice(ratio), slice(ratio)] }));
}

describe('quantiles', () => {
  it('interpolate between the two nearest values', () => {
    expect(quantileOfSorted([1, 2, 3, 4], 0.5)).toBe(2.5);
    expect(quantileOfSorted([10, 20], 0.9)).toBeCloseTo(19, 12);
    expect(quantileOfSorted([7], 0.99)).toBe(7);
    expect(quantileOfSorted([], 0.5)).toBeNaN();
  });

  it('do not depend on the order that the median was given', () => {
    expect(median([9, 1, 5])).toBe(5);
  });
});

describe('bootstrapMedian', () => {
  it('holds the true median of a normal distribution in about 95 of 100 samples', () => {
    const random = seededRandom(SEED);
    let held = 0;
    for (let sample = 0; sample < 200; sample += 1) {
      const [low, high] = bootstrapMedian(normals(random, 15), random);
      if (low <= 0 && high >= 0) held += 1;
    }
    expect(held).toBeGreaterThanOrEqual(182);
  });
});

describe('ratioOfBlocks', () => {
  it('finds a ratio of 0.5 within a few percent and tells it from 1', () => {
    const random = seededRandom(SEED);
    const ratio = ratioOfBlocks(blocksOf(random, 14, 0.5), random);
    expect(ratio?.point).toBeGreaterThan(0.45);
    expect(ratio?.point).toBeLessThan(0.55);
    expect(ratio?.high).toBeLessThan(0.6);
  });

  it('cancels a drift that runs through the whole block', () => {
    const blocks = Array.from({ length: 10 }, (_, index) => {
      const drift = (slice: number) => 1.1 ** (4 * index + slice);
      return { before: [drift(0), drift(3)], after: [drift(1), drift(2)] };
    });
    expect(ratioOfBlocks(blocks, seededRandom(SEED))?.point).toBeCloseTo(1, 12);
  });

  it('is not moved by one block that a stall spoils', () => {
    const random = seededRandom(SEED);
    const blocks = [...blocksOf(random, 13, 1, 0.01), { before: [1, 1], after: [50, 50] }];
    expect(ratioOfBlocks(blocks, random)?.high).toBeLessThan(1.03);
  });

  it('promises little from few blocks, however well they agree', () => {
    const same: RatioBlock = { before: [1, 1], after: [2, 2] };
    const random = seededRandom(SEED);
    const single = ratioOfBlocks([same], random);
    const three = ratioOfBlocks([same, same, same], random);
    expect(single).toEqual({ point: expect.closeTo(2), low: expect.closeTo(0.5), high: expect.closeTo(8) });
    expect(three).toEqual({ point: expect.closeTo(2), low: expect.closeTo(1.4), high: expect.closeTo(2 / 0.7) });
  });

  it('gives nothing where a slice has no positive value', () => {
    expect(ratioOfBlocks([{ before: [1, 0], after: [1, 1] }], seededRandom(SEED))).toBeNull();
    expect(ratioOfBlocks([], seededRandom(SEED))).toBeNull();
  });
});
