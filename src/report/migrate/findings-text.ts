import type { AdviceReport } from '../../model/advice.js';
import type { Finding } from '../../model/finding.js';
import { paragraph, type Terminal, terminalOf, verbatim } from '../advice/terminal.js';
import { findingsSentence, SEVERITY_WORD } from '../advice/wording.js';
import { printable } from '../plain-text.js';
import { formatDuration } from '../units.js';

/** Writes findings about migrations as a person reads them in a terminal: place first, then what and why. */
export function renderFindingsText(report: AdviceReport, options: { color: boolean; width?: number }): string {
  const terminal = terminalOf(options);
  const { findings, suppressed = [], skippedRules, server, workload, durationMs } = report;
  const blocks = [
    ...findings.map((finding) => findingLines(terminal, finding)),
    suppressed.flatMap(({ ruleId, location, reason }) =>
      paragraph(terminal, `${location?.file ?? ''}: ${ruleId} ignored: ${reason}`, 0),
    ),
    skippedRules.flatMap(({ reason }) => paragraph(terminal, reason, 0)),
    paragraph(
      terminal,
      `${findingsSentence(findings)} in ${workload.source.join(', ')}, replayed on PostgreSQL ${server.version} in ${formatDuration(durationMs)}`,
      0,
    ),
  ];
  return `${blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function findingLines(terminal: Terminal, finding: Finding): readonly string[] {
  const { location, severity, ruleId, title, message, fix } = finding;
  const paint = severity === 'error' ? terminal.red : severity === 'warn' ? terminal.yellow : terminal.blue;
  const place = location === null ? '' : `${printable(location.file)}:${location.line}:${location.column}: `;
  return [
    `${terminal.bold(place)}${paint(SEVERITY_WORD[severity])} ${ruleId}`,
    ...paragraph(terminal, title, 2).map(terminal.bold),
    ...paragraph(terminal, message, 2),
    ...(fix?.sql ?? []).flatMap(({ sql }) => verbatim(terminal.green(printable(`${sql.replace(/[;\s]*$/, '')};`)), 4)),
  ];
}
