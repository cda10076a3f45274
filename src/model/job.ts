/** How a run of a job stands: a row of the ledger is one of these. */
export type RunStatus = 'running' | 'succeeded' | 'failed' | 'cancelled' | 'skipped';

/** What a job has done, by name: `deleted`, `timedOut`, `folded`. */
export type Counts = Readonly<Record<string, number>>;

/** A run as the ledger has it and as lists show it. */
export interface JobRun {
  readonly runId: string;
  readonly job: string;
  readonly target: string;
  /** Scheduled time, ISO-8601 in UTC; null for a run by hand. */
  readonly fireAt: string | null;
  readonly status: RunStatus;
  readonly startedAt: string;
  readonly finishedAt: string | null;
  readonly counts: Counts;
  /** Why it failed or was skipped; null where there is nothing to say. */
  readonly error: string | null;
}

/** What a run would do, as far as it can be told without doing it. */
export interface JobPlan {
  /** How it would go about it, in one word or two: `tid-range`, `keyset`, `detach-partition`. */
  readonly strategy: string | null;
  readonly why: string;
  /** Rows that would be changed: `total`, and by reason. */
  readonly rows: { readonly total: number } & Counts;
  /** Rows that look alike but stay, by reason. */
  readonly kept: Counts;
  readonly batches: number;
  readonly walBytes: number;
  readonly seconds: number;
  /** What there is to tell beside figures, such as the rows that differ; absent for nothing. */
  readonly detail?: unknown;
}

/** The answer of `jobs run`. */
export interface JobReport {
  readonly job: string;
  readonly target: string;
  readonly runId: string | null;
  readonly status: RunStatus;
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly counts: Counts;
  /** Null where the job was run and not planned. */
  readonly plan: JobPlan | null;
  readonly error: string | null;
  /** What the kind has to tell beside counts, such as the chain's broken rows; null for nothing. */
  readonly detail: unknown;
}
