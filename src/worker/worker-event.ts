import type { Figure } from '../jobs/job.js';
import type { Counts, RunStatus } from '../model/job.js';

/** What happens in a worker, for its log, its metrics and its dashboard. */
export type WorkerEvent =
  | ({ readonly kind: 'run started' } & RunTag)
  | ({
      readonly kind: 'batch done';
      readonly durationMs: number;
      readonly size: number;
      readonly counts: Counts;
      readonly figures: readonly Figure[];
    } & RunTag)
  /**
   * A brake holds the run back, or has slowed it: told when a hold begins, at each look during it and at its end.
   * `heldMs` counts from the event before: the sum is how long the brake has held the run.
   */
  | ({ readonly kind: 'braked'; readonly brake: string; readonly heldMs: number; readonly detail: string } & RunTag)
  | ({
      readonly kind: 'run ended';
      readonly status: RunStatus;
      readonly durationMs: number;
      readonly counts: Counts;
      readonly error: string | null;
    } & RunTag)
  /** The run is no longer ours: its lease lapsed, or another worker has closed it. */
  | ({ readonly kind: 'lease lost' } & RunTag)
  /** A fire that was not run here: another replica has it, or a run of the job was under way. */
  | {
      readonly kind: 'fire passed';
      readonly job: string;
      readonly target: string;
      readonly reason: 'taken' | 'running';
    }
  | { readonly kind: 'fire failed'; readonly job: string; readonly target: string; readonly error: unknown };

/** Which run an event is about. */
export interface RunTag {
  readonly job: string;
  readonly target: string;
  readonly runId: string;
}

export type WorkerListener = (event: WorkerEvent) => void;
