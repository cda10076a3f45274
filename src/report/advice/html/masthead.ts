import type { AdviceReport } from '../../../model/advice.js';
import type { BenchReport, Verdict } from '../../../model/bench.js';
import type { Finding } from '../../../model/finding.js';
import { costBars } from '../../charts/cost-bars.js';
import { type Markup, markup, nothing, trusted } from '../../markup.js';
import { formatBytes, formatChange, formatCost, formatDuration, formatSpeed, plural } from '../../units.js';
import { countBySeverity, timeSavedMs, timeSavedTogetherMs } from '../ranking.js';
import { countIndexes, SEVERITY_WORD } from '../wording.js';

/** Queries that the head names; the rest are counted. */
const NAMED_QUERIES = 2;
const VERDICTS: readonly (readonly [Verdict, string])[] = [
  ['improved', 'improved'],
  ['regressed', 'regressed'],
  ['equivalent', 'stayed equivalent'],
  ['inconclusive', 'could not be told'],
];

/** A section of the page that the contents name. */
export interface Section {
  readonly id: string;
  readonly title: string;
}

/** Gives the page's head: what the report says in one sentence, where from, and four figures. */
export function masthead(report: AdviceReport, bench: BenchReport | null): Markup {
  const { server, workload, tool } = report;
  const dateline = [
    `PostgreSQL ${server.version}`,
    `planned on ${server.plannedOn}`,
    `workload from ${workload.source.join(', ')}`,
    formatDate(report.startedAt),
  ];
  return markup`<header class="masthead">
<p class="wordmark">${tool.name} <span>${tool.version}</span></p>
<h1>${headline(report)}</h1>
${standfirst(bench)}
<p class="dateline">${dateline.join(' · ')}</p>
<dl class="strip">${figures(report)}</dl>
</header>`;
}

function headline({ findings, indexSet }: AdviceReport): string {
  if (findings.length === 0) return 'Nothing was found that slows this workload.';
  const found = plural(findings.length, 'finding');
  const { workloadCostBefore: before, workloadCostAfter: after } = indexSet;
  const count = countIndexes(indexSet);
  if (count === 0 || !(before > after)) return `${found} in this workload.`;
  const change = formatChange(before, after).replace('−', '');
  const by = count === 1 ? 'one index takes' : `${count} indexes take`;
  return `${found}; by plan, ${by} ${change} off the workload’s cost.`;
}

/** What the bench says: its best by name, the rest counted. */
function standfirst(bench: BenchReport | null): Markup {
  if (bench === null || bench.queries.length === 0) return nothing;
  const best = bench.queries
    .filter(({ verdict }) => verdict === 'improved')
    .sort((left, right) => left.latencyRatio.point - right.latencyRatio.point)
    .slice(0, NAMED_QUERIES)
    .map(
      ({ name, latencyRatio }, index) =>
        markup`${index === 0 ? '' : ' and '}<code>${name}</code> ${index === 0 ? 'ran ' : ''}${formatSpeed(latencyRatio.point)}`,
    );
  const counts = VERDICTS.map(([verdict, words]) => {
    const count = bench.queries.filter((query) => query.verdict === verdict).length;
    return count === 0 ? '' : `${count} ${words}`;
  }).filter((text) => text !== '');
  const measured = best.length === 0 ? nothing : markup`On clones of the database ${best}. `;
  return markup`<p class="standfirst">${measured}Of ${plural(bench.queries.length, 'measured query', 'measured queries')}, ${counts.join(', ')}.</p>`;
}

function figures({ findings, workload, indexSet }: AdviceReport): readonly Markup[] {
  const severities = countBySeverity(findings).map(({ severity, count }) => plural(count, SEVERITY_WORD[severity]));
  const saved = timeSavedTogetherMs(findings);
  const { drop, workloadCostBefore: before, workloadCostAfter: after } = indexSet;
  const planned = before > 0;
  return [
    figure('Findings', String(findings.length), severities.join(', ') || plural(workload.statements, 'statement')),
    figure(
      'Time saved, estimated',
      saved === null ? '–' : formatDuration(saved),
      workload.totalTimeMs > 0
        ? `of ${formatDuration(workload.totalTimeMs)} of execution`
        : 'the workload bears no times',
    ),
    figure('Index set', formatBytes(indexSet.sizeBytes), `${countIndexes(indexSet)} to create, ${drop.length} to drop`),
    figure(
      'Workload cost, planned',
      planned ? formatChange(before, after) : '–',
      planned ? `${formatCost(before)} → ${formatCost(after)} planner units` : 'nothing was planned',
      planned ? trusted(costBars({ before, after })) : nothing,
    ),
  ];
}

function figure(term: string, value: string, note: string, chart: Markup = nothing): Markup {
  return markup`<div><dt>${term}</dt><dd><strong>${value}</strong>${chart}<span>${note}</span></dd></div>`;
}

/** Gives the contents: each finding with what it saves, then the other sections. */
export function contents(findings: readonly Finding[], sections: readonly Section[]): Markup {
  const entries = findings.map((finding, index) => {
    const saved = timeSavedMs(finding);
    const facts = [finding.proof.grade, ...(saved === null ? [] : [formatDuration(saved)])].join(' · ');
    return markup`<li><a href="#finding-${index + 1}"><span class="title">${finding.title}</span></a><span class="leader" aria-hidden="true"></span><span class="facts"><span class="severity ${finding.severity}">${SEVERITY_WORD[finding.severity]}</span> · ${facts}</span></li>`;
  });
  const others = sections.map(({ id, title }) => markup`<li><a href="#${id}">${title}</a></li>`);
  return markup`<nav class="contents" aria-label="Contents">
${entries.length === 0 ? nothing : markup`<ol>${entries}</ol>`}
<ul>${others}</ul>
</nav>`;
}

/** Gives a date as `2 March 2026, 09:30 UTC`; a text that is no date stands as it is. */
function formatDate(iso: string): string {
  const time = new Date(iso);
  if (Number.isNaN(time.getTime())) return iso;
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: 'UTC',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
  });
  return `${format.format(time).replace(' at ', ', ')} UTC`;
}
