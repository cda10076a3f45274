import type { Difference, DriftReport } from '../../model/drift.js';
import { oneLine, printable } from '../plain-text.js';
import { plural } from '../units.js';

/** Longer values are cut: the JSON report has the whole of them. */
const VALUE_WIDTH = 160;

/** Writes in what a database is not what its migrations make of it. */
export function renderDriftText(report: DriftReport): string {
  const { differences, allowed, pending, files, replayedOn, warnings } = report;
  const lines = [
    `compared with ${plural(files, 'migration')}, replayed on PostgreSQL ${replayedOn}`,
    ...(pending.length === 0 ? [] : [`not applied, so nothing of it is expected: ${pending.join(', ')}`]),
    '',
    ...(differences.length === 0 ? ['no drift'] : differences.flatMap(differenceLines)),
    ...(differences.length === 0 ? [] : ['', summary(differences)]),
    ...(allowed.length === 0 ? [] : ['', 'allowed for now']),
    ...allowed.map(
      (each) => `  ${each.objectType} ${each.object}: ${each.attribute}, until ${each.until}: ${each.reason}`,
    ),
    ...warnings.map((text) => `warning: ${text}`),
  ];
  return `${lines.map(printable).join('\n')}\n`;
}

function differenceLines({ kind, objectType, object, attribute, expected, actual, severity }: Difference): string[] {
  const head = `${severity === 'error' ? 'error' : 'note '}  ${objectType} ${object}`;
  if (kind === 'missing') return [`${head} is missing`, `         expected  ${shown(expected)}`];
  if (kind === 'unexpected') return [`${head} is in no migration`, `         actual    ${shown(actual)}`];
  return [`${head}: ${attribute}`, `         expected  ${shown(expected)}`, `         actual    ${shown(actual)}`];
}

function shown(value: string | null): string {
  return value === null ? '(none)' : oneLine(value, VALUE_WIDTH);
}

function summary(differences: readonly Difference[]): string {
  const errors = differences.filter(({ severity }) => severity === 'error').length;
  const notes = differences.length - errors;
  return `${plural(errors, 'difference')}${notes === 0 ? '' : `, and ${plural(notes, 'note')} that nothing depends on`}`;
}
