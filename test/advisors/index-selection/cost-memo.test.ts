import { expect, it } from 'vitest';
import { CostMemo } from '../../../src/advisors/index-selection/cost-memo.js';

const cost = (perCall: number, ...used: readonly string[]) => ({ perCall, used: new Set(used) });

it('knows a cost under its own set, in any order', () => {
  const memo = new CostMemo();
  memo.set(['a', 'b'], cost(10, 'a', 'b'));
  expect(memo.get(['b', 'a'])).toMatchObject({ perCall: 10 });
  expect(memo.get(['a'])).toBeUndefined();
  expect(memo.get(['a', 'b', 'c'])).toBeUndefined();
});

it('knows it under each set that holds what was used and nothing that was not offered', () => {
  const memo = new CostMemo();
  memo.set(['a', 'b', 'c', 'd'], cost(10, 'b'));
  expect(memo.get(['b'])).toMatchObject({ perCall: 10 });
  expect(memo.get(['c', 'b'])).toMatchObject({ perCall: 10 });
  expect(memo.get(['a', 'c', 'd'])).toBeUndefined();
  expect(memo.get(['b', 'e'])).toBeUndefined();
});

it('takes the cost without indexes for that of every set of which nothing was used', () => {
  const memo = new CostMemo();
  memo.set(['a', 'b'], cost(100));
  expect(memo.get([])).toMatchObject({ perCall: 100 });
  expect(memo.get(['b'])).toMatchObject({ perCall: 100 });
});

it('answers what it could not answer before as soon as a cost says it', () => {
  const memo = new CostMemo();
  expect(memo.get(['b'])).toBeUndefined();
  memo.set(['a'], cost(20, 'a'));
  expect(memo.get(['b'])).toBeUndefined();
  memo.set(['a', 'b', 'c'], cost(10, 'b'));
  expect(memo.get(['b'])).toMatchObject({ perCall: 10 });
});
