import { describe, expect, it } from 'vitest';
import { isSameWork, judge, judgeQueries, judgeQuery, type VerdictEvidence } from '../../src/bench/verdict.js';

const interval = (low: number, high: number) => ({ point: Math.sqrt(low * high), low, high });

/** Evidence of a plan that changed. */
function evidence(low: number, high: number, margin = 1.05): VerdictEvidence {
  return { ratio: interval(low, high), range: null, sameWork: false, margins: { change: margin, equivalence: margin } };
}

describe('judge', () => {
  it.each([
    ['improved', 0.4, 0.9, 1.05],
    ['regressed', 1.06, 1.2, 1.05],
    ['equivalent', 0.96, 1.04, 1.05],
    ['inconclusive', 0.9, 1.02, 1.05],
    ['inconclusive', 1.02, 1.2, 1.05],
    ['inconclusive', 0.5, 2, 1.05],
  ] as const)('says %s of %f to %f within a margin of %f', (verdict, low, high, margin) => {
    expect(judge(evidence(low, high, margin))).toBe(verdict);
  });

  it('does not believe an effect that the noise could have made', () => {
    expect(judge(evidence(0.8, 0.9))).toBe('improved');
    expect(judge(evidence(0.8, 0.9, 1.3))).toBe('equivalent');
  });

  it('calls a change by its margin even where equivalence could not be told so exactly, and then not equal', () => {
    const margins = { change: 1.05, equivalence: 1.4 };
    expect(judge({ ...evidence(1.1, 1.3), margins })).toBe('regressed');
    expect(judge({ ...evidence(1.1, 1.3), margins, sameWork: true })).toBe('inconclusive');
    expect(judge({ ...evidence(0.95, 1.3), margins })).toBe('equivalent');
  });

  it('wants nearly every block to agree where plan and buffers say that the work is the same', () => {
    const sameWork = { ...evidence(1.4, 1.6), sameWork: true };
    expect(judge({ ...sameWork, range: interval(0.9, 2.1) })).toBe('inconclusive');
    expect(judge({ ...sameWork, range: interval(1.2, 1.9) })).toBe('regressed');
    expect(judge({ ...sameWork, range: null })).toBe('inconclusive');
    expect(judge({ ...evidence(0.98, 1.02), sameWork: true })).toBe('equivalent');
  });
});

describe('judgeQuery', () => {
  const unclear = evidence(0.8, 2.1);
  const more = { ...evidence(1.4, 1.6, 1.1), sameWork: true, range: interval(1.3, 1.7) };

  it('lets CPU time decide where latency cannot', () => {
    expect(judgeQuery({ latency: unclear, floor: null, cpu: more })).toBe('regressed');
    expect(judgeQuery({ latency: evidence(0.4, 1.9), floor: null, cpu: evidence(0.5, 0.7, 1.1) })).toBe('improved');
  });

  it('stays inconclusive when the latency leans the other way or CPU time has no answer', () => {
    expect(judgeQuery({ latency: evidence(0.4, 1.9), floor: null, cpu: more })).toBe('inconclusive');
    expect(judgeQuery({ latency: unclear, floor: null, cpu: evidence(0.97, 1.03, 1.1) })).toBe('inconclusive');
    expect(judgeQuery({ latency: unclear, floor: null, cpu: null })).toBe('inconclusive');
  });

  it('calls equivalent by CPU time only where the latency leaves no room for a quarter more', () => {
    const cpu = evidence(0.97, 1.03, 1.1);
    expect(judgeQuery({ latency: { ...evidence(0.9, 1.2), sameWork: true }, floor: null, cpu })).toBe('equivalent');
    expect(judgeQuery({ latency: { ...evidence(0.9, 1.3), sameWork: true }, floor: null, cpu })).toBe('inconclusive');
  });

  it('believes a latency that is clear', () => {
    expect(judgeQuery({ latency: evidence(0.2, 0.3), floor: null, cpu: more })).toBe('improved');
    expect(judgeQuery({ latency: evidence(0.98, 1.02), floor: null, cpu: more })).toBe('equivalent');
  });
});

describe('the latency of the quickest requests', () => {
  const noisy = { ...evidence(1.1, 1.7), sameWork: true };
  const waits = { latency: noisy, floor: evidence(1.4, 1.6, 1.1), cpu: evidence(0.97, 1.03, 1.1) };

  it('shows a wait that neither the noisy median nor CPU time can', () => {
    expect(judgeQuery(waits)).toBe('regressed');
    expect(judgeQuery({ ...waits, floor: null })).toBe('inconclusive');
  });

  it('is not believed where the median does not lean that way', () => {
    expect(judgeQuery({ ...waits, latency: { ...evidence(0.9, 1.7), sameWork: true } })).toBe('inconclusive');
  });

  it('never calls a query equivalent', () => {
    expect(judgeQuery({ latency: evidence(0.6, 1.7), floor: evidence(0.99, 1.01, 1.1), cpu: null })).toBe(
      'inconclusive',
    );
  });
});

describe('judgeQueries', () => {
  it('believes one clear change among many queries, and not a borderline one', () => {
    const quiet = Array.from({ length: 10 }, () => ({ latency: evidence(0.97, 1.03, 1.1), floor: null, cpu: null }));
    const verdicts = (low: number, high: number) =>
      judgeQueries([...quiet, { latency: evidence(low, high), floor: null, cpu: null }]).at(-1);
    expect(verdicts(1.4, 1.6)).toMatchObject({ verdict: 'regressed' });
    expect(verdicts(1.06, 1.6)).toMatchObject({ verdict: 'inconclusive', pValue: expect.any(Number) });
    expect(judgeQueries([{ latency: evidence(1.06, 1.6), floor: null, cpu: null }])[0]?.verdict).toBe('regressed');
  });
});

describe('isSameWork', () => {
  const hash = { before: 'a', after: 'a' };

  it('follows the plan and the buffers, within a page', () => {
    expect(isSameWork({ planHash: hash, buffers: { before: 3, after: 4 } })).toBe(true);
    expect(isSameWork({ planHash: hash, buffers: { before: 1_000, after: 1_050 } })).toBe(true);
    expect(isSameWork({ planHash: hash, buffers: { before: 1_000, after: 1_200 } })).toBe(false);
    expect(isSameWork({ planHash: { before: 'a', after: 'b' }, buffers: { before: 3, after: 3 } })).toBe(false);
  });
});
