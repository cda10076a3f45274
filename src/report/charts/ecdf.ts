import type { BeforeAfter } from '../../model/before-after.js';
import type { Markup } from '../markup.js';
import { formatCount, formatDuration } from '../units.js';
import { type CurvePoint, curvePoints, type LatencyCurves, latencyDomain, latencyTicks } from './latency-axis.js';
import { type LogScale, logScale } from './log-scale.js';
import { area, COLOR, label, line, polyline, svg } from './svg.js';

const WIDTH = 420;
const HEIGHT = 150;
const LEFT = 44;
const RIGHT = 14;
const TOP = 8;
const BOTTOM = 126;

/**
 * Draws which share of the requests was done within a time, before dashed and after solid, each within the band that
 * holds its whole true curve with 95 % (Dvoretzky, Kiefer and Wolfowitz).
 */
export function ecdfChart(name: string, curves: LatencyCurves, requests: BeforeAfter<number>): string {
  const scale = logScale(latencyDomain(curves), [LEFT, WIDTH - RIGHT]);
  const side = (key: 'before' | 'after', color: string, dash: string) => {
    const points = curvePoints(curves[key]);
    const half = bandHalfWidth(requests[key]);
    return [
      area([...edge(points, scale, half), ...edge(points, scale, -half).reverse()], color),
      polyline(edge(points, scale, 0), { color, dash }),
    ];
  };
  return svg(
    {
      title: `Share of requests of ${name} by latency`,
      description: describe(curves, requests),
      width: WIDTH,
      height: HEIGHT,
    },
    [
      ...shareRows(),
      ...latencyTicks(scale).map((ms) =>
        label(scale.at(ms), HEIGHT - 6, formatDuration(ms), { anchor: 'middle', size: 10 }),
      ),
      ...side('before', COLOR.before, '5 3'),
      ...side('after', COLOR.after, 'none'),
    ],
  );
}

function shareRows(): readonly Markup[] {
  return [0, 0.5, 1].flatMap((share) => [
    line([LEFT, down(share)], [WIDTH - RIGHT, down(share)]),
    label(LEFT - 6, down(share) + 4, `${share * 100} %`, { anchor: 'end', size: 10 }),
  ]);
}

function edge(points: readonly CurvePoint[], scale: LogScale, shift: number): (readonly [number, number])[] {
  return points.map(({ share, ms }) => [scale.at(ms), down(Math.min(1, Math.max(0, share + shift)))] as const);
}

function down(share: number): number {
  return BOTTOM - share * (BOTTOM - TOP);
}

function bandHalfWidth(count: number): number {
  return Math.sqrt(Math.log(2 / 0.05) / (2 * Math.max(1, count)));
}

function describe(curves: LatencyCurves, requests: BeforeAfter<number>): string {
  const side = (key: 'before' | 'after') => {
    const half = curvePoints(curves[key]).find(({ share }) => share >= 0.5)?.ms ?? Number.NaN;
    return `${key}: half of ${formatCount(requests[key])} requests within ${formatDuration(half)}`;
  };
  return `${side('before')}; ${side('after')}`;
}
