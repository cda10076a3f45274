import type { Fix, Proof, Severity } from './finding.js';

/** A finding as the job `advise` keeps it between runs. */
export interface KeptFinding {
  readonly job: string;
  readonly key: string;
  readonly ruleId: string;
  readonly severity: Severity;
  readonly title: string;
  readonly message: string;
  readonly relations: readonly string[];
  readonly proof: Proof;
  /** Null where none is known. */
  readonly fix: Fix | null;
  /** ISO-8601 in UTC, to the microsecond. */
  readonly firstSeenAt: string;
  readonly lastSeenAt: string;
  /** Null while it is open. */
  readonly resolvedAt: string | null;
}
