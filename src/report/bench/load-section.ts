import type { BenchReport } from '../../model/bench.js';
import type { BenchLoad, BenchPercentiles } from '../../model/bench-load.js';
import { table } from '../advice/html/table.js';
import { type Markup, markup, nothing } from '../markup.js';
import { formatCount, formatDuration } from '../units.js';
import { loadRows, loadSentences } from './load-wording.js';

/** Gives what the open loop measured; nothing where no rate was asked for. */
export function loadSection({ load }: BenchReport): Markup {
  if (load === undefined || load === null) return nothing;
  const titles = ['Query', 'Requests', 'p50', 'p95', 'p99', 'Longest'];
  return markup`<section id="load" aria-labelledby="load-title"><h2 id="load-title">All queries together, at a rate</h2>
<p>${loadSentences(load).join(' ')}</p>
${table({
  class: 'queries load',
  caption: 'Response time from the intended start, before and after',
  columns: titles.map((title) => ({ title })),
  rows: rowsOf(load),
})}</section>`;
}

function rowsOf(load: BenchLoad): readonly (readonly Markup[])[] {
  return loadRows(load).map(({ name, responseMs: { before, after } }) => [
    markup`${name}`,
    arrow(before.count, after.count, formatCount),
    ...(['p50', 'p95', 'p99', 'max'] as const satisfies readonly (keyof BenchPercentiles)[]).map((key) =>
      arrow(before[key], after[key], formatDuration),
    ),
  ]);
}

function arrow(before: number, after: number, format: (value: number) => string): Markup {
  return markup`<span class="change"><span>${format(before)}</span> <span aria-label="to">→</span> <strong>${format(after)}</strong></span>`;
}
