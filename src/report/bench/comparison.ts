import type { BeforeAfter } from '../../model/before-after.js';
import type { BenchComparison, BenchComparisonQuery } from '../../model/bench-comparison.js';
import { cell, code } from '../markdown-text.js';
import { formatCount, formatDuration, formatRatio } from '../units.js';
import { textTable } from './text-table.js';

/** Gives a comparison as JSON. */
export function renderComparisonJson(comparison: BenchComparison): string {
  return `${JSON.stringify(comparison, null, 2)}\n`;
}

/** Gives a comparison as a person reads it in a terminal. */
export function renderComparisonText(comparison: BenchComparison): string {
  const rows = comparison.queries.map((query) => [query.name, query.verdict, ...figures(query)]);
  return `${[textTable(HEADS, rows).join('\n'), ...sentences(comparison)].join('\n\n')}\n`;
}

/** Gives a comparison as GitHub-flavoured Markdown. */
export function renderComparisonMarkdown(comparison: BenchComparison): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`;
  const rows = comparison.queries.map((query) => line([code(query.name), query.verdict, ...figures(query)]));
  const table = [line(HEADS), `|${'---|'.repeat(HEADS.length)}`, ...rows].join('\n');
  return `${['## pgsteward bench compare', table, ...sentences(comparison)].join('\n\n')}\n`;
}

const HEADS = ['query', 'verdict', 'p50 earlier → later', 'ratio (95 %)', 'buffers a call', 'plan', 'compared'];

function figures({ ratio, p50Ms, buffers, planHash, through }: BenchComparisonQuery): readonly string[] {
  return [
    arrow(p50Ms, formatDuration),
    `${formatRatio(ratio.point)} (${formatRatio(ratio.low)}–${formatRatio(ratio.high)})`,
    buffers === null ? '–' : arrow(buffers, formatCount),
    planHash === null ? '–' : planHash.before === planHash.after ? 'same' : 'changed',
    through === 'common before' ? 'through the same before' : 'as two runs',
  ];
}

function sentences({ queries, onlyBefore, onlyAfter }: BenchComparison): readonly string[] {
  const alone = queries.some(({ through }) => through === 'sequential runs');
  return [
    ...(alone
      ? ['Two runs one after the other can lie four times apart on one machine: less than that is called inconclusive.']
      : []),
    ...(onlyBefore.length > 0 ? [`Only in the earlier result: ${onlyBefore.join(', ')}.`] : []),
    ...(onlyAfter.length > 0 ? [`Only in the later result: ${onlyAfter.join(', ')}.`] : []),
  ];
}

function arrow({ before, after }: BeforeAfter<number>, format: (value: number) => string): string {
  return `${format(before)} → ${format(after)}`;
}
