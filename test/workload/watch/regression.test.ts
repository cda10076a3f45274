import { describe, expect, it } from 'vitest';
import { regress } from '../../../src/workload/watch/regression.js';
import { WindowSeries } from '../../../src/workload/watch/window-series.js';
import { seeded } from '../lineage/traffic.js';

const WINDOWS = 40;
const series = (calls: readonly number[], rows: readonly number[]) => ({ calls, rows, totalTimeMs: 0 });
const numbers = (make: () => number) => Array.from({ length: WINDOWS }, make);

describe('calls over windows', () => {
  it('are seen to follow the rows of a query', () => {
    const pick = seeded(1);
    const pages = numbers(() => 5 + pick(10));
    const rows = pages.map((count) => count * (3 + pick(20)));
    const follows = regress(
      series(
        rows.map((each) => each - pick(4)),
        rows,
      ),
      series(pages, rows),
    );
    expect(follows).toMatchObject({ windows: WINDOWS });
    expect(follows?.correlation).toBeGreaterThan(0.98);
    expect(follows?.slope).toBeCloseTo(1, 1);
  });

  it.each(Array.from({ length: 20 }, (_, seed) => seed + 1))(
    'are not taken for a loop where load alone moves both (seed %i)',
    (seed) => {
      const pick = seeded(seed);
      const load = numbers(() => 20 + pick(200));
      const parent = series(
        load,
        load.map((count) => count * 10 + pick(40)),
      );
      const child = series(
        load.map((count) => count * 9 + pick(60)),
        load,
      );
      expect(regress(child, parent)).toBeNull();
    },
  );

  it('are not judged where the rows hardly change, or in too few windows', () => {
    const steady = series(
      numbers(() => 10),
      numbers(() => 100),
    );
    expect(regress(steady, steady)).toBeNull();
    expect(regress(series([10, 20, 30], []), series([1, 2, 3], [10, 20, 30]))).toBeNull();
  });
});

it('windows are the differences of counts; one in which they were reset is left out', () => {
  const windows = new WindowSeries();
  const count = (calls: number) => new Map([['1', { calls, rows: 2 * calls, totalTimeMs: calls }]]);
  for (const calls of [10, 15, 3, 7]) windows.add(count(calls));
  expect(windows.series().get('1')).toEqual({ calls: [5, 4], rows: [10, 8], totalTimeMs: 9 });
});
