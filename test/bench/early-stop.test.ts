import { describe, expect, it } from 'vitest';
import { Comparison } from '../../src/bench/comparison.js';
import type { SliceResult } from '../../src/bench/driver.js';
import { earlyStop } from '../../src/bench/early-stop.js';
import type { ExactSignals } from '../../src/bench/exact-signals.js';
import { seededRandom } from '../../src/random.js';

const both = <Value>(value: Value) => ({ before: value, after: value });
const exact: ExactSignals = {
  ...{ buffers: { before: 900, after: 9 }, planHash: { before: 'aa', after: 'bb' }, plan: both('') },
  ...{ rowsRemoved: both(0), tempBytes: both(0), walBytes: both(0), durationMs: both(1) },
  ...{ parameterSets: 1, writes: false, parallel: both(false) },
};

/** Blocks whose slices spread log-normally around 1 ms before and `ratio` ms after. */
function comparisonOf(blocks: number, ratio: number, spread: number): Comparison {
  const random = seededRandom(7);
  const slice = (ms: number): SliceResult => {
    const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    return {
      latenciesUs: [ms * 1_000 * Math.exp(spread * normal)],
      errors: 0,
      errorMessage: null,
      cpuMs: null,
      queueMs: null,
    };
  };
  const comparison = new Comparison();
  for (let block = 0; block < blocks; block += 1) {
    comparison.add({ before: [slice(1), slice(1)], after: [slice(ratio), slice(ratio)] });
  }
  return comparison;
}

const decided = (main: Comparison, noise = comparisonOf(12, 1, 0.02)) =>
  earlyStop(new Map([[0, exact]]), new Map([[0, noise]]), seededRandom(1))(0, main);

describe('an early stop', () => {
  it('comes where a change is plain, or its absence', () => {
    expect(decided(comparisonOf(12, 0.3, 0.02))).toBe(true);
    expect(decided(comparisonOf(12, 1, 0.005))).toBe(true);
  });

  it('waits where noise leaves room for doubt', () => {
    expect(decided(comparisonOf(12, 1.2, 0.3))).toBe(false);
    expect(decided(comparisonOf(12, 1, 0.1))).toBe(false);
  });

  it('never comes without a measured noise', () => {
    const stop = earlyStop(new Map([[0, exact]]), new Map(), seededRandom(1));
    expect(stop(0, comparisonOf(12, 0.3, 0.02))).toBe(false);
  });
});
