import { describe, expect, it } from 'vitest';
import { atProductionSize, productionSizes } from '../../../src/migrate/lint/production.js';
import type { LintDetection } from '../../../src/migrate/rules/rule.js';
import { catalogOf } from '../../catalog.js';

const DETECTION: LintDetection = {
  ...{ title: 'It locks', message: 'It locks.', object: 'public.t', relations: ['public.t'] },
  location: { file: 'a.sql', line: 1, column: 1 },
  proof: { grade: 'executed', method: '', detail: '' },
};

const sizeOf = (rows: number | null, tableBytes: number) =>
  new Map([['public.t', { rows, tableBytes, indexBytes: 0 }]]);

describe('sizes of production', () => {
  it('count partitions with what they belong to', () => {
    const storage = { blocks: 100, pages: 100, tuples: 1_000, allVisiblePages: 0 };
    const { tables } = catalogOf({ whole: ['id'], part: ['id'] });
    const [whole, part] = tables;
    if (whole === undefined || part === undefined) throw new Error('the catalog has two tables');
    const partitionOf = { table: { schema: 'public', name: 'whole' }, bound: 'DEFAULT' };
    const sizes = productionSizes([
      { ...whole, indexes: [], storage: { ...storage, blocks: 0, tuples: -1 } },
      { ...part, indexes: [], storage, partitionOf },
    ]);
    expect(sizes.get('public.whole')).toEqual({ rows: 1_000, tableBytes: 819_200, indexBytes: 0 });
  });

  it('make a note of what is over in no time, and a range of what is not', () => {
    const small = atProductionSize('validating-scan', DETECTION, sizeOf(2_000, 200_000));
    expect([small.severity, small.message]).toEqual([
      'info',
      'It locks. In production public.t has 2,000 rows in 200 kB: about 1 ms to 2 ms under the lock.',
    ]);
    const large = atProductionSize('table-rewrite', DETECTION, sizeOf(null, 200e9));
    expect([large.severity, large.message]).toEqual([
      undefined,
      'It locks. In production public.t has an unknown number of rows in 200 GB: about 7 min to 3 h under the lock.',
    ]);
    expect(large.evidence?.map(({ name, value, unit }) => [name, value, unit])).toEqual([
      ['size in production', 200e9, 'bytes'],
      ['lock, at the least', 400_000, 'ms'],
      ['lock, at the most', 10_000_000, 'ms'],
    ]);
  });

  it('say nothing of other rules, and of tables that the snapshot does not have', () => {
    expect(atProductionSize('missing-down', DETECTION, sizeOf(1, 1))).toBe(DETECTION);
    expect(atProductionSize('table-rewrite', DETECTION, new Map())).toBe(DETECTION);
  });
});
