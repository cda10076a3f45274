import type { RatioInterval, Verdict } from '../../model/bench.js';
import type { Markup } from '../markup.js';
import { formatNumber, formatRatio } from '../units.js';
import { extent, type LogScale, logScale } from './log-scale.js';
import { bar, COLOR, dot, label, line, svg } from './svg.js';

/** One ratio after / before with its interval, against the margin within which two runs count as equal. */
export interface RatioRow {
  readonly name: string;
  readonly ratio: RatioInterval;
  readonly verdict: Verdict;
  /** From below 1 to above 1. */
  readonly margin: readonly [number, number];
}

const WIDTH = 260;
const HEIGHT = 26;
const PADDING = 20;
/** No domain is narrower than this, so that noise does not look like news. */
const LEAST_DOMAIN: readonly [number, number] = [0.5, 2];
/** Nor wider: what lies beyond is drawn on the edge. */
const GREATEST_DOMAIN: readonly [number, number] = [1e-5, 1e5];

/** Gives the domain in which all ratios can be compared. */
export function ratioDomain(ratios: readonly RatioInterval[]): readonly [number, number] {
  const ends = ratios.flatMap((ratio) => [ratio.low, ratio.point, ratio.high]);
  const [low, high] = extent(ends, LEAST_DOMAIN);
  const fitted = [Math.min(low / 1.2, LEAST_DOMAIN[0]), Math.max(high * 1.2, LEAST_DOMAIN[1])] as const;
  return [Math.max(fitted[0], GREATEST_DOMAIN[0]), Math.min(fitted[1], GREATEST_DOMAIN[1])];
}

/** Draws one row: a dot with whiskers on a log axis around 1, the equivalence margin shaded. */
export function ratioInterval(row: RatioRow, domain: readonly [number, number]): string {
  const { ratio, margin } = row;
  const scale = logScale(domain, [PADDING, WIDTH - PADDING]);
  const color = row.verdict === 'improved' ? COLOR.after : row.verdict === 'regressed' ? COLOR.before : COLOR.ink;
  const middle = HEIGHT / 2;
  const left = scale.at(ratio.low);
  const right = scale.at(ratio.high);
  return svg({ title: `Latency ratio of ${row.name}`, description: describeRatio(row), width: WIDTH, height: HEIGHT }, [
    bar([scale.at(margin[0]), 0], [scale.at(margin[1]) - scale.at(margin[0]), HEIGHT], COLOR.band),
    ...scale.decades.map((value) => line([scale.at(value), 0], [scale.at(value), HEIGHT])),
    line([scale.at(1), 0], [scale.at(1), HEIGHT], { color: COLOR.muted }),
    line([left, middle], [right, middle], { color, width: 2 }),
    line([left, middle - 4], [left, middle + 4], { color, width: 1.5 }),
    line([right, middle - 4], [right, middle + 4], { color, width: 1.5 }),
    dot([scale.at(ratio.point), middle], 4, { color }),
  ]);
}

/** Draws the axis that all rows share. */
export function ratioAxis(domain: readonly [number, number]): string {
  const scale = logScale(domain, [PADDING, WIDTH - PADDING]);
  return svg({ title: 'Axis', description: 'Latency after / before, logarithmic', width: WIDTH, height: 32 }, [
    label(PADDING, 10, '← faster'),
    label(WIDTH - PADDING, 10, 'slower →', { anchor: 'end' }),
    ...ticks(scale).map((value) => tick(scale, value)),
  ]);
}

/** Says a row in words. */
export function describeRatio({ ratio, margin }: Pick<RatioRow, 'ratio' | 'margin'>): string {
  const [low, high] = [formatRatio(ratio.low), formatRatio(ratio.high)];
  return `${formatRatio(ratio.point)}, interval ${low} to ${high}; equal within ${formatRatio(margin[0])} to ${formatRatio(margin[1])}`;
}

function tick(scale: LogScale, value: number): Markup {
  const text = value < 1 ? `1/${formatNumber(Math.round(1 / value))}` : `${formatNumber(value)}`;
  return label(scale.at(value), 27, text, { anchor: 'middle' });
}

/** Powers of ten, thinned until they fit; a domain without two of them is labelled by its halves. */
function ticks(scale: LogScale): readonly number[] {
  if (scale.decades.length < 2) return [0.5, 1, 2].filter((value) => value >= scale.low && value <= scale.high);
  const step = Math.ceil(scale.decades.length / 6);
  return scale.decades.filter((value) => Math.round(Math.log10(value)) % step === 0);
}
