import { describe, expect, it } from 'vitest';
import { scheduleOf } from '../../../src/bench/open-loop/arrivals.js';
import type { LoadStatement } from '../../../src/bench/scenario.js';
import { seededRandom } from '../../../src/random.js';

const statementOf = (index: number): LoadStatement => ({
  ...{ index, name: `q${index}`, text: 'SELECT 1', parameterSets: [[]], writes: false },
});
const mix = [
  { statement: statementOf(0), weight: 3 },
  { statement: statementOf(1), weight: 1 },
];
const base = { mix, ratePerSecond: 200, durationMs: 60_000 };

describe('scheduleOf', () => {
  it('spaces even arrivals equally', () => {
    const schedule = scheduleOf({ ...base, arrivals: 'even', random: seededRandom(3) });
    expect(schedule).toHaveLength(11_999);
    expect(schedule.slice(0, 3).map(({ atMs }) => atMs)).toEqual([5, 10, 15]);
  });

  it('gives a Poisson process the rate asked for, and gaps whose deviation equals their mean', () => {
    const schedule = scheduleOf({ ...base, arrivals: 'poisson', random: seededRandom(3) });
    const gaps = schedule.map(({ atMs }, index) => atMs - (schedule[index - 1]?.atMs ?? 0));
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
    const deviation = Math.sqrt(gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length);
    expect(mean / 5).toBeCloseTo(1, 1);
    expect(deviation / mean).toBeCloseTo(1, 1);
  });

  it('calls the statements of the mix by their weights, the same ones for one seed', () => {
    const schedule = scheduleOf({ ...base, arrivals: 'poisson', random: seededRandom(3) });
    const first = schedule.filter(({ statement }) => statement.index === 0).length;
    expect(first / schedule.length).toBeCloseTo(0.75, 1);
    expect(scheduleOf({ ...base, arrivals: 'poisson', random: seededRandom(3) })).toEqual(schedule);
  });
});
