import type { Evidence } from '../advisor.js';

/** What runs rewrites beside their original on generated databases, where there is such a thing. */
interface Comparing {
  readonly equivalence?: {
    compare(original: string, rewrites: readonly string[]): Promise<readonly Verdict[]>;
  };
}

type Verdict =
  | { readonly kind: 'no counterexample'; readonly databases: number; readonly seed: number }
  | { readonly kind: 'differs' | 'not compared'; readonly reason: string };

/** A rewrite of which no counterexample was found. */
export interface CheckedRewrite {
  readonly text: string;
  /** Databases on which both were run. */
  readonly databases: number;
  /** Of the databases. */
  readonly seed: number;
}

/** Compares rewrites with their original; null for each that may not be shown. */
export async function checkRewrites(
  original: string,
  rewrites: readonly string[],
  { equivalence }: Evidence & Comparing,
): Promise<readonly (CheckedRewrite | null)[]> {
  if (equivalence === undefined || rewrites.length === 0) return rewrites.map(() => null);
  const verdicts = await equivalence.compare(original, rewrites);
  return rewrites.map((text, place) => {
    const verdict = verdicts[place];
    return verdict?.kind === 'no counterexample' ? { text, databases: verdict.databases, seed: verdict.seed } : null;
  });
}

/** Says how far a rewrite was compared. */
export function checkedText({ databases, seed }: CheckedRewrite): string {
  return `no counterexample in ${databases} databases (seed ${seed})`;
}
