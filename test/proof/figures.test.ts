import { describe, expect, it } from 'vitest';
import type { PlannableStatement } from '../../src/model/workload.js';
import {
  type CallFigures,
  comparable,
  falls,
  figuresOf,
  replannedBetween,
  slowedBetween,
} from '../../src/proof/figures.js';
import type { Measured } from '../../src/proof/measure.js';

const often: PlannableStatement = { fingerprint: 'often', calls: 30, bindings: [] };
const seldom: PlannableStatement = { fingerprint: 'seldom', calls: 10, bindings: [] };
const measured = (buffers: number, durationMs: number, shape = ''): Measured => ({
  kind: 'measured',
  buffers,
  worstBuffers: buffers * 3,
  durationMs,
  subquery: null,
  shape,
  indexes: [],
});

describe('figures of a call', () => {
  it('are means weighted by calls', () => {
    const figures = new Map([
      [often, measured(10, 1)],
      [seldom, measured(50, 9)],
    ]);
    expect(figuresOf([often, seldom], figures, 1000)).toEqual({
      statements: 2,
      tooSlow: 0,
      buffers: 20,
      worstBuffers: 150,
      durationMs: 3,
    });
  });

  it('count a statement that was stopped with its limit and give no buffers then', () => {
    const figures = new Map<PlannableStatement, Measured>([
      [often, { kind: 'too slow' }],
      [seldom, measured(50, 400)],
    ]);
    expect(figuresOf([often, seldom], figures, 1000)).toEqual({
      statements: 2,
      tooSlow: 1,
      buffers: null,
      worstBuffers: null,
      durationMs: 850,
    });
  });

  it('are compared over the statements that ran in every state', () => {
    const before = new Map([
      [often, measured(1, 1)],
      [seldom, measured(1, 1)],
    ]);
    const after = new Map<PlannableStatement, Measured>([
      [often, { kind: 'refused', reason: 'no' }],
      [seldom, { kind: 'too slow' }],
    ]);
    expect(comparable([often, seldom], [before, after])).toEqual([seldom]);
  });

  it.for<[string, Partial<CallFigures>, Partial<CallFigures>, boolean]>([
    ['fewer buffers', { buffers: 100 }, { buffers: 94 }, true],
    ['fewer buffers in about the time', { buffers: 100, durationMs: 10 }, { buffers: 80, durationMs: 11.5 }, true],
    ['fewer buffers in more time', { buffers: 100, durationMs: 10 }, { buffers: 80, durationMs: 12.5 }, false],
    ['fewer buffers in hardly any time', { buffers: 100, durationMs: 0.1 }, { buffers: 5, durationMs: 0.15 }, true],
    ['buffers within what hint bits move', { buffers: 100 }, { buffers: 96 }, false],
    ['much less time', { buffers: 99, durationMs: 15 }, { durationMs: 10 }, true],
    ['much less time of the very same buffers', { durationMs: 15 }, { durationMs: 10 }, false],
    ['time within the noise', { durationMs: 13 }, { durationMs: 10 }, false],
    ['an end at all', { tooSlow: 1, buffers: null, durationMs: 10 }, { durationMs: 9.9 }, true],
    ['nothing', {}, {}, false],
  ])('fall by %s: %o to %o is %s', ([, before, after, isFall]) => {
    const usual: CallFigures = { statements: 1, tooSlow: 0, buffers: 100, worstBuffers: 300, durationMs: 10 };
    expect(falls({ ...usual, ...before }, { ...usual, ...after })).toBe(isFall);
  });

  it.for<[string, Measured, Measured, boolean]>([
    ['the same nodes read about the same buffers', measured(1000, 9), measured(1020, 20), false],
    ['the same nodes read others', measured(1000, 9), measured(700, 9), true],
    ['the nodes are others', measured(1000, 9), measured(1000, 9, 'other'), true],
    ['one was stopped', measured(1000, 9), { kind: 'too slow' }, true],
  ])('run by another plan where %s', ([, from, to, isReplanned]) => {
    const states = { before: new Map([[often, from]]), after: new Map([[often, to]]) };
    expect(replannedBetween([often], states)).toEqual(isReplanned ? [often] : []);
  });

  it.for<[string, Measured, Measured, boolean]>([
    ['another plan takes longer', measured(10, 9), measured(5, 12, 'other'), true],
    ['another plan is stopped', measured(10, 9), { kind: 'too slow' }, true],
    ['another plan takes hardly longer', measured(10, 9), measured(5, 9.9, 'other'), false],
    ['the same plan takes longer, which is chance', measured(10, 9), measured(10, 12), false],
    ['another plan takes less', measured(10, 9), measured(5, 4, 'other'), false],
  ])('name a statement that is slowed where %s', ([, from, to, isSlowed]) => {
    const before = new Map([
      [often, measured(100, 90)],
      [seldom, from],
    ]);
    const after = new Map([
      [often, measured(10, 9)],
      [seldom, to],
    ]);
    const slowed = slowedBetween([often, seldom], { before, after }, 1000);
    const afterMs = to.kind === 'measured' ? to.durationMs : 1000;
    expect(slowed).toEqual(isSlowed ? [{ statement: seldom, beforeMs: 9, afterMs }] : []);
  });
});
