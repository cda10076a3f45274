import type { BeforeAfter } from '../../model/before-after.js';
import { formatChange, formatCount } from '../units.js';
import { logScale } from './log-scale.js';
import { bar, COLOR, label, line, svg } from './svg.js';

const WIDTH = 420;
const LEFT = 52;
const RIGHT = 96;

/** Draws the shared buffers of one call before and after on a log axis that starts at one buffer. */
export function bufferBars(name: string, buffers: BeforeAfter<number>): string {
  const high = Math.max(10, 10 ** Math.ceil(Math.log10(Math.max(buffers.before, buffers.after, 1))));
  const scale = logScale([1, high], [LEFT, WIDTH - RIGHT]);
  const row = (title: string, value: number, top: number) => [
    label(LEFT - 8, top + 12, title, { anchor: 'end' }),
    bar([LEFT, top], [Math.max(2, scale.at(value) - LEFT), 16], title === 'before' ? COLOR.before : COLOR.after),
    label(Math.max(LEFT + 2, scale.at(value)) + 6, top + 12, formatCount(value), { color: COLOR.ink }),
  ];
  const description = `${formatCount(buffers.before)} before, ${formatCount(buffers.after)} after (${formatChange(buffers.before, buffers.after)})`;
  return svg({ title: `Shared buffers of one call of ${name}`, description, width: WIDTH, height: 66 }, [
    ...scale.decades.map((value) => line([scale.at(value), 2], [scale.at(value), 48])),
    ...row('before', buffers.before, 4),
    ...row('after', buffers.after, 28),
    ...scale.decades.map((value) => label(scale.at(value), 62, decade(value), { anchor: 'middle', size: 10 })),
  ]);
}

function decade(value: number): string {
  if (value >= 1e6) return `${value / 1e6} M`;
  return value >= 1000 ? `${value / 1000} k` : String(value);
}
