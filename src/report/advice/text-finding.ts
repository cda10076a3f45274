import type { Finding, FindingQuery, Fix, Severity } from '../../model/finding.js';
import { oneLine, printable } from '../plain-text.js';
import { formatDuration, formatMeasurement, plural } from '../units.js';
import { paragraph, type Terminal, verbatim } from './terminal.js';
import { costSentence, GRADE_MEANING, runningSentence, SEVERITY_WORD, savingSentence } from './wording.js';

/** More statements than this are summed up in one line: the JSON report has them all. */
const STATEMENTS_SHOWN = 8;
const FINGERPRINT_LENGTH = 12;

/** Gives one finding's lines, numbered. */
export function findingLines(terminal: Terminal, finding: Finding, number: number): readonly string[] {
  const label = severityPaint(terminal, finding.severity)(SEVERITY_WORD[finding.severity]);
  const facts = [finding.class === null ? finding.ruleId : `${finding.ruleId} (${finding.class})`, finding.proof.grade];
  const saving = savingSentence(finding);
  return [
    ...paragraph(terminal, finding.title, `${number}. `.length, `${number}. `).map((line) => terminal.bold(line)),
    `   ${label} · ${[...facts, ...(saving === null ? [] : [saving])].join(' · ')}`,
    '',
    ...paragraph(terminal, finding.message, 3),
    ...locationLines(terminal, finding),
    ...queryLines(terminal, finding.queries),
    ...evidenceLines(terminal, finding),
    ...(finding.fix === null ? [] : fixLines(terminal, finding.fix)),
  ];
}

function severityPaint(terminal: Terminal, severity: Severity): (text: string) => string {
  if (severity === 'error') return terminal.red;
  return severity === 'warn' ? terminal.yellow : terminal.blue;
}

function locationLines(terminal: Terminal, { location }: Finding): readonly string[] {
  if (location === null) return [];
  return [`   ${terminal.dim('at')} ${printable(location.file)}:${location.line}:${location.column}`];
}

function queryLines(terminal: Terminal, queries: readonly FindingQuery[]): readonly string[] {
  if (queries.length === 0) return [];
  const left = queries.length - STATEMENTS_SHOWN;
  return [
    ...heading(terminal, queries.length === 1 ? 'Statement' : 'Statements'),
    ...queries.slice(0, STATEMENTS_SHOWN).flatMap((query) => oneQueryLines(terminal, query)),
    ...(left > 0 ? [`     and ${plural(left, 'statement')} more`] : []),
  ];
}

function oneQueryLines(terminal: Terminal, query: FindingQuery): readonly string[] {
  const role = query.role === 'statement' ? '' : `${query.role} · `;
  const time = query.totalTimeMs > 0 ? [formatDuration(query.totalTimeMs)] : [];
  const cost = costSentence(query);
  const facts = [plural(query.calls, 'call'), ...time, ...(cost === null ? [] : [cost])];
  const fingerprint = oneLine(query.fingerprint, FINGERPRINT_LENGTH + 1).replace('…', '');
  const text = oneLine(query.text, terminal.width - 5 - fingerprint.length - 2);
  return [`     ${terminal.dim(fingerprint)}  ${text}`, `       ${role}${facts.join(' · ')}`];
}

function evidenceLines(terminal: Terminal, { evidence, proof }: Finding): readonly string[] {
  const names = Math.max(0, ...evidence.map(({ name }) => name.length));
  const values = evidence.map(formatMeasurement);
  const widest = Math.max(0, ...values.map((value) => value.length));
  return [
    ...heading(terminal, 'Proof'),
    ...paragraph(terminal, `${GRADE_MEANING[proof.grade]}`, 5),
    ...paragraph(terminal, [proof.method, proof.detail].filter((text) => text !== '').join(': '), 5),
    ...evidence.map(
      ({ name, source }, index) =>
        `     ${printable(name).padEnd(names)}  ${(values[index] ?? '').padStart(widest)}  ${terminal.dim(printable(source))}`,
    ),
  ];
}

function fixLines(terminal: Terminal, fix: Fix): readonly string[] {
  const statements = fix.sql.flatMap((statement) => [
    ...verbatim(`${terminal.green(terminated(statement.sql))}`, 5),
    `       ${terminal.dim(runningSentence(statement))}`,
    ...statement.hazards.flatMap((hazard) => paragraph(terminal, hazard, 9, '       ! ')),
  ]);
  const isShown = fix.sql.some(({ sql }) => sql === fix.rewrittenQuery);
  const rewritten = fix.rewrittenQuery === null || isShown ? [] : verbatim(terminated(fix.rewrittenQuery), 5);
  return [
    ...section(terminal, fix.kind === 'batch' ? 'In place of the loop' : 'Run', statements),
    ...section(terminal, fix.kind === 'batch' ? 'In place of the loop' : 'Rewritten statement', rewritten),
    ...section(
      terminal,
      'Write into pgsteward.yaml',
      fix.configuration === undefined ? [] : verbatim(printable(fix.configuration), 5),
    ),
    ...section(
      terminal,
      'Undo',
      fix.undo.flatMap((sql) => verbatim(terminated(sql), 5)),
    ),
    ...section(
      terminal,
      'Written',
      fix.files.map((file) => `     ${printable(file)}`),
    ),
  ];
}

function section(terminal: Terminal, title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [...heading(terminal, title), ...lines];
}

function heading(terminal: Terminal, title: string): readonly string[] {
  return ['', `   ${terminal.dim(title)}`];
}

function terminated(sql: string): string {
  return printable(sql.trim().replace(/[;\s]*$/, ';'));
}
