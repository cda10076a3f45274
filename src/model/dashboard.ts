import type { JobRun } from './job.js';

/** A worker and its jobs at one moment, as the dashboard shows them. */
export interface Dashboard {
  /** ISO-8601. */
  readonly generatedAt: string;
  readonly version: string;
  /** What stands in the way of work; empty where nothing does. */
  readonly obstacles: readonly string[];
  /** After how many seconds the page asks again by itself; null: it does not. */
  readonly refreshSeconds: number | null;
  /** True where a token was asked for: the page offers to sign out. */
  readonly isSignedIn: boolean;
  readonly jobs: readonly DashboardJob[];
  readonly running: readonly (JobRun & { readonly live: LiveRun | null })[];
  /** The latest that have ended, the latest first. */
  readonly ended: readonly JobRun[];
  /** How long brakes have held runs of this replica back, the longest first. */
  readonly held: readonly HeldByBrake[];
  readonly backlogs: readonly Backlog[];
  /** Of the last days, the most frequent type first. */
  readonly timeOuts: readonly TimeOutCount[];
  readonly findings: readonly DashboardFinding[];
  /** What could not be asked, and why it is missing here. */
  readonly missing: readonly string[];
}

/** How a run of this replica is coming along. */
export interface LiveRun {
  readonly batches: number;
  /** Of the last batch. */
  readonly batchMs: number;
  /** Which brake holds it back, and what it says; null while none does. */
  readonly heldBy: string | null;
}

export interface DashboardJob {
  readonly name: string;
  readonly kind: string;
  readonly summary: string;
  readonly schedule: string | null;
  readonly timezone: string;
  readonly nextFireAt: string | null;
  readonly targets: readonly {
    readonly target: string;
    readonly overdueSince: string | null;
    readonly lastRun: JobRun | null;
  }[];
}

/** How long a brake has held a job's runs back since the process began. */
export interface HeldByBrake {
  readonly brake: string;
  readonly job: string;
  readonly seconds: number;
}

/** What a purge has deleted of late, and what must have come due since. */
export interface Backlog {
  readonly job: string;
  readonly target: string;
  /** Rows that come due in a second, from what the last runs found. */
  readonly arrivalPerSecond: number;
  /** Rows that have come due since the last run that succeeded, at that rate. */
  readonly rowsEstimate: number;
  /** Runs that succeeded, the oldest first. */
  readonly runs: readonly { readonly startedAt: string; readonly deleted: number }[];
}

export interface TimeOutCount {
  readonly type: string;
  readonly count: number;
  readonly waitedSecondsMean: number | null;
}

export interface DashboardFinding {
  readonly target: string;
  readonly ruleId: string;
  readonly severity: 'info' | 'warn' | 'error';
  readonly title: string;
  /** ISO-8601. */
  readonly firstSeenAt: string;
}
