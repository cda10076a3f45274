import type { BeforeAfter } from '../../model/before-after.js';
import type { Markup } from '../markup.js';
import { formatDuration, plural } from '../units.js';
import { extent, type LogScale, logScale } from './log-scale.js';
import { COLOR, dot, label, line, svg } from './svg.js';

const WIDTH = 420;
const HEIGHT = 104;
const LEFT = 70;
const RIGHT = 10;
const TOP = 10;
const BOTTOM = 84;

/** Draws the median latency of each slice in the order of time: before hollow, after filled, log axis. */
export function sliceStrip(name: string, slices: BeforeAfter<readonly number[]>): string {
  const [low, high] = extent([...slices.before, ...slices.after], [1, 10]);
  const scale = logScale([low / 1.25, high * 1.25], [BOTTOM, TOP]);
  return svg(
    { title: `Median latency of each slice of ${name}`, description: describe(slices), width: WIDTH, height: HEIGHT },
    [
      ...[low, high].map((value) => line([LEFT, scale.at(value)], [WIDTH - RIGHT, scale.at(value)], { dash: '2 3' })),
      ...edgeLabels(scale, low, high),
      ...dots(slices.before, slices, { color: COLOR.before, hollow: true, shift: 0 }, scale),
      ...dots(slices.after, slices, { color: COLOR.after, hollow: false, shift: 0.5 }, scale),
      label(LEFT, HEIGHT - 4, 'first slice', { size: 10 }),
      label(WIDTH - RIGHT, HEIGHT - 4, 'last slice', { anchor: 'end', size: 10 }),
    ],
  );
}

interface DotStyle {
  readonly color: string;
  readonly hollow: boolean;
  /** Where in its pair of slices the dot stands, 0–1. */
  readonly shift: number;
}

function dots(
  medians: readonly number[],
  slices: BeforeAfter<readonly number[]>,
  style: DotStyle,
  scale: LogScale,
): readonly Markup[] {
  const pairs = Math.max(slices.before.length, slices.after.length);
  const step = (WIDTH - RIGHT - LEFT - 12) / pairs;
  return medians.map((median, index) =>
    dot([LEFT + 10 + (index + style.shift) * step, scale.at(median)], pairs > 40 ? 2 : 3, style),
  );
}

function edgeLabels(scale: LogScale, low: number, high: number): readonly Markup[] {
  const near = scale.at(low) - scale.at(high) < 14;
  const text = (value: number) => label(LEFT - 8, scale.at(value) + 4, formatDuration(value), { anchor: 'end' });
  return near ? [text(high)] : [text(low), text(high)];
}

function describe({ before, after }: BeforeAfter<readonly number[]>): string {
  const span = (medians: readonly number[]) => {
    const [low, high] = extent(medians, [0, 0]);
    return `${formatDuration(low)} to ${formatDuration(high)} in ${plural(medians.length, 'slice')}`;
  };
  return `before ${span(before)}, after ${span(after)}`;
}
