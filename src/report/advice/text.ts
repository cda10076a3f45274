import type { AdviceReport, IndexSet } from '../../model/advice.js';
import type { Finding } from '../../model/finding.js';
import { oneLine } from '../plain-text.js';
import { formatBytes, formatDuration, plural } from '../units.js';
import { rankFindings } from './ranking.js';
import { labelled, paragraph, type Terminal, terminalOf } from './terminal.js';
import { findingLines } from './text-finding.js';
import { countIndexes, findingsSentence, leftOutByRules, workloadCostSentence, workloadSentence } from './wording.js';

/** Gives the report as a person reads it in a terminal: most time saved first, never more than the proof says. */
export function renderAdviceText(report: AdviceReport, options: { color: boolean; width?: number }): string {
  const terminal = terminalOf(options);
  const findings = rankFindings(report.findings);
  const blocks = [
    headLines(terminal, report),
    ...(findings.length === 0 ? [nothingLines(terminal, report)] : []),
    ...findings.map((finding, index) => findingLines(terminal, finding, index + 1)),
    indexSetLines(terminal, report.indexSet),
    unservedLines(terminal, report.statements),
    skippedStatementLines(terminal, report.workload.skipped),
    skippedRuleLines(terminal, leftOutByRules(report)),
  ];
  const text = blocks.filter((block) => block.length > 0).map((block) => block.join('\n'));
  return `${text.join('\n\n')}\n`;
}

/** Gives findings alone, numbered from a number on. */
export function renderFindingsText(
  findings: readonly Finding[],
  options: { readonly color: boolean; readonly width?: number; readonly from: number },
): string {
  const terminal = terminalOf(options);
  const texts = findings.map((finding, place) => findingLines(terminal, finding, options.from + place).join('\n'));
  return `${texts.join('\n\n')}\n\n`;
}

function headLines(terminal: Terminal, report: AdviceReport): readonly string[] {
  const { server, tool, workload } = report;
  return labelled(terminal, [
    [tool.name, `${tool.version}, advised in ${formatDuration(report.durationMs)}`],
    ['server', `PostgreSQL ${server.version}, planned on ${server.plannedOn}`],
    ['workload', `${workload.source.join(', ')}: ${workloadSentence(workload)}`],
    ['found', findingsSentence(report.findings)],
  ]);
}

function nothingLines(terminal: Terminal, report: AdviceReport): readonly string[] {
  const { workload, server } = report;
  const left = workload.skipped.reduce((sum, { count }) => sum + count, 0);
  const missed = [
    left > 0 ? `${plural(left, 'statement')} could not be judged` : '',
    leftOutByRules(report).length > 0 ? 'rules left something out' : '',
  ].filter((text) => text !== '');
  const looked = `No findings. Looked at ${workloadSentence(workload)}, planned on ${server.plannedOn}`;
  const exceptions = missed.length > 0 ? `; ${missed.join(' and ')} (listed below)` : '';
  return paragraph(terminal, `${looked}${exceptions}.`, 0);
}

function indexSetLines(terminal: Terminal, indexSet: IndexSet): readonly string[] {
  const { create, drop } = indexSet;
  if (create.length + drop.length === 0) return [];
  const doing = [
    create.length > 0
      ? `create ${plural(countIndexes(indexSet), 'index', 'indexes')} (${formatBytes(indexSet.sizeBytes)})`
      : '',
    drop.length > 0 ? `drop ${plural(drop.length, 'index', 'indexes')}` : '',
  ].filter((text) => text !== '');
  return [
    terminal.bold('Index set for this workload'),
    ...paragraph(terminal, doing.join(', '), 2),
    ...paragraph(terminal, `workload cost ${workloadCostSentence(indexSet)}`, 2),
  ];
}

/** Dear statements that no index helps, the dearest first: that is an answer too. */
function unservedLines(terminal: Terminal, statements: AdviceReport['statements']): readonly string[] {
  const total = statements.reduce((sum, { calls, costBefore }) => sum + calls * costBefore, 0);
  const dear = statements.flatMap((statement) => {
    const share = (statement.calls * statement.costBefore) / total;
    return statement.reason === null || !(share >= UNSERVED_SHARE_MIN) ? [] : [{ ...statement, share }];
  });
  if (dear.length === 0) return [];
  const rows = dear
    .slice(0, UNSERVED_MAX)
    .flatMap(({ text, share, servedBy, reason, subqueries }) => [
      `  ${Math.round(share * 100)} %  ${terminal.dim(oneLine(text, terminal.width - 10))}`,
      ...paragraph(
        terminal,
        [servedBy.length === 0 ? 'no index serves it' : `served by ${servedBy.join(', ')}`, reason, subqueries ?? '']
          .filter((part) => part !== '')
          .join('; '),
        8,
      ),
    ]);
  const more = dear.length - UNSERVED_MAX;
  return [
    terminal.bold('Dear statements that no new index helps, by their share of the workload’s cost'),
    ...rows,
    ...(more > 0 ? [`  and ${more} more, all of them in the JSON report`] : []),
  ];
}

/** A statement that makes up this part of the workload's cost is one that its owner asks about. */
const UNSERVED_SHARE_MIN = 0.02;
const UNSERVED_MAX = 5;

function skippedStatementLines(terminal: Terminal, skipped: AdviceReport['workload']['skipped']): readonly string[] {
  if (skipped.length === 0) return [];
  const rows = skipped.flatMap(({ reason, count, example }) => [
    ...paragraph(terminal, reason, 8, `  ${count}×`),
    `        ${terminal.dim(`for example: ${oneLine(example, terminal.width - 21)}`)}`,
  ]);
  return [terminal.bold('Statements left out'), ...rows];
}

function skippedRuleLines(terminal: Terminal, skipped: ReturnType<typeof leftOutByRules>): readonly string[] {
  if (skipped.length === 0) return [];
  return [
    terminal.bold('What rules left out'),
    ...skipped.flatMap(({ ruleId, reason }) => paragraph(terminal, `${ruleId}: ${reason}`, 2)),
  ];
}
