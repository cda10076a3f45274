import { describe, expect, it } from 'vitest';
import { worstSpill } from '../../../src/advisors/statements/spills.js';
import type { PlanNode } from '../../../src/model/plan.js';

const MB = 1_048_576;
const MEMORY = { bytes: 4 * MB, hashMultiplier: 2 };

/** A node of rows that are 52 bytes wide, which take 100 in memory. */
function node(nodeType: string, rows: number, parts: Partial<PlanNode> = {}): PlanNode {
  return {
    ...{ nodeType, relation: null, schema: null, alias: null, index: null, startupCost: 0, totalCost: 1 },
    ...{ rowsEstimate: rows, widthBytes: 52, indexCondition: null, filter: null, sortKeys: [] },
    ...{ parentRelationship: null, subplanName: null, children: [], actual: null, details: {} },
    ...parts,
  };
}

const spill = (plan: PlanNode) => {
  const found = worstSpill(plan, MEMORY);
  return found === null ? null : `${found.kind} of ${found.rows}, ${found.neededMb} MB`;
};

describe('what does not fit into memory', () => {
  it('is a sort beyond work_mem, with half as much again as reserve', () => {
    expect(spill(node('Sort', 41_944))).toBe('sort of 41944, 7 MB');
    expect(spill(node('Sort', 41_943))).toBeNull();
  });

  it('is a hash of a join beyond as many times work_mem as hashes may take', () => {
    expect(spill(node('Hash', 83_887))).toBe('hash of 83887, 7 MB');
    expect(spill(node('Hash', 83_886))).toBeNull();
  });

  it('is a hash of groups, and no groups that are sorted', () => {
    expect(spill(node('Aggregate', 100_000, { details: { Strategy: 'Hashed' } }))).toBe('hash of 100000, 8 MB');
    expect(spill(node('Aggregate', 100_000, { details: { Strategy: 'Sorted' } }))).toBeNull();
  });

  it('is no sort that LIMIT cuts short, but a hash below it', () => {
    expect(spill(node('Limit', 10, { children: [node('Sort', 1_000_000)] }))).toBeNull();
    expect(spill(node('Limit', 10, { children: [node('Hash', 1_000_000)] }))).toBe('hash of 1000000, 72 MB');
  });

  it('is no sort of several processes or partitions that LIMIT cuts short', () => {
    const merged = node('Gather Merge', 1_000_000, { children: [node('Sort', 1_000_000)] });
    expect(spill(node('Limit', 10, { children: [merged] }))).toBeNull();
    expect(spill(merged)).toBe('sort of 1000000, 144 MB');
    const grouped = node('Aggregate', 100, { children: [node('Sort', 1_000_000)] });
    expect(spill(node('Limit', 10, { children: [grouped] }))).toBe('sort of 1000000, 144 MB');
  });

  it('is told by the one that lacks most', () => {
    const children = [node('Sort', 100_000), node('Sort', 200_000)];
    expect(spill(node('Merge Join', 1, { children }))).toBe('sort of 200000, 29 MB');
  });
});
