import type { LiveRun } from '../../model/dashboard.js';
import type { WorkerEvent, WorkerListener } from '../worker-event.js';

/** Knows how the runs of this replica are coming along. */
export interface LiveRuns {
  readonly onEvent: WorkerListener;
  /** Null for a run of another replica, or one that has ended. */
  readonly liveRun: (runId: string) => LiveRun | null;
}

const NOT_BEGUN: LiveRun = { batches: 0, batchMs: 0, heldBy: null };

/** Makes one that knows of no run. */
export function liveRuns(): LiveRuns {
  const runs = new Map<string, LiveRun>();
  return {
    onEvent: (event) => {
      if (!('runId' in event)) return;
      if (event.kind === 'run ended') runs.delete(event.runId);
      else runs.set(event.runId, next(runs.get(event.runId) ?? NOT_BEGUN, event));
    },
    liveRun: (runId) => runs.get(runId) ?? null,
  };
}

function next(run: LiveRun, event: WorkerEvent): LiveRun {
  if (event.kind === 'batch done') return { batches: run.batches + 1, batchMs: event.durationMs, heldBy: null };
  if (event.kind === 'braked') return { ...run, heldBy: `${event.brake}: ${event.detail}` };
  return run;
}
