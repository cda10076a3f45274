/** What the HTTP side sees of a worker; every answer comes from memory but `startRun`. */
export interface WorkerView {
  /** Every job of the configuration, in its order. */
  jobs(): readonly JobView[];
  /** What the worker itself knows to stand in the way: it drains, the gate is closed, a job is overdue. */
  obstacles(): readonly string[];
  /** Starts a run by hand in the background, with a row in the ledger when it answers. */
  startRun(job: string, target: string): Promise<StartAnswer>;
}

/** A job, and how it stands on each target. */
export interface JobView {
  readonly name: string;
  readonly kind: string;
  readonly summary: string;
  /** Null: it never fires, by hand it still runs. */
  readonly schedule: string | null;
  readonly timezone: string;
  readonly catchUp: string;
  /** The next scheduled time, ISO-8601 in UTC; null without a schedule. */
  readonly nextFireAt: string | null;
  readonly targets: readonly JobTargetView[];
}

export interface JobTargetView {
  readonly target: string;
  /** The oldest fire that has no row yet although its tolerance has passed, ISO-8601 in UTC; null when none is late. */
  readonly overdueSince: string | null;
}

/** What became of a request for a run. */
export type StartAnswer =
  | { readonly kind: 'started'; readonly runId: string }
  /** A run of the job is under way on that target, here or at another replica. */
  | { readonly kind: 'running'; readonly runId: string }
  /** No job, or no target, of that name. */
  | { readonly kind: 'unknown' }
  /** The worker drains, or its gate is closed: one sentence says why. */
  | { readonly kind: 'refused'; readonly reason: string };
