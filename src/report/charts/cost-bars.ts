import type { BeforeAfter } from '../../model/before-after.js';
import { formatChange, formatCost } from '../units.js';
import { bar, COLOR, label, svg } from './svg.js';

const WIDTH = 240;
const LEFT = 46;

/** Draws the planned cost of the workload before and after, on a linear axis from zero. */
export function costBars({ before, after }: BeforeAfter<number>): string {
  const most = Math.max(before, after, 1e-9);
  const length = (value: number) => Math.max(value > 0 ? 1.5 : 0, ((WIDTH - LEFT) * value) / most);
  const description = `${formatCost(before)} before, ${formatCost(after)} after (${formatChange(before, after)}), planner units`;
  return svg({ title: 'Planned cost of the workload', description, width: WIDTH, height: 36 }, [
    label(LEFT - 8, 12, 'before', { anchor: 'end' }),
    bar([LEFT, 3], [length(before), 11], COLOR.before),
    label(LEFT - 8, 30, 'after', { anchor: 'end' }),
    bar([LEFT, 21], [length(after), 11], COLOR.after),
  ]);
}
