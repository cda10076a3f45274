import type { BeforeAfter } from '../../model/before-after.js';
import type { BenchQuery, BenchReport, BenchWrites } from '../../model/bench.js';
import { cell, code, prose } from '../markdown-text.js';
import { formatBytes, formatCount, formatDuration, formatRatio } from '../units.js';
import { loadSentences } from './load-wording.js';
import { migrationSentences } from './migration-wording.js';
import { contaminationSentence, gateSentence, smallestEffectSentence, verdictsSentence } from './wording.js';

/** Gives the report as GitHub-flavoured Markdown, short enough for a pull request's comment. */
export function renderBenchMarkdown(report: BenchReport): string {
  const { gate, load } = report;
  const blocks = [
    `## pgsteward bench: ${prose(verdictsSentence(report))}`,
    `**${prose(gateSentence(report))}.**`,
    [...gate.reasons, ...(gate.notes ?? [])].map((reason) => `- ${prose(reason)}`).join('\n'),
    queryTable(report.queries),
    writesTable(report.writes),
    prose(migrationSentences(report).join(' ')),
    load === undefined || load === null ? '' : prose(loadSentences(load).join(' ')),
    prose([smallestEffectSentence(report), contaminationSentence(report)].filter((text) => text !== '').join(' ')),
    leftOut(report),
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

function queryTable(queries: readonly BenchQuery[]): string {
  const rows = queries.map((query) => [
    code(query.name),
    query.verdict === 'regressed' ? '**regressed**' : query.verdict,
    `${formatRatio(query.latencyRatio.point)} (${formatRatio(query.latencyRatio.low)}–${formatRatio(query.latencyRatio.high)})`,
    arrow(query.p50Ms, formatDuration),
    arrow(query.p99Ms, formatDuration),
    arrow(query.buffers, formatCount),
    query.planHash.before === query.planHash.after ? 'same' : 'changed',
  ]);
  return table('| Query | Verdict | Latency ratio | p50 | p99 | Buffers | Plan |\n|---|---|--:|--:|--:|--:|---|', rows);
}

function writesTable(writes: readonly BenchWrites[]): string {
  const rows = writes.map((row) => [
    code(row.table),
    arrow(row.walBytesPerRow, formatBytes),
    arrow(row.hotShare, (share) => `${Math.round(share * 100)} %`),
    arrow(row.insertMs, formatDuration),
    arrow(row.updateMs, formatDuration),
    arrow(row.deleteMs, formatDuration),
    arrow(row.indexBytes, formatBytes),
  ]);
  return table(
    '| Writes to | WAL a row | HOT | Insert | Update | Delete | Indexes |\n|---|--:|--:|--:|--:|--:|--:|',
    rows,
  );
}

function table(head: string, rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  return [head, ...rows.map((cells) => `| ${cells.map(cell).join(' | ')} |`)].join('\n');
}

function leftOut({ skipped = [], writesSkipped = [] }: BenchReport): string {
  const items = [...skipped, ...writesSkipped].map(({ name, reason }) => `- ${code(name)}: ${prose(reason)}`);
  return items.length === 0 ? '' : ['**Not measured**', '', ...items].join('\n');
}

function arrow({ before, after }: BeforeAfter<number>, format: (value: number) => string): string {
  return `${format(before)} → ${format(after)}`;
}
