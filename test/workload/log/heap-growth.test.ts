import { expect, it } from 'vitest';
import { withSmallHeap } from '../../../src/workload/log/heap-growth.js';

it('gives what the work gives, and throws what it throws', async () => {
  expect(await withSmallHeap(async () => 7)).toBe(7);
  await expect(withSmallHeap(() => Promise.reject(new Error('unreadable')))).rejects.toThrow('unreadable');
});
