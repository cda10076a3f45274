/** A line of a plan, and whether the other plan has one like it. */
export interface DiffLine {
  readonly text: string;
  readonly kept: boolean;
}

/** Lines longer than this many are compared by their beginning alone. */
const LINES_MAX = 400;

/**
 * Gives two plans line by line with what they share marked. Costs, times, row counts and buffers do not tell lines
 * apart; the longest common sequence of lines is what was kept.
 */
export function diffPlans(
  before: string,
  after: string,
): { readonly before: readonly DiffLine[]; readonly after: readonly DiffLine[] } {
  const lines = { before: before.split('\n'), after: after.split('\n') };
  const keys = {
    before: lines.before.map(keyOf).slice(0, LINES_MAX),
    after: lines.after.map(keyOf).slice(0, LINES_MAX),
  };
  const kept = commonLines(keys.before, keys.after);
  return {
    before: lines.before.map((text, index) => ({ text, kept: kept.before.has(index) })),
    after: lines.after.map((text, index) => ({ text, kept: kept.after.has(index) })),
  };
}

/** Gives the lines of a plan that there is nothing to compare with. */
export function linesKept(plan: string): readonly DiffLine[] {
  return plan.split('\n').map((text) => ({ text, kept: true }));
}

/** What makes a line: its words without indentation and figures. */
function keyOf(line: string): string {
  return line
    .trim()
    .replace(/^-> +/, '')
    .replace(/\s*\((?:cost|actual)[^)]*\)/g, '')
    .replace(/[\d.]+/g, '#');
}

function commonLines(before: readonly string[], after: readonly string[]) {
  const lengths = lengthsOfCommon(before, after);
  const kept = { before: new Set<number>(), after: new Set<number>() };
  let [left, right] = [0, 0];
  while (left < before.length && right < after.length) {
    if (before[left] === after[right]) {
      kept.before.add(left);
      kept.after.add(right);
      left += 1;
      right += 1;
    } else if ((lengths[left + 1]?.[right] ?? 0) >= (lengths[left]?.[right + 1] ?? 0)) left += 1;
    else right += 1;
  }
  return kept;
}

/** Lengths of the longest common sequences of what is left from each pair of lines on. */
function lengthsOfCommon(before: readonly string[], after: readonly string[]): readonly (readonly number[])[] {
  const lengths = Array.from({ length: before.length + 1 }, () => new Array<number>(after.length + 1).fill(0));
  for (let left = before.length - 1; left >= 0; left -= 1) {
    const row = lengths[left] ?? [];
    const below = lengths[left + 1] ?? [];
    for (let right = after.length - 1; right >= 0; right -= 1) {
      row[right] =
        before[left] === after[right] ? (below[right + 1] ?? 0) + 1 : Math.max(below[right] ?? 0, row[right + 1] ?? 0);
    }
  }
  return lengths;
}
