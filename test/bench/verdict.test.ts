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
    expect(judgeQuery({ latency: unclear, undelayed: null, cpu: more })).toBe('regressed');
    expect(judgeQuery({ latency: evidence(0.4, 1.9), undelayed: null, cpu: evidence(0.5, 0.7, 1.1) })).toBe('improved');
  });

  it('stays inconclusive when the latency leans the other way or CPU time has no answer', () => {
    expect(judgeQuery({ latency: evidence(0.4, 1.9), undelayed: null, cpu: more })).toBe('inconclusive');
    expect(judgeQuery({ latency: unclear, undelayed: null, cpu: evidence(0.97, 1.03, 1.1) })).toBe('inconclusive');
    expect(judgeQuery({ latency: unclear, undelayed: null, cpu: null })).toBe('inconclusive');
  });

  it('calls equivalent by CPU time only where the latency leaves no room for a quarter more', () => {
    const cpu = evidence(0.97, 1.03, 1.1);
    expect(judgeQuery({ latency: { ...evidence(0.9, 1.2), sameWork: true }, undelayed: null, cpu })).toBe('equivalent');
    expect(judgeQuery({ latency: { ...evidence(0.9, 1.3), sameWork: true }, undelayed: null, cpu })).toBe(
      'inconclusive',
    );
  });

  it('believes a latency that is clear', () => {
    expect(judgeQuery({ latency: evidence(0.2, 0.3), undelayed: null, cpu: more })).toBe('improved');
    expect(judgeQuery({ latency: evidence(0.98, 1.02), undelayed: null, cpu: more })).toBe('equivalent');
  });
});

describe('the latency without waiting for a processor', () => {
  const noisy = { ...evidence(1.1, 1.7), sameWork: true };
  const [more, same] = [evidence(1.4, 1.6, 1.1), evidence(0.97, 1.03, 1.1)];

  it('shows a sleep that neither the noisy median nor CPU time can', () => {
    expect(judgeQuery({ latency: noisy, undelayed: more, cpu: same })).toBe('regressed');
    expect(judgeQuery({ latency: noisy, undelayed: null, cpu: same })).toBe('inconclusive');
    expect(judgeQuery({ latency: evidence(0.99, 1.04), undelayed: more, cpu: same })).toBe('regressed');
  });

  it('is not believed against the median', () => {
    expect(judgeQuery({ latency: evidence(0.7, 1.1), undelayed: more, cpu: same })).toBe('inconclusive');
    expect(judgeQuery({ latency: evidence(0.96, 1.01), undelayed: more, cpu: same })).toBe('inconclusive');
  });

  it('has to confirm a change at the same work, which a busy neighbour makes too', () => {
    const slower = { ...evidence(1.3, 1.5), range: interval(1.2, 1.6) };
    expect(judgeQuery({ latency: { ...slower, sameWork: true }, undelayed: same, cpu: null })).toBe('inconclusive');
    expect(judgeQuery({ latency: { ...slower, sameWork: true }, undelayed: more, cpu: null })).toBe('regressed');
    expect(judgeQuery({ latency: slower, undelayed: same, cpu: null })).toBe('regressed');
  });

  it('calls a query equivalent whose median says nothing, at the same work alone', () => {
    const unclear = evidence(0.8, 1.4);
    expect(judgeQuery({ latency: { ...unclear, sameWork: true }, undelayed: same, cpu: null })).toBe('equivalent');
    expect(judgeQuery({ latency: unclear, undelayed: same, cpu: null })).toBe('inconclusive');
  });
});

describe('judgeQueries', () => {
  it('believes one clear change among many queries, and not a borderline one', () => {
    const quiet = Array.from({ length: 10 }, () => ({
      latency: evidence(0.97, 1.03, 1.1),
      undelayed: null,
      cpu: null,
    }));
    const verdicts = (low: number, high: number) =>
      judgeQueries([...quiet, { latency: evidence(low, high), undelayed: null, cpu: null }]).at(-1);
    expect(verdicts(1.4, 1.6)).toMatchObject({ verdict: 'regressed' });
    expect(verdicts(1.06, 1.6)).toMatchObject({ verdict: 'inconclusive', pValue: expect.any(Number) });
    expect(judgeQueries([{ latency: evidence(1.06, 1.6), undelayed: null, cpu: null }])[0]?.verdict).toBe('regressed');
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
