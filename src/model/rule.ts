import type { Severity } from './finding.js';

/** What a rule says of itself. */
export interface Rule {
  /** Names the bad pattern: `missing-index`. */
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  readonly docs: RuleDocs;
}

export interface RuleDocs {
  /** What it finds, in a sentence or two. */
  readonly what: string;
  /** Why that hurts. */
  readonly why: string;
  /** What it cannot see or leaves to a person. */
  readonly limits: string;
  /** Addresses of manual pages and papers. */
  readonly sources: readonly string[];
}
