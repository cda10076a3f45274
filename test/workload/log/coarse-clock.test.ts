import { expect, it } from 'vitest';
import { CoarseClock } from '../../../src/workload/log/coarse-clock.js';

it('puts statements of one second one after the other, each session’s by how long they took', () => {
  const clock = new CoarseClock();
  const ends = [
    clock.endOf('a', 5000, 2),
    clock.endOf('a', 5000, 0.5),
    clock.endOf('b', 5000, 3),
    clock.endOf('b', 5000, 3),
    clock.endOf('a', 5000, 1),
    clock.endOf('a', 6000, 1),
  ];
  expect(ends).toEqual([5000, 5000.5, 5000.5, 5003.5, 5003.5, 6000]);
});

it('stays within the second, and follows a clock that is set back', () => {
  const clock = new CoarseClock();
  for (let n = 0; n < 10; n++) expect(clock.endOf('a', 5000, 300)).toBeLessThan(6000);
  expect(clock.endOf('a', 1000, 1)).toBe(1000);
});

it('leaves a clock with fractions as it is', () => {
  const clock = new CoarseClock();
  expect([clock.endOf('a', 5001, 2), clock.endOf('a', 5000, 2), clock.endOf('a', 5000, 2)]).toEqual([5001, 5000, 5000]);
});
