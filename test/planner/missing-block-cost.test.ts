import { describe, expect, it } from 'vitest';
import { missingBlockCost, type ValueScan } from '../../src/planner/missing-block-cost.js';

const PRICES = { sequential: 1, random: 4 };

/** 67 rows of a rare value, each in a block of its own, in a table of 370 blocks. */
const RARE: ValueScan = {
  rows: 67,
  tableRows: 20_000,
  tableBlocks: 370,
  share: 67 / 20_000,
  plannedOrder: 0.9935,
  valueOrder: 0,
  scanOrder: 1,
};

const missing = (changes: Partial<ValueScan>) => missingBlockCost({ ...RARE, ...changes }, PRICES);

describe('the blocks that the planner leaves out', () => {
  it('are those of rows that it takes for neighbours and that lie apart', () => {
    expect(missing({})).toBeGreaterThan(150);
    expect(missing({})).toBeLessThan(67 * PRICES.random);
  });

  it('are none where rows of the value are neighbours', () => {
    expect(missing({ valueOrder: 1 })).toBe(0);
    expect(missing({ valueOrder: 0.9 })).toBeLessThan(missing({}) / 4);
  });

  it('are none where the planner reckons with each row’s block by itself', () => {
    expect(missing({ plannedOrder: 0 })).toBe(0);
  });

  it('cost more where the rows are not read in the order of the table', () => {
    expect(missing({ scanOrder: 0 })).toBeGreaterThan(missing({ scanOrder: 1 }));
  });

  it('are few where each block holds some of the rows anyway', () => {
    const common = { rows: 10_000, share: 0.5, plannedOrder: 0.5 };
    expect(missing(common)).toBe(0);
  });

  it('are none of an empty table or of a value that is not there', () => {
    expect(missing({ tableBlocks: 0 })).toBe(0);
    expect(missing({ tableRows: 0 })).toBe(0);
    expect(missing({ share: 0 })).toBe(0);
  });
});
