import { describe, expect, it } from 'vitest';
import { Comparison } from '../../src/bench/comparison.js';
import { summariseContamination } from '../../src/bench/contamination.js';
import type { SliceResult } from '../../src/bench/driver.js';
import type { BenchContaminant } from '../../src/model/bench.js';

const slice = (latencyUs: number): SliceResult => ({
  latenciesUs: [latencyUs],
  errors: 0,
  errorMessage: null,
  cpuMs: 1,
});
const block = { before: [slice(1_000), slice(1_000)], after: [slice(2_000), slice(2_000)] };
const stalled = { before: [slice(1_000), slice(1_000)], after: [slice(90_000), slice(90_000)] };

/** A comparison of clean blocks and of stalled ones, each in its time. */
function comparisonOf(clean: number, spoiled: number, cause: BenchContaminant): Comparison {
  const comparison = new Comparison();
  for (let count = 0; count < clean; count += 1) comparison.add(block);
  for (let count = 0; count < spoiled; count += 1) comparison.add(stalled, [cause]);
  return comparison;
}

describe('a comparison', () => {
  it('leaves spoiled blocks out whole, both sides of them', () => {
    const comparison = comparisonOf(10, 3, 'checkpoint');
    expect(comparison.latencyBlocks).toHaveLength(10);
    expect(comparison.cpuBlocks).toHaveLength(10);
    expect(comparison.latencyBlocks.every(({ after }) => after[0] === 2)).toBe(true);
    expect(comparison.slices.after).toHaveLength(26);
  });

  it('counts all blocks where too few are clean', () => {
    expect(comparisonOf(7, 3, 'steal').latencyBlocks).toHaveLength(10);
    expect(comparisonOf(9, 12, 'foreign session').latencyBlocks).toHaveLength(21);
  });
});

describe('summariseContamination', () => {
  it('says how many blocks were left out, and of what kind the spoiled ones were', () => {
    const comparisons = [comparisonOf(10, 3, 'checkpoint'), comparisonOf(2, 1, 'steal')];
    expect(summariseContamination(comparisons)).toEqual({
      blocks: 16,
      dropped: 3,
      causes: [
        { cause: 'steal', blocks: 1 },
        { cause: 'checkpoint', blocks: 3 },
      ],
    });
  });
});
