import type { Session } from '../../src/postgres/session.js';
import { differenceOf, originalOf } from './judge.js';
import { timeForms } from './measure.js';
import type { Emptied } from './outcome.js';
import type { KnownStatement } from './read-statements.js';

/** What a hand-written form must gain to make its statement worthwhile. */
const WORTHWHILE_LEAST = 1.4;

/** Checks a statement's label against the rows: the hand-written form is equal, and at least 1.4 times as fast. */
export async function checkLabel(
  bed: { readonly session: Session; readonly variations: readonly Emptied[]; readonly rounds: number },
  statement: KnownStatement,
): Promise<{ readonly line: string; readonly isAsLabelled: boolean }> {
  const { name, worth, better } = statement;
  const original = originalOf(statement);
  const timings = await timeForms(bed.session, better === null ? [original] : [original, better], bed.rounds);
  const from = timings.get(original);
  const shown = `${name} (${worth}): ${from?.medianMs.toFixed(1)} ms, ${from?.buffers} blocks`;
  if (better === null) return { line: shown, isAsLabelled: true };
  const to = timings.get(better);
  const gain = (from?.medianMs ?? 0) / (to?.medianMs ?? 1);
  const difference = await differenceOf(bed, statement, better);
  const isAsLabelled = gain >= WORTHWHILE_LEAST && difference === null;
  const verdict = isAsLabelled ? '' : difference === null ? ' NOT WORTHWHILE' : ` DIFFERS on ${difference}`;
  const times = `${gain.toFixed(1)} times as fast`;
  return { line: `${shown} → ${to?.medianMs.toFixed(1)} ms, ${to?.buffers} blocks, ${times}${verdict}`, isAsLabelled };
}
