import type { AdviceReport } from '../../model/advice.js';
import type { BenchReport } from '../../model/bench.js';
import type { Finding } from '../../model/finding.js';
import { rankFindings } from '../advice/ranking.js';
import { workloadSentence } from '../advice/wording.js';
import { oneLine, printable } from '../plain-text.js';
import { formatChange, formatCost, formatCount, formatDuration, formatPair, formatRatio, plural } from '../units.js';

/** What a finished demo has to show. */
export interface DemoSummary {
  readonly advice: AdviceReport;
  readonly bench: BenchReport;
  /** Migration files that were written. */
  readonly files: readonly string[];
  readonly reportPath: string;
  readonly durationMs: number;
}

const FINDINGS_SHOWN = 6;
const FILES_SHOWN = 8;
const QUERIES_SHOWN = 14;
const TITLE_WIDTH = 68;
const NAME_WIDTH = 28;

/** Gives what the demo found, wrote and measured, in aligned columns that fit one screen. */
export function renderDemoSummary({ advice, bench, files, reportPath, durationMs }: DemoSummary): string {
  const findings = rankFindings(advice.findings);
  const blocks = [
    [`Looked at ${workloadSentence(advice.workload)}, planned on ${printable(advice.server.plannedOn)}.`],
    [
      findings.length === 0
        ? 'No findings.'
        : `Found ${plural(findings.length, 'finding')} (cost: planner units over all calls):`,
      ...capped(columns(findings.slice(0, FINDINGS_SHOWN).map(findingCells)), findings.length, 'finding'),
    ],
    files.length === 0
      ? ['Wrote no migration.']
      : [
          `Wrote ${plural(files.length, 'migration file')}:`,
          ...capped(files.slice(0, FILES_SHOWN).map(printable), files.length, 'file'),
        ],
    [...benchLines(bench)],
    [`Report: ${printable(reportPath)}`, `Done in ${formatDuration(durationMs)}.`],
  ];
  return `${blocks.map((block) => block.join('\n')).join('\n\n')}\n`;
}

function findingCells(finding: Finding): readonly string[] {
  const costed = finding.queries.filter(({ costBefore, costAfter }) => costBefore !== null && costAfter !== null);
  const before = costed.reduce((sum, { costBefore, calls }) => sum + (costBefore ?? 0) * calls, 0);
  const after = costed.reduce((sum, { costAfter, calls }) => sum + (costAfter ?? 0) * calls, 0);
  const cost =
    costed.length === 0 ? '' : `cost ${formatCost(before)} → ${formatCost(after)} (${formatChange(before, after)})`;
  return [finding.proof.grade, oneLine(finding.title, TITLE_WIDTH), cost];
}

function benchLines(bench: BenchReport): readonly string[] {
  if (bench.queries.length === 0) return ['Measured nothing.'];
  const rows = bench.queries
    .slice(0, QUERIES_SHOWN)
    .map(({ name, p50Ms, buffers, latencyRatio, verdict }) => [
      oneLine(name, NAME_WIDTH),
      formatPair(p50Ms, formatDuration).join(' → '),
      `${formatCount(buffers.before)} → ${formatCount(buffers.after)}`,
      `${formatRatio(latencyRatio.point)} (${formatRatio(latencyRatio.low)} to ${formatRatio(latencyRatio.high)})`,
      verdict,
    ]);
  const { point, low, high } = bench.noiseFloor.latencyRatio;
  const floor = `${formatRatio(point)} (${formatRatio(low)} to ${formatRatio(high)})`;
  return [
    'Measured before and after, on clones of the same database:',
    ...capped(
      columns([['query', 'p50', 'buffers a call', 'latency ratio', 'verdict'], ...rows]),
      bench.queries.length + 1,
      'query',
    ),
    `The same statement against itself: ${floor}; a smaller change cannot be seen.`,
    ...bench.gate.reasons.map((reason) => `Gate: ${oneLine(reason, 100)}`).slice(0, 3),
  ];
}

/** Indents the lines shown and says how many more there are. */
function capped(lines: readonly string[], count: number, noun: string): readonly string[] {
  const left = count - lines.length;
  return [
    ...lines,
    ...(left > 0 ? [`and ${plural(left, noun, noun === 'query' ? 'queries' : `${noun}s`)} more`] : []),
  ].map((line) => `  ${line}`);
}

/** Pads cells so that each column starts in one place. */
function columns(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, index) => Math.max(...rows.map((row) => (row[index] ?? '').length)));
  return rows.map((row) =>
    row
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
