import { describe, expect, it } from 'vitest';
import { BENCH_SHARES } from '../../../src/model/bench.js';
import { bufferBars } from '../../../src/report/charts/buffer-bars.js';
import { costBars } from '../../../src/report/charts/cost-bars.js';
import { ecdfChart } from '../../../src/report/charts/ecdf.js';
import { percentilePlot } from '../../../src/report/charts/percentile-plot.js';
import { describeRatio, ratioAxis, ratioDomain, ratioInterval } from '../../../src/report/charts/ratio-interval.js';
import { sliceStrip } from '../../../src/report/charts/slice-strip.js';

const HOSTILE = '"/><script>alert(1)</script>\u0007';
const margin = [0.95, 1.05] as const;
const curves = {
  before: BENCH_SHARES.map((share) => 1 / (1.01 - share)),
  after: BENCH_SHARES.map((share) => 0.2 / (1.01 - share)),
};

function ratioRow(low: number, point: number, high: number) {
  return { name: HOSTILE, ratio: { low, point, high }, verdict: 'improved', margin } as const;
}

function everyChart(): readonly string[] {
  const domain = ratioDomain([ratioRow(0.02, 0.03, 0.04).ratio]);
  return [
    ratioInterval(ratioRow(0.02, 0.03, 0.04), domain),
    ratioAxis(domain),
    bufferBars(HOSTILE, { before: 5128, after: 74 }),
    sliceStrip(HOSTILE, { before: [1, 2, 3], after: [0.1, 0.2] }),
    costBars({ before: 100, after: 13 }),
    percentilePlot(HOSTILE, curves),
    ecdfChart(HOSTILE, curves, { before: 100, after: 2_000 }),
  ];
}

describe('a chart', () => {
  it('is an image with a name and a description in words', () => {
    for (const chart of everyChart()) {
      expect(chart).toMatch(/^<svg [^>]*role="img" aria-label="[^"]+"/);
      expect(chart).toMatch(/<title>[^<]+<\/title><desc>[^<]+<\/desc>/);
    }
  });

  it('escapes the name that it is given', () => {
    for (const chart of everyChart()) {
      expect(chart).not.toContain('<script');
      expect(chart).not.toContain('\u0007');
    }
  });

  it('takes its colours from the page', () => {
    for (const chart of everyChart()) {
      const colours = [...chart.matchAll(/(?:fill|stroke)="([^"]+)"/g)].map(([, colour]) => colour ?? '');
      expect(colours.filter((colour) => !colour.startsWith('var(--'))).toEqual([]);
    }
  });

  it('draws figures that no axis holds: zeros, infinities, no slices', () => {
    const wide = ratioRow(0, 0, Number.POSITIVE_INFINITY);
    const charts = [
      ratioInterval(wide, ratioDomain([wide.ratio])),
      bufferBars('q', { before: 0, after: 0 }),
      sliceStrip('q', { before: [], after: [0] }),
      costBars({ before: 0, after: 0 }),
      percentilePlot('q', { before: [], after: [0, Number.NaN] }),
      ecdfChart('q', { before: [], after: [Number.POSITIVE_INFINITY] }, { before: 0, after: 0 }),
    ];
    for (const chart of charts) expect(chart).not.toMatch(/="-?(NaN|Infinity)|="-\d/);
  });
});

describe('the ratio chart', () => {
  it('says its interval and its margin in words', () => {
    expect(describeRatio(ratioRow(0.026, 0.028, 0.031))).toBe(
      '0.028, interval 0.026 to 0.031; equal within 0.95 to 1.05',
    );
  });

  it('places a faster query left of 1 and a slower one right of it', () => {
    const rows = [ratioRow(0.1, 0.1, 0.1), ratioRow(10, 10, 10)];
    const [faster, slower] = rows.map((row) =>
      Number(/<circle cx="([\d.]+)"/.exec(ratioInterval(row, ratioDomain(rows.map(({ ratio }) => ratio))))?.[1]),
    );
    expect(faster).toBeLessThan(130);
    expect(slower).toBeGreaterThan(130);
  });

  it('never zooms in so far that noise fills it', () => {
    expect(ratioDomain([ratioRow(0.99, 1, 1.01).ratio])).toEqual([0.5, 2]);
  });
});

describe('the buffer bars', () => {
  it('have the length of the logarithm', () => {
    const widths = [...bufferBars('q', { before: 1000, after: 10 }).matchAll(/<rect [^>]*width="([\d.]+)"/g)].map(
      ([, width]) => Number(width),
    );
    expect((widths[0] ?? 0) / (widths[1] ?? 1)).toBeCloseTo(3, 1);
  });
});
