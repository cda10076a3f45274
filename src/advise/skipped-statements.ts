import type { SkippedStatements } from '../model/workload.js';
import { SkipTally } from '../workload/skip-tally.js';

/** Counts statements that were left out by their reason, each reason with one of them as an example. */
export function groupSkipped(
  statements: readonly { readonly reason: string; readonly text: string }[],
): readonly SkippedStatements[] {
  const tally = new SkipTally();
  for (const { reason, text } of statements) tally.add(reason, text);
  return tally.list();
}
