import { describe, expect, it } from 'vitest';
import { btreeHeight, estimateBtree } from '../../../src/planner/twin/btree-size.js';

const PIVOT_BYTES = 16;

/** An index whose rows all look alike. */
function alike(rows: number, entryBytes: number, groupRows: number, deduplicates = true) {
  return estimateBtree({ rows, samples: [{ entryBytes, groupRows }], pivotBytes: () => PIVOT_BYTES, deduplicates });
}

describe('the size of a btree', () => {
  // Sizes that CREATE INDEX gave: relpages on PostgreSQL 15 and 18.
  it('is that of a unique integer key: 366 entries on a leaf', () => {
    expect(alike(1_000_000, 16, 1)).toMatchObject({ blocks: 2745, height: 2 });
  });

  it('is one metapage for no row, a root that is a leaf for a few', () => {
    expect(alike(0, 16, 1)).toMatchObject({ blocks: 1, height: 0 });
    expect(alike(367, 16, 1)).toMatchObject({ blocks: 2, leafBlocks: 1, height: 0 });
    expect(alike(368, 16, 1)).toMatchObject({ blocks: 4, leafBlocks: 2, height: 1 });
  });

  it('falls to six bytes a row where many share a key: nine posting lists of 132 rows on a leaf', () => {
    expect(alike(1_000_000, 16, 100_000).leafBlocks).toBeCloseTo(1_000_000 / (9 * 132), -1);
  });

  it('does not fall where keys cannot be shared', () => {
    expect(alike(1_000_000, 16, 100_000, false).blocks).toBe(alike(1_000_000, 16, 1).blocks);
  });

  it('grows with the entries, and a lower fill factor', () => {
    const samples = [{ entryBytes: 48, groupRows: 1 }];
    const shape = { rows: 100_000, samples, pivotBytes: () => 48, deduplicates: true };
    expect(estimateBtree(shape).blocks).toBeGreaterThan(alike(100_000, 16, 1).blocks * 2);
    expect(estimateBtree({ ...shape, fillFactor: 50 }).blocks).toBeGreaterThan(estimateBtree(shape).blocks * 1.7);
  });

  it('counts keys one by one where all are known: ten integers in a million rows, and one for each row', () => {
    const groups = Array.from({ length: 10 }, () => ({ entryBytes: 16, rows: 100_000 }));
    const shape = { rows: 1_000_000, samples: [] };
    // Upper pages tell equal keys apart by their rows.
    expect(estimateBtree({ ...shape, groups, deduplicates: true, pivotBytes: () => 24 }).blocks).toBe(850);
    const single = [{ entryBytes: 16, rows: 1_000_000 }];
    expect(estimateBtree({ ...shape, groups: single, deduplicates: false, pivotBytes: () => 16 }).blocks).toBe(2745);
  });

  it('has the height that its length makes necessary: 284 downlinks on an upper page', () => {
    const blocks = [2, 3, 1 + 284, 2 + 284, 1 + 284 ** 2, 2 + 284 ** 2];
    expect(blocks.map((length) => btreeHeight(length, PIVOT_BYTES))).toEqual([0, 1, 1, 2, 2, 3]);
  });
});
