import type { WorkloadStatement } from '../../model/workload.js';
import { hasConstants } from '../../sql/constants.js';
import { normalise } from '../../sql/fingerprint.js';
import { parseStatement } from '../../sql/parse.js';
import { asParseFailure } from '../../sql/parse-failure.js';
import { applyEdits } from '../../sql/text-edits.js';
import { scanTokens } from '../../sql/tokens.js';
import type { SnapshotWorkload } from '../format.js';

/**
 * Gives a workload without values: pg_stat_statements has put parameters in their place, but not in every text, and
 * it keeps comments. Examples of what was skipped are left out, since utility statements are kept as they were.
 */
export function redactWorkload(workload: SnapshotWorkload): SnapshotWorkload {
  return {
    statements: workload.statements.flatMap(redactStatement),
    skipped: workload.skipped.map(({ reason, count }) => ({ reason, count, example: 'redacted' })),
    unavailable: workload.unavailable,
  };
}

function redactStatement(statement: WorkloadStatement): readonly WorkloadStatement[] {
  const { fingerprint, calls, totalTimeMs, rows, sharedBuffers } = statement;
  const text = textWithoutValues(statement.text);
  if (text === null) return [];
  const figures = { calls, totalTimeMs, rows, sharedBuffers };
  return [{ fingerprint, text, name: null, ...figures, parameterSamples: [], location: null }];
}

function textWithoutValues(source: string): string | null {
  try {
    const comments = scanTokens(source).filter(({ kind }) => kind === 'comment');
    const text = applyEdits(
      source,
      comments.map(({ start, end }) => ({ start, end, text: ' ' })),
    ).trim();
    return hasConstants(parseStatement(text).tree) ? normalise(text) : text;
  } catch (error) {
    // What cannot be read cannot be redacted.
    if (asParseFailure(error) === null) throw error;
    return null;
  }
}
