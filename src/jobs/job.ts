import type { z } from 'zod';
import type { Log } from '../log.js';
import type { Counts, JobPlan } from '../model/job.js';
import type { Session } from '../postgres/session.js';

/** A way to keep a table clean. The registry in index.ts holds them all. */
export interface JobKind<C> {
  /** `purge`. */
  readonly kind: string;
  /** One sentence for lists and help. */
  readonly summary: string;
  /** What several replicas mean for it: the inventory in docs/replicas.md is made of these. */
  readonly replicas: { readonly effect: string; readonly limits: string };
  /** Keys of the kind's own; those that every job has (schedule, catchUp …) are not among them. */
  readonly schema: z.ZodType<C>;
  /** Tables that it works on, as SQL (`app.sessions`, `"we;ird"`), for the brakes that look at them; absent for none. */
  tables?(config: C): readonly string[];
  /**
   * What only one job with a schedule may do, in words that follow `both`: of two it would be chance which does it.
   * Absent where several get on.
   */
  sole?(config: C): readonly string[];
  /** Gives the configuration under which a run also mends what is wrong already; absent where the kind cannot. */
  withRebuild?(config: C): C;
  /** Refuses, in one sentence, what can never work: no such table, a view, no rights. Null when all is well. */
  check(context: JobContext, config: C): Promise<string | null>;
  /** Tells what a run would do; only reads. */
  plan(context: JobContext, config: C): Promise<JobPlan>;
  /**
   * Does the work, batch by batch. It may be begun again in the same run, after a lost connection: it starts from
   * `context.run.cursor` and nothing else. What `context.batch` throws is passed on.
   */
  run(context: RunContext, config: C): Promise<JobResult>;
}

/** What every kind is given to read with. */
export interface JobContext {
  /** Name in the configuration: `purge-sessions`. */
  readonly job: string;
  readonly target: string;
  /** Of the target, for kinds that need connections of their own; it holds a password, so it is never logged. */
  readonly url: string;
  /** Schema of pgsteward's own tables in the target: `steward`. */
  readonly ownSchema: string;
  /** Reads on the target; one at a time. */
  read<T>(work: (session: Session) => Promise<T>): Promise<T>;
  readonly log: Log;
  /** Aborted when the run has to end: its reason says why. */
  readonly signal: AbortSignal;
}

/** What a run is given beside that. */
export interface RunContext extends JobContext {
  readonly run: RunIdentity;
  /**
   * Does one batch in one transaction on the target: the work, then cursor and counts in the ledger under the run's
   * fence, then COMMIT. `size` is how much the pace allows, in the kind's own unit (rows, blocks). Before the next
   * batch it waits as the pace demands. Throws what ends the run: a lost lease, a stop, a time-out.
   */
  batch(work: BatchWork, sizes: BatchSizes): Promise<void>;
}

export interface RunIdentity {
  readonly id: string;
  /** Null for a run by hand. */
  readonly fireAt: Date | null;
  /** What the last batch left, of this run or of the run before it; null for nothing. */
  readonly cursor: unknown;
}

export type BatchWork = (session: Session, size: number) => Promise<BatchOutcome>;

export interface BatchOutcome {
  /** Added to the run's counts. */
  readonly counts: Counts;
  /** Where the next batch goes on; undefined leaves it as it is. */
  readonly cursor?: unknown;
  /** Counted by metrics once the batch is committed; the ledger keeps counts alone. */
  readonly figures?: readonly Figure[];
}

/** What a kind counts more finely than its counts: by a type, or in another unit. */
export interface Figure {
  /** In snake case, with its unit last, as metrics have it: `timed_out`, `waited_seconds`. */
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Added to what there is. */
  readonly value: number;
}

/**
 * Sizes of a batch in the kind's unit; the pace moves between them so that a batch takes about 50 ms. A kind that works
 * in several units gives each another `first`: what was learnt of one says nothing about the other.
 */
export interface BatchSizes {
  readonly first: number;
  readonly least: number;
  readonly most: number;
}

export interface JobResult {
  /** Why the run counts as failed although it came to its end, such as a broken audit chain; null when it is well. */
  readonly failure: string | null;
  /** What there is to tell beside counts; null for nothing. */
  readonly detail: unknown;
}
