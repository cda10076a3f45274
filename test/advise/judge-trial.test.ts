import { describe, expect, it } from 'vitest';
import { judgeTrial } from '../../src/advise/judge-trial.js';
import type { Trial, TrialWay } from '../../src/advisors/advisor.js';
import type { Finding } from '../../src/model/finding.js';
import type { Measured } from '../../src/proof/measure.js';

const FIX = { kind: 'rewrite' as const, sql: [], undo: [], rewrittenQuery: 'SELECT 2', files: [] };
const FOUND = {
  ...{ key: 'correlated-subquery:1', message: 'It is planned so.', severity: 'info', evidence: [], fix: FIX },
  ...{ proof: { grade: 'planned', method: 'twin', detail: 'planned' }, queries: [{ calls: 10 }] },
} as unknown as Finding;

const took = (durationMs: number, buffers: number): Measured => ({
  ...{ kind: 'measured', durationMs, buffers, worstBuffers: buffers, subquery: null, shape: '', indexes: [] },
});

function rewrite(title: string, isSeenEqual = true): TrialWay {
  const comparison = { kind: 'no counterexample' as const, databases: 600, telling: 99, seed: 7 };
  return {
    ...{ kind: 'rewrite', title, createSql: [], bindings: [], costAfter: 5 },
    ...{ fix: { ...FIX, rewrittenQuery: title }, comparison: isSeenEqual ? comparison : null },
  };
}

const INDEX: TrialWay = {
  ...{ kind: 'index', title: 'an index for it', createSql: [], bindings: [], costAfter: 5, comparison: null },
  fix: { ...FIX, kind: 'create-index' },
};

interface Run {
  readonly original: Measured;
  readonly ways: readonly (readonly [TrialWay, Measured])[];
  readonly found?: Finding;
}

function judged({ original, ways, found = FOUND }: Run) {
  const refuted = [{ title: 'refuted', sql: 'SELECT 3', costAfter: 1, reason: 'it is not the same: 1 in place of 2' }];
  const trial: Trial = { subject: 'It is run often.', bindings: [], ways: ways.map(([way]) => way), refuted };
  const subquery = { relation: 'public.events', runs: 2000, timeShare: 0.984, buffersShare: 0.5 };
  const measured = { original, subquery, ways: ways.map(([, run]) => run) };
  return judgeTrial(found, { trial, measured, measuredOn: 'scratch 18.4', limitMs: 1000 });
}

describe('a statement that was run in several ways', () => {
  const fast = judged({
    original: took(200, 5000),
    ways: [
      [rewrite('slow'), took(300, 9000)],
      [rewrite('fast'), took(20, 400)],
      [rewrite('middle'), took(90, 600)],
    ],
  }) as Finding;

  it('is told with its subquery’s shares, all figures, and what speaks for the rewrite', () => {
    expect(fast.message).toMatchInlineSnapshot(
      `"It is run often. On scratch 18.4 the subquery on public.events was run 2,000 times and took 98 % of the time and 50 % of the buffers of the call. Measured on scratch 18.4: 200 ms and 5,000 buffers as it is, 300 ms and 9,000 buffers with slow, 20 ms and 400 buffers with fast, 90 ms and 600 buffers with middle. It is recommended to write it with fast: no counterexample in 600 generated databases (seed 7), and the same rows on the copy."`,
    );
    expect(fast.proof.grade).toBe('executed');
  });

  it('is ranked by what all its calls save', () => {
    const saved = fast.evidence.filter(({ name }) => name.endsWith('saved'));
    expect(saved.map(({ name, value, unit }) => [name, value, unit])).toEqual([
      ['time saved', 1800, 'ms'],
      ['buffers saved', 46_000, 'buffers'],
    ]);
  });

  it('has the other ways as alternatives, the fastest first, and last those that are not the same', () => {
    expect(fast.alternatives?.map(({ title }) => title)).toEqual(['middle', 'slow', 'refuted']);
  });

  it('gets the index where no rewrite is clearly faster than it', () => {
    const ways = [
      [INDEX, took(28, 400)],
      [rewrite('fast'), took(20, 300)],
    ] as const;
    expect(judged({ original: took(200, 5000), ways })).toMatchObject({ fix: { kind: 'create-index' } });
    const slower = [[INDEX, took(29, 400)] as const, ...ways.slice(1)];
    expect(judged({ original: took(200, 5000), ways: slower })).toMatchObject({ fix: { kind: 'rewrite' } });
  });

  it('gets a rewrite with an index where that is clearly faster than either alone', () => {
    const both = { ...rewrite('a join and an index'), createSql: ['CREATE INDEX ON t (a)'] };
    const runs = (together: number) => [
      [{ ...INDEX, title: 'a dear index' }, took(90, 300)] as const,
      [INDEX, took(60, 100)] as const,
      [rewrite('a join'), took(40, 90)] as const,
      [both, took(together, 20)] as const,
    ];
    const fixOf = (together: number) => (judged({ original: took(200, 5000), ways: runs(together) }) as Finding).fix;
    expect(fixOf(10)?.rewrittenQuery).toBe('a join and an index');
    expect(fixOf(30)?.rewrittenQuery).toBe('a join');
    expect(fixOf(45)?.rewrittenQuery).toBe('a join');
  });

  it('is withheld where nothing is 1.4 times as fast that was seen to be the same', () => {
    const ways = [
      [rewrite('nearly'), took(143, 400)],
      [rewrite('same plan'), took(10, 5000)],
      [rewrite('unseen', false), took(10, 400)],
    ] as const;
    expect(judged({ original: took(200, 5000), ways })).toMatch(
      /is withheld: nothing that was tried is 1.4 times as fast/,
    );
    const told = judged({ original: took(200, 5000), ways, found: { ...FOUND, fix: null } });
    expect(told).toMatchObject({ fix: null, proof: { grade: 'planned' } });
    expect((told as Finding).message).toMatch(/^It is planned so. On scratch 18.4 .* Measured on scratch 18.4: 200 ms/);
  });

  it('keeps a short statement as it is, but for an index by which it reads less', () => {
    const original = took(0.4, 9);
    expect(judged({ original, ways: [[rewrite('short'), took(0.11, 8)]] })).toMatch(/is withheld: .*0\.3 ms faster/);
    expect(judged({ original, ways: [[rewrite('shorter'), took(0.09, 8)]] })).toMatchObject({
      fix: { kind: 'rewrite' },
    });
    expect(judged({ original, ways: [[INDEX, took(0.11, 8)]] })).toMatchObject({ fix: { kind: 'create-index' } });
    expect(judged({ original, ways: [[INDEX, took(0.11, 10)]] })).toMatch(/is withheld: .*an index that reads less/);
    expect(judged({ original, ways: [[INDEX, took(0.09, 10)]] })).toMatchObject({ fix: { kind: 'create-index' } });
  });

  it('says of one that was stopped what is known: that it took longer, and nothing of its rows', () => {
    const told = judged({ original: { kind: 'too slow' }, ways: [[rewrite('fast'), took(20, 400)]] }) as Finding;
    expect(told.message).toMatch(/in 600 generated databases \(seed 7\)\.$/);
    const saved = told.evidence.filter(({ name }) => name.endsWith('saved'));
    expect(saved.map(({ name, value }) => [name, value])).toEqual([['time saved', 9800]]);
  });
});
