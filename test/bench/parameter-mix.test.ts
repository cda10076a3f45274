import { describe, expect, it } from 'vitest';
import { skewedSets } from '../../src/bench/parameter-mix.js';
import { seededRandom } from '../../src/random.js';

const hot = ['0b8f0d52-7a0e-4f3c-9a51-2f1d3c4b5a69', 'pending', 50];
const sets = [
  hot,
  ['1b8f0d52-7a0e-4f3c-9a51-2f1d3c4b5a69', 'sent', 50],
  ['2b8f0d52-7a0e-4f3c-9a51-2f1d3c4b5a69', 'failed', 50],
];

describe('skewedSets', () => {
  it('calls the common values in half of the calls, and once an identifier that no row has', () => {
    const mixed = skewedSets(sets, seededRandom(1));
    expect(mixed).toHaveLength(8);
    expect(mixed.filter((set) => set === hot)).toHaveLength(4);
    expect(mixed.slice(0, 3)).toEqual(sets);
    const [id, status, limit] = mixed[3] ?? [];
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/);
    expect(sets.map((set) => set[0])).not.toContain(id);
    expect([status, limit]).toEqual(['pending', 50]);
  });

  it('makes up no number, which could be a limit', () => {
    const mixed = skewedSets([[1], [2], [3]], seededRandom(1));
    expect(new Set(mixed.flat())).toEqual(new Set([1, 2, 3]));
  });

  it('leaves alone what has no kinds, and calls equal sets once', () => {
    expect(skewedSets([[1], [2]], seededRandom(1))).toEqual([[1], [2]]);
    expect(skewedSets([[1], [1], [1]], seededRandom(1))).toEqual([[1]]);
  });
});
