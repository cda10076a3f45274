import type { SkippedStatements } from '../model/workload.js';

const EXAMPLE_LENGTH_MAX = 200;

/** Counts what was left out, by reason. */
export class SkipTally {
  private readonly byReason = new Map<string, { count: number; example: string }>();

  add(reason: string, example: string, count = 1): void {
    const entry = this.byReason.get(reason);
    if (entry !== undefined) entry.count += count;
    else this.byReason.set(reason, { count, example: cut(example) });
  }

  addAll(skipped: readonly SkippedStatements[]): void {
    for (const { reason, example, count } of skipped) this.add(reason, example, count);
  }

  list(): readonly SkippedStatements[] {
    return [...this.byReason].map(([reason, entry]) => ({ reason, ...entry }));
  }
}

/** Never cuts a character in two. */
function cut(text: string): string {
  const characters = [...text.slice(0, 2 * EXAMPLE_LENGTH_MAX)];
  if (characters.length <= EXAMPLE_LENGTH_MAX) return text;
  return `${characters.slice(0, EXAMPLE_LENGTH_MAX - 1).join('')}…`;
}
