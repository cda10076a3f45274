import type { AdviceReport } from '../../../model/advice.js';
import type { BenchReport } from '../../../model/bench.js';
import type { ProofGrade } from '../../../model/finding.js';
import { type Markup, markup, nothing } from '../../markup.js';
import { oneLine } from '../../plain-text.js';
import { formatBytes, formatCost, formatCount, formatDuration } from '../../units.js';
import {
  capital,
  deletersSentence,
  GRADE_MEANING,
  leftOutByRules,
  ON_DELETE_WORDS,
  workloadCostSentence,
  workloadSentence,
} from '../wording.js';
import { copyableSql, terminated } from './code-block.js';
import type { Section } from './masthead.js';
import { type MigrationFile, migrationFiles } from './migration-files.js';
import { table } from './table.js';

const EXAMPLE_WIDTH = 200;

/** Gives the index set: what the selection would create and drop for the whole workload. */
export function indexSetSection({ indexSet }: AdviceReport, section: Section): Markup {
  const { create, drop, sizeBytes, writeCost } = indexSet;
  const sql = [...create, ...drop].map(terminated).join('\n');
  return framed(
    section,
    markup`<p>Together ${formatBytes(sizeBytes)}, in order of benefit. Workload cost ${workloadCostSentence(indexSet)}; keeping the indexes costs writes about ${formatCost(writeCost)} units. For production take the fixes above: they say how each wants to be run.</p>
${copyableSql({ id: `${section.id}-sql`, name: 'index set', sql })}`,
  );
}

/** Gives the migration files that belong to no finding. */
export function migrationsSection(files: readonly MigrationFile[], section: Section): Markup {
  return framed(section, markup`${migrationFiles(files, `${section.id}-file`)}`);
}

/** Gives the statements and rules that were left out, and why. */
export function leftOutSection(report: AdviceReport, section: Section): Markup {
  const rows = report.workload.skipped.map(({ reason, count, example }) => [
    markup`${formatCount(count)}`,
    markup`${reason}`,
    markup`<code>${oneLine(example, EXAMPLE_WIDTH)}</code>`,
  ]);
  const statements = table({
    class: 'skipped',
    caption: 'Statements that could not be judged',
    columns: [{ title: 'Count', class: 'value' }, { title: 'Reason' }, { title: 'For example' }],
    rowHeader: 1,
    rows,
  });
  const rules = leftOutByRules(report).map(({ ruleId, reason }) => markup`<li><code>${ruleId}</code>: ${reason}</li>`);
  return framed(
    section,
    markup`${rows.length === 0 ? nothing : statements}${rules.length === 0 ? nothing : markup`<h3>What rules left out</h3><ul class="left-out">${rules}</ul>`}`,
  );
}

/** Gives who deletes what: each table that foreign keys lead to, with what becomes of the rows that lead there. */
export function deletesSection({ deletes = [] }: AdviceReport, section: Section): Markup {
  const items = deletes.map((deleted) => {
    const followers = deleted.followers.map(
      ({ table: name, columns, onDelete }) =>
        markup`<li><code>${name} (${columns.join(', ')})</code> ${ON_DELETE_WORDS[onDelete]}</li>`,
    );
    const deleters = deletersSentence(deleted);
    return markup`<li><code>${deleted.table}</code>${deleters === '' ? '' : `, ${deleters}`}<ul>${followers}</ul></li>`;
  });
  return framed(
    section,
    markup`<p>What becomes of the rows that lead to a row by a foreign key, when that is deleted.</p><ul class="deletes">${items}</ul>`,
  );
}

/** Gives how the figures came to be, and what the words for proof mean. */
export function methodSection(report: AdviceReport, bench: BenchReport | null, section: Section): Markup {
  const grades: readonly ProofGrade[] = ['suspected', 'counted', 'linked', 'planned', 'executed'];
  const used = grades.filter((grade) => report.findings.some(({ proof }) => proof.grade === grade));
  const meanings = used.map((grade) => markup`<li>${capital(GRADE_MEANING[grade])}.</li>`);
  const { server, workload, durationMs } = report;
  return framed(
    section,
    markup`<p>The workload is ${workloadSentence(workload)}, read from ${workload.source.join(', ')}; times are the server’s own, of all calls together. Costs are planner units of one call, as ${server.plannedOn} plans it: they rank plans and are no milliseconds. The advice took ${formatDuration(durationMs)}.</p>
${meanings.length === 0 ? nothing : markup`<p>A finding is worth what its proof is worth. The grades on this page:</p><ul>${meanings}</ul>`}
<p>Time saved is an estimate: the time of the calls, less the share of the cost that the fix removes. Where two findings share a statement, the total counts its time once.</p>
${bench === null ? nothing : markup`<p>Bench ratios are after / before, so below 1 is faster. Before and after take turns in short slices, so that a slow minute of the machine falls on both; buffers and plans are exact, latency bears an interval.</p>`}`,
  );
}

function framed({ id, title }: Section, body: Markup): Markup {
  return markup`<section id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title">${title}</h2>${body}</section>`;
}
