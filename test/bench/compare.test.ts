import { describe, expect, it } from 'vitest';
import { compareResults } from '../../src/bench/compare.js';
import type { BenchQuery } from '../../src/model/bench.js';
import { benchQuery, benchReport } from '../report/bench-report.js';

const interval = (point: number) => ({ point, low: point / 1.03, high: point * 1.03 });
const results = (...queries: readonly Partial<BenchQuery>[]) => ({
  kind: 'pgsteward' as const,
  report: benchReport({ queries: queries.map((parts) => benchQuery({ name: 'sweep', ...parts })) }),
});
const outside = (meanMs: number) => ({
  kind: 'pgbench' as const,
  queries: [{ name: 'sweep', requests: 100, errors: 0, meanMs, p50Ms: null, p95Ms: null, p99Ms: null }],
});

describe('compareResults', () => {
  it('compares two reports through the before that both of them measured', () => {
    const slowMachine = { p50Ms: { before: 2, after: 1 } };
    const compared = compareResults(
      results({ latencyRatio: interval(1) }),
      results({ latencyRatio: interval(0.5), ...slowMachine }),
    );
    expect(compared.queries[0]).toMatchObject({ through: 'common before', ratio: { point: 0.5 } });
    // Two intervals of 3 % make one of 4.2 %.
    expect((compared.queries[0]?.ratio.high ?? 0) / 0.5).toBeCloseTo(1.0427, 3);
  });

  it('judges that only beyond the noise of both', () => {
    const changed = { buffers: { before: 4, after: 40 }, planHash: { before: 'aa', after: 'cc' } };
    const verdict = (point: number) =>
      compareResults(results({}), results({ latencyRatio: interval(point), ...changed })).queries[0]?.verdict;
    expect(verdict(2)).toBe('regressed');
    expect(verdict(0.4)).toBe('improved');
    expect(verdict(1.05)).not.toBe('regressed');
  });

  it('believes two runs one after the other only when they lie more than four times apart', () => {
    const other = { planHash: { before: 'zz', after: 'aa' } };
    expect(compareResults(results({}), results(other)).queries[0]).toMatchObject({
      through: 'sequential runs',
      verdict: 'inconclusive',
    });
    expect(compareResults(outside(1), outside(3)).queries[0]?.verdict).toBe('inconclusive');
    expect(compareResults(outside(1), outside(9)).queries[0]?.verdict).toBe('regressed');
    expect(compareResults(results({}), outside(0.01)).queries[0]?.verdict).toBe('improved');
  });

  it('names what only one of the two holds, and refuses two that have nothing in common', () => {
    const two = results({}, { name: 'list' });
    expect(compareResults(two, results({}))).toMatchObject({ onlyBefore: ['list'], onlyAfter: [] });
    expect(() => compareResults(results({ name: 'a' }), results({ name: 'b' }))).toThrow(
      'the two files have no query in common',
    );
  });
});
