import { expect, it } from 'vitest';
import { CostMemo } from '../../../src/advisors/index-selection/cost-memo.js';

const [NONE, A, B, C, D, E] = [0n, 1n, 2n, 4n, 8n, 16n];

it('knows a cost under its own set, and under no part of what is used', () => {
  const memo = new CostMemo<number>();
  memo.set(A | B, A | B, 10);
  expect(memo.get(A | B)).toBe(10);
  expect(memo.get(A)).toBeUndefined();
  expect(memo.get(A | B | C)).toBeUndefined();
});

it('knows it under each set that holds what was used and nothing that was not offered', () => {
  const memo = new CostMemo<number>();
  memo.set(A | B | C | D, B, 10);
  expect(memo.get(B)).toBe(10);
  expect(memo.get(C | B)).toBe(10);
  expect(memo.get(A | C | D)).toBeUndefined();
  expect(memo.get(B | E)).toBeUndefined();
});

it('takes the cost without indexes for that of every set of which nothing was used', () => {
  const memo = new CostMemo<number>();
  memo.set(A | B, NONE, 100);
  expect(memo.get(NONE)).toBe(100);
  expect(memo.get(B)).toBe(100);
});

it('answers what it could not answer before as soon as a cost says it', () => {
  const memo = new CostMemo<number>();
  expect(memo.get(B)).toBeUndefined();
  memo.set(A, A, 20);
  expect(memo.get(B)).toBeUndefined();
  memo.set(A | B | C, B, 10);
  expect(memo.get(B)).toBe(10);
});

it('forgets such costs under indexes, and asks anew', () => {
  const memo = new CostMemo<number>();
  memo.set(NONE, NONE, -1);
  memo.set(A | B, A | B, -1);
  memo.set(A | C, A, 10);
  expect(memo.get(B)).toBeUndefined();
  memo.forget((cost) => cost < 0);
  expect(memo.get(A | B)).toBeUndefined();
  expect([memo.get(NONE), memo.get(A)]).toEqual([-1, 10]);
  memo.set(B, B, 5);
  expect(memo.get(B)).toBe(5);
});
