import type { SkippedStatements } from '../model/workload.js';

const EXAMPLE_LENGTH_MAX = 200;

/** Counts statements that were left out by their reason, each reason with one of them as an example. */
export function groupSkipped(
  statements: readonly { readonly reason: string; readonly text: string }[],
): readonly SkippedStatements[] {
  const groups = new Map<string, { count: number; example: string }>();
  for (const { reason, text } of statements) {
    const group = groups.get(reason) ?? { count: 0, example: text.slice(0, EXAMPLE_LENGTH_MAX) };
    group.count += 1;
    groups.set(reason, group);
  }
  return [...groups].map(([reason, group]) => ({ reason, ...group }));
}
