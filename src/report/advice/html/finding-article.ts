import type { BenchQuery } from '../../../model/bench.js';
import type { Finding, FindingQuery, Fix, FixStatement } from '../../../model/finding.js';
import { type Markup, markup, nothing } from '../../markup.js';
import { formatCost, formatCount, formatDuration, formatMeasurement, formatSpeed, plural } from '../../units.js';
import { capital, costSentence, GRADE_MEANING, runningSentence, SEVERITY_WORD, savingSentence } from '../wording.js';
import { verdictBadge } from './bench-section.js';
import { copyableSql, planPair, statementSql, terminated } from './code-block.js';
import { type MigrationFile, migrationFiles } from './migration-files.js';
import { table } from './table.js';

/** What stands around a finding: its number on the page, its bench results, the files that were written for it. */
export interface FindingContext {
  readonly number: number;
  readonly benched: readonly BenchQuery[];
  readonly migrations: readonly MigrationFile[];
}

/** Gives one finding: what, on what proof, which statements, what to run and how to take it back. */
export function findingArticle(finding: Finding, context: FindingContext): Markup {
  const { number } = context;
  const id = `finding-${number}`;
  return markup`<article class="finding" id="${id}" aria-labelledby="${id}-title">
<p class="kicker"><span class="severity ${finding.severity}">${SEVERITY_WORD[finding.severity]}</span> <span>${rule(finding)}</span> <span class="grade ${finding.proof.grade}">${finding.proof.grade}</span>${saving(finding)}</p>
<h3 id="${id}-title"><span class="number">${number}</span> ${finding.title}</h3>
<p class="message">${finding.message}</p>
${location(finding)}
${measured(context.benched)}
${statements(finding.queries, id)}
${finding.fix === null ? nothing : fixSection(finding.fix, id)}
${files(context)}
${alternatives(finding, id)}
${proofSection(finding)}
</article>`;
}

function rule({ ruleId, class: kind }: Finding): string {
  return kind === null ? ruleId : `${ruleId} (${kind})`;
}

function saving(finding: Finding): Markup {
  const sentence = savingSentence(finding);
  return sentence === null ? nothing : markup` <span>${sentence}</span>`;
}

function location({ location: place }: Finding): Markup {
  return place === null
    ? nothing
    : markup`<p class="place">In <code>${place.file}:${place.line}:${place.column}</code></p>`;
}

function measured(benched: readonly BenchQuery[]): Markup {
  if (benched.length === 0) return nothing;
  const sentences = benched.map(
    ({ name, verdict, p50Ms, buffers, latencyRatio }) =>
      markup`<li>${verdictBadge(verdict)} <code>${name}</code>: p50 ${formatDuration(p50Ms.before)} → <strong>${formatDuration(p50Ms.after)}</strong> (${formatSpeed(latencyRatio.point)}), shared buffers ${formatCount(buffers.before)} → <strong>${formatCount(buffers.after)}</strong></li>`,
  );
  return markup`<div class="measured"><h4>Measured, before and after</h4><ul>${sentences}</ul></div>`;
}

function statements(queries: readonly FindingQuery[], id: string): Markup {
  if (queries.length === 0) return nothing;
  const shown = queries.map((query, index) => statement(query, `statement ${index + 1} of ${id.replace('-', ' ')}`));
  return markup`<h4>${queries.length === 1 ? 'Statement' : 'Statements'}</h4>${shown}`;
}

function statement(query: FindingQuery, name: string): Markup {
  const { fingerprint, text, calls, totalTimeMs, costBefore, costAfter, planBefore, planAfter, role } = query;
  const cost = costSentence(query);
  const facts = [
    ...(role === 'statement' ? [] : [role]),
    plural(calls, 'call'),
    ...(totalTimeMs > 0 ? [formatDuration(totalTimeMs)] : []),
    ...(cost === null ? [] : [cost]),
  ];
  const caption = (title: string, value: number | null) =>
    value === null ? title : `${title} · cost ${formatCost(value)}`;
  return markup`<div class="statement"><p class="facts"><code>${fingerprint}</code> · ${facts.join(' · ')}</p>${statementSql(name, text)}${planPair(
    name,
    [
      { caption: caption('Plan before', costBefore), plan: planBefore },
      { caption: caption('Plan after', costAfter), plan: planAfter },
    ],
  )}</div>`;
}

function fixSection(fix: Fix, id: string): Markup {
  const owner = id.replace('-', ' ');
  const run = fix.sql.map((step, index) =>
    fixStep(step, { id: `${id}-fix-${index + 1}`, name: `fix ${index + 1} of ${owner}` }),
  );
  const undo = fix.undo.map(terminated).join('\n');
  const rewritten = fix.rewrittenQuery;
  return markup`${run.length === 0 ? nothing : markup`<h4>Fix</h4>${run}`}
${rewritten === null ? nothing : markup`<h4>Rewritten statement</h4>${copyableSql({ id: `${id}-rewrite`, name: `rewritten statement of ${owner}`, sql: rewritten })}`}
${fix.configuration === undefined ? nothing : markup`<h4>In pgsteward.yaml</h4>${copyableSql({ id: `${id}-configuration`, name: `configuration of ${owner}`, sql: fix.configuration })}`}
${undo === '' ? nothing : markup`<h4>Undo</h4>${copyableSql({ id: `${id}-undo`, name: `undo of ${owner}`, sql: undo })}`}`;
}

function fixStep(step: FixStatement, block: { id: string; name: string }): Markup {
  const hazards = step.hazards.map((hazard) => markup`<li>${hazard}</li>`);
  return markup`${copyableSql({ ...block, sql: terminated(step.sql) })}<p class="running">Run ${runningSentence(step)}.</p>${hazards.length === 0 ? nothing : markup`<ul class="hazards" aria-label="Hazards">${hazards}</ul>`}`;
}

function files({ migrations, number }: FindingContext): Markup {
  if (migrations.length === 0) return nothing;
  return markup`<h4>Migration files</h4>${migrationFiles(migrations, `finding-${number}-file`)}`;
}

function alternatives(finding: Finding, id: string): Markup {
  const weighed = finding.alternatives ?? [];
  if (weighed.length === 0) return nothing;
  const items = weighed.map(
    ({ title, sql, costAfter, reason }, index) =>
      markup`<li><p><strong>${title}</strong>${costAfter === null ? '' : ` · cost ${formatCost(costAfter)}`} · ${reason}</p>${statementSql(`alternative ${index + 1} of ${id.replace('-', ' ')}`, sql)}</li>`,
  );
  return markup`<h4>Weighed and not chosen</h4><ol class="alternatives">${items}</ol>`;
}

function proofSection({ proof, evidence }: Finding): Markup {
  const detail = [proof.method, proof.detail].filter((text) => text !== '').join(': ');
  const rows = evidence.map((measurement) => [
    markup`${measurement.name}`,
    markup`${formatMeasurement(measurement)}`,
    markup`${measurement.source}`,
  ]);
  const columns = [{ title: 'Evidence' }, { title: 'Value', class: 'value' }, { title: 'Source' }];
  return markup`<h4>Proof</h4><p class="proof"><strong>${capital(GRADE_MEANING[proof.grade])}.</strong> ${capital(detail)}${detail === '' ? '' : '.'}</p>${rows.length === 0 ? nothing : table({ class: 'evidence', columns, rows })}`;
}
