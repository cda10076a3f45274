import { formatCount } from '../units.js';
import { bar, COLOR, label, line, svg } from './svg.js';

const WIDTH = 300;
const HEIGHT = 64;
const TOP = 14;
const BASE = 50;

/** One run: when it began, as a person reads it, and how many rows it changed. */
export interface RunBar {
  readonly time: string;
  readonly rows: number;
}

/** Draws how many rows each run has deleted, in the order of the runs, on a linear axis from zero. */
export function runBars(name: string, runs: readonly RunBar[]): string {
  const most = Math.max(1, ...runs.map(({ rows }) => rows));
  const step = WIDTH / Math.max(1, runs.length);
  const height = (rows: number) => Math.max(rows > 0 ? 1.5 : 0, ((BASE - TOP) * rows) / most);
  const [first, last] = [runs.at(0), runs.at(-1)];
  const description = `${runs.length} runs from ${first?.time ?? ''} to ${last?.time ?? ''}; at most ${formatCount(most)}, lately ${formatCount(last?.rows ?? 0)}`;
  return svg({ title: `Rows that the runs of ${name} deleted`, description, width: WIDTH, height: HEIGHT }, [
    line([0, BASE], [WIDTH, BASE]),
    ...runs.map(({ rows }, index) =>
      bar([index * step, BASE - height(rows)], [Math.max(1, Math.min(14, step - 2)), height(rows)], COLOR.after),
    ),
    label(0, 10, `at most ${formatCount(most)}`, { size: 10 }),
    label(0, HEIGHT - 2, first?.time ?? '', { size: 10 }),
    label(WIDTH, HEIGHT - 2, runs.length > 1 ? (last?.time ?? '') : '', { anchor: 'end', size: 10 }),
  ]);
}
