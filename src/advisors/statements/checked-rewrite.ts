import type { EquivalenceVerdict } from '../../model/equivalence.js';
import type { Evidence, Survived } from '../advisor.js';

/** A rewrite of which no counterexample was found. */
export interface CheckedRewrite {
  readonly text: string;
  readonly verdict: Survived;
}

/** Compares rewrites with their original; null for each that may not be shown. */
export async function checkRewrites(
  original: string,
  rewrites: readonly string[],
  { equivalence }: Evidence,
): Promise<readonly (CheckedRewrite | null)[]> {
  if (equivalence === undefined || rewrites.length === 0) return rewrites.map(() => null);
  const verdicts = await equivalence.compare(original, rewrites);
  return rewrites.map((text, place) => shownAs(text, verdicts[place]));
}

/** Compares one rewrite with its original; null where that cannot be done, or says nothing. */
export async function checkRewrite(
  original: string,
  rewrite: string,
  { equivalence }: Evidence,
): Promise<CheckedRewrite | 'differs' | null> {
  const [verdict] = (await equivalence?.compare(original, [rewrite])) ?? [];
  return verdict?.kind === 'differs' ? 'differs' : shownAs(rewrite, verdict);
}

/** Where the original never gave a row, nothing was compared. */
function shownAs(text: string, verdict: EquivalenceVerdict | undefined): CheckedRewrite | null {
  const isTold = verdict?.kind === 'no counterexample' && verdict.telling > 0;
  return isTold ? { text, verdict } : null;
}

/** Says how far a rewrite was compared. */
export function checkedText({ verdict: { databases, seed } }: CheckedRewrite): string {
  return `no counterexample in ${databases} databases (seed ${seed})`;
}
