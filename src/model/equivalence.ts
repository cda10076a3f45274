/** Tells whether rewrites of a statement give what the statement gives, by trying them on many tiny databases. */
export interface Equivalence {
  /**
   * Runs the statement and its rewrites, which may hold `$n`, side by side on generated databases of the same schema;
   * one verdict a rewrite, in their order. Where they count to more rows than such a database has, smaller numbers stand
   * in all of them.
   */
  compare(original: string, rewrites: readonly string[]): Promise<readonly EquivalenceVerdict[]>;
  close(): Promise<void>;
}

/** What the comparison of a rewrite with its original has shown. */
export type EquivalenceVerdict =
  | {
      readonly kind: 'no counterexample';
      /** Databases on which both were run. */
      readonly databases: number;
      /** Databases on which the original gave or changed rows, but for those that say nothing of what is left to chance. */
      readonly telling: number;
      /** Of the databases; the same seed makes the same ones. */
      readonly seed: number;
    }
  | {
      readonly kind: 'differs';
      readonly reason: string;
      /** SQL that fills the tables so that the two differ; null where they differ on any database. */
      readonly counterexample: string | null;
      readonly seed: number;
    }
  | { readonly kind: 'not compared'; readonly reason: string };
