import type { AdviceReport } from '../../model/advice.js';
import type { BenchReport } from '../../model/bench.js';
import type { Finding } from '../../model/finding.js';
import { type Markup, markup, nothing } from '../markup.js';
import { plural } from '../units.js';
import { deletesSection, indexSetSection, leftOutSection, methodSection, migrationsSection } from './html/appendix.js';
import { benchSection } from './html/bench-section.js';
import { findingArticle } from './html/finding-article.js';
import { contents, masthead, type Section } from './html/masthead.js';
import { filesNamed, type MigrationFile } from './html/migration-files.js';
import { page } from './html/page.js';
import { rankFindings } from './ranking.js';
import { leftOutByRules, workloadSentence } from './wording.js';

/** What the page shows beside the advice: the bench of its fixes, and the migration files with their text. */
export interface HtmlExtras {
  readonly bench?: BenchReport | null;
  readonly migrations?: readonly MigrationFile[];
}

interface Chapter extends Section {
  readonly body: Markup;
}

/** Gives the report as one self-contained HTML file that reads without a script, a network or a second file. */
export function renderAdviceHtml(report: AdviceReport, extras: HtmlExtras = {}): string {
  const findings = rankFindings(report.findings);
  const chapters = chaptersOf(report, extras);
  const body = markup`<a class="skip" href="#findings">Skip to the findings</a>
${masthead(report, extras.bench ?? null)}
${contents(findings, chapters)}
<main>
<section id="findings" aria-labelledby="findings-title"><h2 id="findings-title">Findings</h2>
${findings.length === 0 ? nothingFound(report) : articles(findings, extras)}
</section>
${chapters.map((chapter) => chapter.body)}
</main>
<footer><p>Written by ${report.tool.name} ${report.tool.version}. This page holds statements of your workload: share it as you would share them.</p></footer>
<p id="status" class="visually-hidden" role="status"></p>`;
  return page({ title: `${report.tool.name}: ${plural(findings.length, 'finding')}`, body });
}

function articles(findings: readonly Finding[], { bench, migrations = [] }: HtmlExtras): Markup {
  const shown = findings.map((finding, index) => {
    const fingerprints = new Set(finding.queries.map(({ fingerprint }) => fingerprint));
    return findingArticle(finding, {
      number: index + 1,
      benched: (bench?.queries ?? []).filter(({ fingerprint }) => fingerprints.has(fingerprint)),
      migrations: filesNamed(finding.fix?.files ?? [], migrations),
    });
  });
  return markup`${shown}`;
}

function nothingFound({ workload, server }: AdviceReport): Markup {
  return markup`<p class="message">No findings. Looked at ${workloadSentence(workload)}, planned on ${server.plannedOn}.</p>`;
}

function chaptersOf(report: AdviceReport, { bench = null, migrations = [] }: HtmlExtras): readonly Chapter[] {
  const { indexSet, workload, deletes = [] } = report;
  const owned = filesNamed(
    report.findings.flatMap(({ fix }) => fix?.files ?? []),
    migrations,
  );
  const loose = migrations.filter((file) => !owned.includes(file));
  const chapter = (id: string, title: string, shown: boolean, body: (section: Section) => Markup): Chapter[] =>
    shown ? [{ id, title, body: body({ id, title }) }] : [];
  return [
    ...chapter('bench', 'Measured before and after', bench !== null, ({ id }) =>
      bench === null ? nothing : benchSection(bench, id),
    ),
    ...chapter('index-set', 'Index set', indexSet.create.length + indexSet.drop.length > 0, (section) =>
      indexSetSection(report, section),
    ),
    ...chapter('migrations', 'Other migration files', loose.length > 0, (section) => migrationsSection(loose, section)),
    ...chapter('deletes', 'Who deletes what', deletes.length > 0, (section) => deletesSection(report, section)),
    ...chapter('left-out', 'Left out', workload.skipped.length + leftOutByRules(report).length > 0, (section) =>
      leftOutSection(report, section),
    ),
    ...chapter('method', 'How it was measured', true, (section) => methodSection(report, bench, section)),
  ];
}
