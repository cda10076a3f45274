import { describe, expect, it } from 'vitest';
import { requireSameData } from '../../src/bench/baseline.js';
import { benchReport } from '../report/bench-report.js';

const dataOf = (rows: Readonly<Record<string, number>>) => ({ sizeBytes: 1, rowsEstimate: rows });
const baseline = benchReport({ data: dataOf({ 'public.t': 100_000, 'public.small': 10 }) });

describe('requireSameData', () => {
  it('takes rows within 10 % for the same, and what small tables hold for no matter', () => {
    requireSameData(baseline, { data: dataOf({ 'public.t': 108_000, 'public.small': 90 }), major: 18 });
  });

  it('refuses rows that changed, a table that is gone, and another major, all at once', () => {
    const refused = () => requireSameData(baseline, { data: dataOf({ 'public.u': 5_000 }), major: 17 });
    expect(refused).toThrowErrorMatchingInlineSnapshot(
      `[StewardError: the data changed since the baseline of 2026-03-02T09:31:00.000Z: it was measured on PostgreSQL 18, this server is 17; public.t had about 100000 rows and has 0; public.u had about 0 rows and has 5000]`,
    );
  });

  it('refuses a baseline that does not say what it was measured on', () => {
    expect(() => requireSameData(benchReport(), { data: dataOf({}), major: 18 })).toThrow(
      'it does not say on which rows it was measured',
    );
  });
});
