import { expect, it } from 'vitest';
import type { EntryColumn } from '../../../src/planner/twin/index-entries.js';
import { listedGroups } from '../../../src/planner/twin/key-groups.js';

/** A column of which the statistics list every value; what the frequencies leave out is null. */
function listed(frequencies: readonly number[], bytes = 4): EntryColumn {
  let shareUpTo = 0;
  const values = frequencies.map((frequency) => {
    shareUpTo += frequency;
    return { shareUpTo, frequency, bytes };
  });
  const nullFraction = 1 - shareUpTo;
  return { profile: { nullFraction, distinct: values.length, alignmentBytes: 4, values }, typeLength: bytes };
}

const groupsOf = (keys: readonly EntryColumn[], distinctKeys: number | null = null) =>
  listedGroups({ keys, include: [], rows: 1000, distinctKeys })?.map(({ rows }) => Math.round(rows)) ?? null;

it('each combination of listed values has the rows that chance gives it, nulls too', () => {
  expect(groupsOf([listed([0.75, 0.25]), listed([0.5, 0.5])])).toEqual([375, 375, 125, 125]);
  expect(groupsOf([listed([0.75])])).toEqual([750, 250]);
});

it('of combinations that have less than a row each, as many occur as chance lets', () => {
  const rare = Array.from({ length: 20 }, () => 0.05);
  const groups = groupsOf([listed(rare), listed(rare), listed([0.5, 0.5])]) ?? [];
  // 800 combinations of 1.25 rows each, of which e^-1.25 have none.
  expect(groups.length).toBeCloseTo(800 * (1 - Math.exp(-1.25)), -1);
});

it('values that are not listed, and columns that hang together, are left to samples', () => {
  const values = [{ shareUpTo: 1, frequency: 0.01, bytes: 4 }];
  const many = { profile: { nullFraction: 0, distinct: 100, alignmentBytes: 4, values }, typeLength: 4 };
  expect(groupsOf([listed([0.5, 0.5]), many])).toBeNull();
  expect(groupsOf([listed([0.5, 0.5]), listed([0.5, 0.5])], 2)).toBeNull();
  expect(groupsOf([listed([0.5, 0.5]), listed([0.5, 0.5])], 4)).toHaveLength(4);
});
