import type { SeedResult } from './run-seed.js';
import type { Judgement, Share } from './score.js';

type Figure = { readonly [K in keyof Judgement]: Judgement[K] extends Share ? K : never }[keyof Judgement];

const FIGURES: readonly (readonly [Figure, string])[] = [
  ['linkedPrecision', 'linked precision'],
  ['linkedRecall', 'linked recall'],
  ['parents', 'parent'],
  ['classes', 'class'],
  ['countedPrecision', 'counted precision'],
  ['precision', 'any grade precision'],
  ['recall', 'any grade recall'],
  ['baselinePrecision', '5 equal precision'],
  ['baselineRecall', '5 equal recall'],
  ['batches', 'batches equal'],
];

/** Adds up one figure of many logs. */
export function total(judgements: readonly Judgement[], figure: Figure): Share {
  const shares = judgements.map((each) => each[figure]);
  return {
    right: shares.reduce((sum, { right }) => sum + right, 0),
    of: shares.reduce((sum, { of }) => sum + of, 0),
  };
}

/** Gives all figures of some logs as lines, a column for each group of logs. */
export function tableOf(groups: ReadonlyMap<string, readonly Judgement[]>): string {
  const columns = [...groups.values()].map((judgements) =>
    FIGURES.map(([figure]) => shareText(total(judgements, figure))),
  );
  const lines = FIGURES.map(([, title], line) => [title, ...columns.map((column) => column[line] ?? '')]);
  return [['', ...groups.keys()], ...lines]
    .map(([title = '', ...cells]) => title.padEnd(21) + cells.map((cell) => cell.padStart(16)).join(''))
    .join('\n');
}

/** Groups the logs of results by what `by` says of each; null leaves one out. */
export function grouped(
  results: readonly SeedResult[],
  by: (result: SeedResult, format: string) => string | null,
): ReadonlyMap<string, readonly Judgement[]> {
  const groups = new Map<string, Judgement[]>();
  for (const result of results) {
    for (const [format, judgement] of result.judgements) {
      const group = by(result, format);
      if (group !== null) groups.set(group, [...(groups.get(group) ?? []), judgement]);
    }
  }
  return groups;
}

export function ratio({ right, of }: Share): number {
  return of === 0 ? 1 : right / of;
}

function shareText(share: Share): string {
  return share.of === 0 ? '–' : `${ratio(share).toFixed(3)} of ${share.of}`;
}
