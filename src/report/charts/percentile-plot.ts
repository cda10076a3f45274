import { formatDuration } from '../units.js';
import { curvePoints, type LatencyCurves, latencyDomain, latencyRows } from './latency-axis.js';
import { logScale } from './log-scale.js';
import { COLOR, label, line, polyline, svg } from './svg.js';

const WIDTH = 420;
const HEIGHT = 150;
const LEFT = 70;
const RIGHT = 26;
const TOP = 8;
const BOTTOM = 128;

/** Percentiles that the axis names; each nine takes as much room as the one before. */
const TICKS = [0.5, 0.9, 0.99, 0.999, 0.9999] as const;

/** Draws latency by percentile, the tail stretched: before as a dashed line, after as a solid one. */
export function percentilePlot(name: string, curves: LatencyCurves): string {
  const scale = logScale(latencyDomain(curves), [BOTTOM, TOP]);
  const points = (latenciesMs: readonly number[]) =>
    curvePoints(latenciesMs)
      .filter(({ share }) => share >= 0.02)
      .map(({ share, ms }) => [across(share), scale.at(ms)] as const);
  return svg(
    { title: `Latency of ${name} by percentile`, description: describe(curves), width: WIDTH, height: HEIGHT },
    [
      ...latencyRows(scale, LEFT, WIDTH - RIGHT),
      ...TICKS.flatMap((share) => [
        line([across(share), TOP], [across(share), BOTTOM], { dash: '2 3' }),
        label(across(share), BOTTOM + 16, `p${Number((share * 100).toFixed(2))}`, { anchor: 'middle', size: 10 }),
      ]),
      polyline(points(curves.before), { color: COLOR.before, dash: '5 3' }),
      polyline(points(curves.after), { color: COLOR.after, width: 2 }),
    ],
  );
}

/** Where a share stands: by the number of its nines, all of them on the last line. */
function across(share: number): number {
  const nines = Math.min(4, -Math.log10(Math.max(1e-9, 1 - share)));
  return LEFT + (nines / 4) * (WIDTH - RIGHT - LEFT);
}

function describe({ before, after }: LatencyCurves): string {
  const at = (latenciesMs: readonly number[], share: number) =>
    formatDuration(curvePoints(latenciesMs).find((point) => point.share >= share)?.ms ?? Number.NaN);
  const side = (latenciesMs: readonly number[]) =>
    `p50 ${at(latenciesMs, 0.5)}, p99 ${at(latenciesMs, 0.99)}, most ${at(latenciesMs, 1)}`;
  return `before: ${side(before)}; after: ${side(after)}`;
}
