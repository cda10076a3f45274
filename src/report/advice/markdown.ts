import type { AdviceReport } from '../../model/advice.js';
import type { Finding, FindingQuery, Fix } from '../../model/finding.js';
import { cell, code, fence, prose } from '../markdown-text.js';
import { oneLine } from '../plain-text.js';
import { formatBytes, formatCost, formatCount, formatDuration, formatMeasurement, plural } from '../units.js';
import { rankFindings } from './ranking.js';
import {
  capital,
  countIndexes,
  findingsSentence,
  GRADE_MEANING,
  leftOutByRules,
  runningSentence,
  SEVERITY_WORD,
  savingSentence,
  workloadCostSentence,
  workloadSentence,
} from './wording.js';

const STATEMENT_WIDTH = 90;

/** Gives the report as GitHub-flavoured Markdown, short enough for a pull request's comment. */
export function renderAdviceMarkdown(report: AdviceReport): string {
  const findings = rankFindings(report.findings);
  const blocks = [
    `## pgsteward: ${findingsSentence(findings).toLowerCase()}`,
    `${prose(workloadSentence(report.workload))} from ${report.workload.source.map(code).join(', ')}, ` +
      `PostgreSQL ${prose(report.server.version)}, planned on ${prose(report.server.plannedOn)}.`,
    indexSetParagraph(report),
    ...findings.flatMap(findingBlocks),
    leftOutParagraph(report),
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

function indexSetParagraph({ indexSet }: AdviceReport): string {
  const { create, drop } = indexSet;
  if (create.length + drop.length === 0) return '';
  const dropped = drop.length > 0 ? `, ${plural(drop.length, 'index', 'indexes')} to drop` : '';
  const created = `${plural(countIndexes(indexSet), 'index', 'indexes')} to create (${formatBytes(indexSet.sizeBytes)})`;
  return `**Index set:** ${created}${dropped}; workload cost ${workloadCostSentence(indexSet)}.`;
}

function findingBlocks(finding: Finding): readonly string[] {
  const { ruleId, severity, proof, location, fix } = finding;
  const saving = savingSentence(finding);
  const facts = [SEVERITY_WORD[severity], code(ruleId), `**${proof.grade}**`, ...(saving === null ? [] : [saving])];
  const detail = [proof.method, proof.detail].filter((text) => text !== '').map(prose);
  return [
    `### ${prose(finding.title)}`,
    facts.join(' · '),
    prose(finding.message),
    location === null ? '' : `At ${code(`${location.file}:${location.line}`)}.`,
    queryTable(finding.queries),
    `${capital(GRADE_MEANING[proof.grade])} (${detail.join(': ')}).${evidenceSentence(finding)}`,
    ...(fix === null ? [] : fixBlocks(fix)),
  ];
}

function queryTable(queries: readonly FindingQuery[]): string {
  if (queries.length === 0) return '';
  const rows = queries.map(({ text, calls, totalTimeMs, costBefore, costAfter }) => [
    code(oneLine(text, STATEMENT_WIDTH)),
    formatCount(calls),
    totalTimeMs > 0 ? formatDuration(totalTimeMs) : '–',
    costBefore === null ? '–' : formatCost(costBefore),
    costAfter === null ? '–' : formatCost(costAfter),
  ]);
  const head = ['| Statement | Calls | Time | Cost before | Cost after |', '|---|--:|--:|--:|--:|'];
  return [...head, ...rows.map((cells) => `| ${cells.map(cell).join(' | ')} |`)].join('\n');
}

function evidenceSentence({ evidence }: Finding): string {
  const figures = evidence.map(
    (measurement) => `${prose(measurement.name)} ${formatMeasurement(measurement)} (${prose(measurement.source)})`,
  );
  return figures.length === 0 ? '' : ` Evidence: ${figures.join('; ')}.`;
}

function fixBlocks(fix: Fix): readonly string[] {
  const run = fix.sql.map((statement) => {
    const comments = [runningSentence(statement), ...statement.hazards].map((text) => `-- ${oneLine(text, 200)}`);
    return [...comments, `${statement.sql.trim().replace(/[;\s]*$/, '')};`].join('\n');
  });
  const undo = fix.undo.map((sql) => `${sql.trim().replace(/[;\s]*$/, '')};`).join('\n');
  return [
    run.length === 0 ? '' : fence(run.join('\n')),
    fix.rewrittenQuery === null ? '' : `Rewritten:\n\n${fence(fix.rewrittenQuery)}`,
    fix.configuration === undefined ? '' : `In \`pgsteward.yaml\`:\n\n${fence(fix.configuration, 'yaml')}`,
    undo === '' ? '' : `<details><summary>Undo</summary>\n\n${fence(undo)}\n\n</details>`,
    fix.files.length === 0 ? '' : `Written: ${fix.files.map(code).join(', ')}`,
  ];
}

function leftOutParagraph(report: AdviceReport): string {
  const statements = report.workload.skipped.map(
    ({ reason, count }) => `- ${plural(count, 'statement')}: ${prose(reason)}`,
  );
  const rules = leftOutByRules(report).map(({ ruleId, reason }) => `- rule ${code(ruleId)}: ${prose(reason)}`);
  return statements.length + rules.length === 0 ? '' : ['**Left out**', '', ...statements, ...rules].join('\n');
}
