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
  queueMs: null,
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

describe('the latency without waiting for a processor', () => {
  const waited = (latencyUs: number, queueMs: number | null): SliceResult => ({ ...slice(latencyUs), queueMs });

  it('is what remains of the mean, and no less than the CPU time', () => {
    const comparison = new Comparison();
    comparison.add({ before: [waited(4_000, 1), waited(9_000, 6)], after: [waited(9_000, 6), waited(3_000, 2.5)] });
    expect(comparison.undelayedBlocks).toEqual([{ before: [3, 3], after: [3, 1] }]);
  });

  it('is unknown where a slice has no account of it', () => {
    const comparison = new Comparison();
    comparison.add({ before: [waited(4_000, 1), waited(4_000, null)], after: [waited(4_000, 1), waited(4_000, 1)] });
    expect(comparison.undelayedBlocks).toEqual([]);
    expect(comparison.latencyBlocks).toHaveLength(1);
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
