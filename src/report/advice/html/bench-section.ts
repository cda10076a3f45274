import type { BeforeAfter } from '../../../model/before-after.js';
import type { BenchQuery, BenchReport, BenchWrites, Verdict } from '../../../model/bench.js';
import { migrationSentences } from '../../bench/migration-wording.js';
import { bufferBars } from '../../charts/buffer-bars.js';
import { ecdfChart } from '../../charts/ecdf.js';
import { percentilePlot } from '../../charts/percentile-plot.js';
import { ratioAxis, ratioDomain, ratioInterval } from '../../charts/ratio-interval.js';
import { sliceStrip } from '../../charts/slice-strip.js';
import { type Markup, markup, nothing, trusted } from '../../markup.js';
import { formatBytes, formatCount, formatDuration, formatPair, formatRatio, plural } from '../../units.js';
import { planPair, statementSql } from './code-block.js';
import { table } from './table.js';

/** Gives what the bench measured: a row and two charts for each query, what writes pay, and what it can see at all. */
export function benchSection(bench: BenchReport, id: string): Markup {
  return markup`<section id="${id}" aria-labelledby="${id}-title" class="bench">
<h2 id="${id}-title">Measured before and after</h2>
<p>${howSentence(bench)} ${noiseSentence(bench)}</p>
${gate(bench)}
${queryTable(bench)}
${failures(bench)}
${bench.queries.map(queryDetail)}
${writesTable(bench.writes)}
${leftOut(bench)}
</section>`;
}

/** Gives a verdict as a word in its own frame. */
export function verdictBadge(verdict: Verdict): Markup {
  return markup`<span class="verdict ${verdict}">${verdict}</span>`;
}

function howSentence(bench: BenchReport): string {
  const { driver, server, durationMs, migrations } = bench;
  const through = driver === 'http' ? 'over HTTP' : 'straight over pg';
  const where =
    migrations.length > 0
      ? `clones of one database, once without and once with ${plural(migrations.length, 'migration')}`
      : 'two databases of the same rows';
  const ran = `Each query ran ${through} on ${where}, in interleaved slices, on PostgreSQL ${server.version} for ${formatDuration(durationMs)}.`;
  return [ran, ...migrationSentences(bench)].join(' ');
}

function noiseSentence({ noiseFloor }: BenchReport): string {
  const { point, low, high } = noiseFloor.latencyRatio;
  return `The same statement against itself came out at ${formatRatio(point)} (${formatRatio(low)} to ${formatRatio(high)}) over ${plural(noiseFloor.requests, 'request')}.`;
}

function gate({ gate: { passed, reasons, notes = [] } }: BenchReport): Markup {
  if (passed && reasons.length + notes.length === 0)
    return markup`<p class="gate passed"><strong>The gate is open.</strong></p>`;
  const items = [...reasons, ...notes].map((reason) => markup`<li>${reason}</li>`);
  return markup`<div class="gate ${passed ? 'passed' : 'failed'}"><p><strong>${passed ? 'The gate is open.' : 'The gate is closed.'}</strong></p><ul>${items}</ul></div>`;
}

/** The margin that the bench applied, or what the same statement against itself looked like. */
function marginOf(query: BenchQuery, { noiseFloor }: BenchReport): readonly [number, number] {
  const margin = query.equivalenceMargin;
  if (margin !== undefined && margin > 1) return [1 / margin, margin];
  return [Math.min(1, noiseFloor.latencyRatio.low), Math.max(1, noiseFloor.latencyRatio.high)];
}

function queryTable(bench: BenchReport): Markup {
  if (bench.queries.length === 0) return nothing;
  const domain = ratioDomain(bench.queries.map(({ latencyRatio }) => latencyRatio));
  return table({
    class: 'queries',
    caption: 'Latency, shared buffers of one call, and the ratio after / before; the shaded band counts as equal',
    columns: [
      { title: 'Query' },
      { title: 'Verdict' },
      { title: 'p50' },
      { title: 'p99' },
      { title: 'Buffers' },
      { title: 'Latency ratio', below: trusted(ratioAxis(domain)), class: 'ratio' },
    ],
    rows: bench.queries.map((query, index) => queryRow(query, { index, margin: marginOf(query, bench), domain })),
  });
}

type Interval = readonly [number, number];

interface RowContext {
  readonly index: number;
  readonly margin: Interval;
  readonly domain: Interval;
}

function queryRow(query: BenchQuery, { index, margin, domain }: RowContext): readonly Markup[] {
  const { name, verdict, p50Ms, p99Ms, buffers, latencyRatio: ratio } = query;
  return [
    markup`<a href="#query-${index + 1}">${name}</a>`,
    verdictBadge(verdict),
    change(p50Ms, formatDuration),
    change(p99Ms, formatDuration),
    change(buffers, formatCount),
    markup`${trusted(ratioInterval({ name, verdict, ratio, margin }, domain))}<span>${formatRatio(ratio.point)} <small>${formatRatio(ratio.low)} to ${formatRatio(ratio.high)}</small></span>`,
  ];
}

function change(values: BeforeAfter<number>, format: (value: number) => string): Markup {
  const [before, after] = formatPair(values, format);
  return markup`<span class="change"><span>${before}</span> <span aria-label="to">→</span> <strong>${after}</strong></span>`;
}

/** Charts of a query that stayed as it was are folded: they say what the table says. */
function queryDetail(query: BenchQuery, index: number): Markup {
  const { name, verdict, plan, text, errors, requests, planHash } = query;
  const failed = errors.before + errors.after;
  const facts = [
    plural(requests.before + requests.after, 'request'),
    planHash.before === planHash.after ? 'the plan kept its shape' : 'the plan changed',
    ...(failed > 0 ? [plural(failed, 'error')] : []),
    ...exactFacts(query),
  ];
  const open = verdict !== 'equivalent';
  const plans = planPair(name, [
    { caption: 'Executed before', plan: plan.before },
    { caption: 'Executed after', plan: plan.after },
  ]);
  return markup`<section class="query" id="query-${index + 1}" aria-label="${name}">
<h3>${name} ${verdictBadge(verdict)}</h3>
<p class="facts">${facts.join(' · ')}</p>
${open ? charts(query) : nothing}
<details><summary>${open ? 'Statement and executed plans' : 'Charts, statement and executed plans'}</summary>${open ? nothing : charts(query)}${statementSql(`statement of ${name}`, text)}${plans}</details>
</section>`;
}

/** What one call threw away and wrote, where the migrations changed it. */
function exactFacts({ rowsRemoved, tempBytes, walBytes }: BenchQuery): readonly string[] {
  const fact = (name: string, values: BeforeAfter<number> | undefined, format: (value: number) => string) => {
    if (values === undefined || values.before === values.after) return [];
    return [`${name} ${format(values.before)} → ${format(values.after)} a call`];
  };
  return [
    ...fact('rows thrown away', rowsRemoved, formatCount),
    ...fact('temporary files', tempBytes, formatBytes),
    ...fact('WAL', walBytes, formatBytes),
  ];
}

function charts({ name, buffers, slices, quantilesMs, requests }: BenchQuery): Markup {
  const keys = markup`<span class="key before">before</span> and <span class="key after">after</span>`;
  const figure = (caption: Markup, chart: string) =>
    markup`<figure><figcaption>${caption}</figcaption>${trusted(chart)}</figure>`;
  const curves =
    quantilesMs === undefined
      ? nothing
      : markup`${figure(markup`Latency by percentile, dashed before and solid after, log scale`, percentilePlot(name, quantilesMs))}${figure(markup`Share of requests within a time, with its 95 % band`, ecdfChart(name, quantilesMs, requests))}`;
  return markup`<div class="charts">${figure(markup`Shared buffers of one call, log scale`, bufferBars(name, buffers))}${figure(markup`Median latency by slice, ${keys}, log scale`, sliceStrip(name, slices))}${curves}</div>`;
}

function writesTable(writes: readonly BenchWrites[]): Markup {
  if (writes.length === 0) return nothing;
  const titles = ['Table', 'WAL a row', 'Insert', 'Update', 'Delete', 'HOT updates', 'Indexes'];
  const rows = writes.map((row) => [
    markup`${row.table}`,
    change(row.walBytesPerRow, formatBytes),
    change(row.insertMs, formatDuration),
    change(row.updateMs, formatDuration),
    change(row.deleteMs, formatDuration),
    change(row.hotShare, percent),
    change(row.indexBytes, formatBytes),
  ]);
  return markup`<h3>What writes pay</h3>${table({ class: 'queries writes', columns: titles.map((title) => ({ title })), rows })}`;
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

function failures({ failures: broken = [] }: BenchReport): Markup {
  if (broken.length === 0) return nothing;
  const items = broken.map(({ name, message }) => markup`<li><code>${name}</code>: ${message}</li>`);
  return markup`<div class="gate failed"><p><strong>Broken by the migrations</strong></p><ul>${items}</ul></div>`;
}

function leftOut({ skipped = [], writesSkipped = [] }: BenchReport): Markup {
  const all = [...skipped, ...writesSkipped];
  if (all.length === 0) return nothing;
  const items = all.map(({ name, reason }) => markup`<li><code>${name}</code>: ${reason}</li>`);
  return markup`<h3>Not measured</h3><ul class="left-out">${items}</ul>`;
}
