import type { BeforeAfter } from '../../model/before-after.js';
import type {
  BenchHistoryEntry,
  BenchOtherDriver,
  BenchQuery,
  BenchReport,
  BenchWrites,
  RatioInterval,
} from '../../model/bench.js';
import type { BenchLoad } from '../../model/bench-load.js';
import { formatBytes, formatCount, formatDuration, formatRatio, plural } from '../units.js';
import { loadRows, loadSentences } from './load-wording.js';
import { migrationSentences } from './migration-wording.js';
import { textTable } from './text-table.js';
import { contaminationSentence, gateSentence, smallestEffectSentence } from './wording.js';

/** Gives the report as a person reads it in a terminal: a table of queries, what the noise was, and the gate. */
export function renderBenchText(report: BenchReport): string {
  const blocks = [
    headLines(report),
    textTable(QUERY_HEADS, report.queries.map(queryCells)),
    directLines(report),
    writeLines(report.writes),
    loadLines(report.load ?? null),
    historyLines(report.history ?? []),
    [...noiseLines(report), ...leftOutLines(report)],
    gateLines(report),
  ];
  const text = blocks.filter((lines) => lines.length > 0).map((lines) => lines.join('\n'));
  return `${text.join('\n\n')}\n`;
}

function headLines(report: BenchReport): readonly string[] {
  const { queries, driver, server, durationMs, migrations } = report;
  const requests = queries.reduce((sum, query) => sum + query.requests.before + query.requests.after, 0);
  const path = driver === 'http' ? 'over HTTP' : 'directly';
  const between =
    migrations.length === 0 ? 'on two databases' : `before and after ${plural(migrations.length, 'migration')}`;
  return [
    `${plural(queries.length, 'query', 'queries')} ${between}, PostgreSQL ${server.version}: ` +
      `${plural(requests, 'request')} ${path} in ${formatDuration(durationMs)}`,
    ...migrationSentences(report),
  ];
}

const QUERY_HEADS = ['query', 'verdict', 'p50 before → after', 'ratio (95 %)', 'buffers a call', 'plan'];

function queryCells(query: BenchQuery): readonly string[] {
  return [
    query.name,
    query.verdict,
    arrow(query.p50Ms, formatDuration),
    formatInterval(query.latencyRatio),
    arrow(query.buffers, formatCount),
    query.planHash.before === query.planHash.after ? 'same' : 'changed',
  ];
}

/** HTTP's own cost hides what a short statement gains, so its direct latency stands below. */
function directLines({ queries, driver }: BenchReport): readonly string[] {
  const rows = queries.flatMap(({ name, otherDriver }) => (otherDriver ? [otherCells(name, otherDriver)] : []));
  return textTable([driver === 'http' ? 'directly' : 'over HTTP', 'p50 before → after', 'ratio (95 %)'], rows);
}

function otherCells(name: string, other: BenchOtherDriver): readonly string[] {
  return [name, arrow(other.p50Ms, formatDuration), formatInterval(other.latencyRatio)];
}

function writeLines(writes: readonly BenchWrites[]): readonly string[] {
  const heads = ['writes to', 'insert', 'update', 'delete', 'WAL a row', 'HOT', 'indexes'];
  const rows = writes.map((table) => [
    table.table,
    arrow(table.insertMs, formatDuration),
    arrow(table.updateMs, formatDuration),
    arrow(table.deleteMs, formatDuration),
    arrow(table.walBytesPerRow, formatBytes),
    arrow(table.hotShare, (share) => `${Math.round(share * 100)} %`),
    arrow(table.indexBytes, formatBytes),
  ]);
  return rows.length === 0 ? [] : textTable(heads, rows);
}

function loadLines(load: BenchLoad | null): readonly string[] {
  if (load === null) return [];
  const rows = loadRows(load).map(({ name, responseMs }) => [
    name,
    ...(['p50', 'p95', 'p99', 'max'] as const).map((key) =>
      arrow({ before: responseMs.before[key], after: responseMs.after[key] }, formatDuration),
    ),
  ]);
  return [...loadSentences(load), ...textTable(['at this rate', 'p50 before → after', 'p95', 'p99', 'longest'], rows)];
}

function historyLines(history: readonly BenchHistoryEntry[]): readonly string[] {
  const rows = history.flatMap(({ startedAt, queries }) =>
    queries.map(({ name, verdict, ratio, p50Ms }) => [
      startedAt,
      name,
      verdict,
      formatRatio(ratio),
      formatDuration(p50Ms.after),
    ]),
  );
  return textTable(['earlier run', 'query', 'verdict', 'ratio', 'p50 after'], rows);
}

function noiseLines(report: BenchReport): readonly string[] {
  const { latencyRatio, cpuRatio, requests } = report.noiseFloor;
  if (requests === 0) {
    return ['Noise: no query was fast enough to be compared with itself, so only large changes are told.'];
  }
  const cpu = cpuRatio === null ? '' : `, CPU a request ${formatInterval(cpuRatio)}`;
  return [
    `Noise: the schema before against itself shows latency ${formatInterval(latencyRatio)}${cpu}.`,
    ...[smallestEffectSentence(report), contaminationSentence(report)].filter((sentence) => sentence !== ''),
  ];
}

function leftOutLines({ skipped = [], writesSkipped = [] }: BenchReport): readonly string[] {
  return [
    ...skipped.map(({ name, reason }) => `Left out: ${name}: ${reason}.`),
    ...writesSkipped.map(({ name, reason }) => `Writes to ${name} were not measured: ${reason}.`),
  ];
}

function gateLines(report: BenchReport): readonly string[] {
  const { passed, reasons, notes = [] } = report.gate;
  const details = [...reasons, ...notes].map((reason) => `  ${reason}`);
  return [`${gateSentence(report)}${passed && notes.length === 0 ? '.' : ':'}`, ...details];
}

function formatInterval({ point, low, high }: RatioInterval): string {
  return `${formatRatio(point)} (${formatRatio(low)}–${formatRatio(high)})`;
}

function arrow({ before, after }: BeforeAfter<number>, format: (value: number) => string): string {
  return `${format(before)} → ${format(after)}`;
}
