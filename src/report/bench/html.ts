import type { BenchHistoryEntry, BenchReport } from '../../model/bench.js';
import { benchSection } from '../advice/html/bench-section.js';
import { page } from '../advice/html/page.js';
import { table } from '../advice/html/table.js';
import { type Markup, markup, nothing } from '../markup.js';
import { formatDuration, formatRatio, plural } from '../units.js';
import { loadSection } from './load-section.js';
import { contaminationSentence, gateSentence, smallestEffectSentence, verdictsSentence } from './wording.js';

/** Gives the report of a bench as one self-contained HTML file that reads without a script or a network. */
export function renderBenchHtml(report: BenchReport): string {
  const { tool, server, startedAt, durationMs, migrations, history = [] } = report;
  const dateline = [
    `PostgreSQL ${server.version}`,
    plural(migrations.length, 'migration'),
    formatDuration(durationMs),
    startedAt,
  ];
  const body = markup`<a class="skip" href="#bench">Skip to the figures</a>
<header class="masthead">
<p class="wordmark">${tool.name} <span>${tool.version}</span></p>
<h1>${gateSentence(report)}.</h1>
<p class="standfirst">${plural(report.queries.length, 'query', 'queries')}: ${verdictsSentence(report)}. ${smallestEffectSentence(report)} ${contaminationSentence(report)}</p>
<p class="dateline">${dateline.join(' · ')}</p>
</header>
<main>
${benchSection(report, 'bench')}
${loadSection(report)}
${historySection(history)}
</main>
<footer><p>Written by ${tool.name} ${tool.version}. This page holds statements of your workload: share it as you would share them.</p></footer>
<p id="status" class="visually-hidden" role="status"></p>`;
  return page({ title: `${tool.name} bench: ${verdictsSentence(report)}`, body });
}

function historySection(history: readonly BenchHistoryEntry[]): Markup {
  if (history.length === 0) return nothing;
  const rows = [...history]
    .reverse()
    .flatMap((entry) =>
      entry.queries.map((query) => [
        markup`${entry.startedAt}`,
        markup`${query.name}`,
        markup`${query.verdict}`,
        markup`${formatRatio(query.ratio)}`,
        markup`${formatDuration(query.p50Ms.after)}`,
        markup`${formatDuration(query.p99Ms.after)}`,
      ]),
    );
  const titles = ['Run', 'Query', 'Verdict', 'Ratio', 'p50 after', 'p99 after'];
  return markup`<section id="history" aria-labelledby="history-title"><h2 id="history-title">Earlier runs</h2>
${table({ class: 'queries history', columns: titles.map((title) => ({ title })), rows })}</section>`;
}
