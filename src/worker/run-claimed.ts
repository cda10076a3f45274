import { messageOf } from '../errors.js';
import type { JobDefinition } from '../jobs/definitions.js';
import type { Log } from '../log.js';
import type { Counts, RunStatus } from '../model/job.js';
import { openSession } from '../postgres/session.js';
import { RunLease } from './lease.js';
import type { TargetClaim } from './ledger.js';
import { RunEnd, runTimedOut } from './run-end.js';
import type { RunStore } from './run-store.js';
import { type Ended, RunWork } from './run-work.js';
import type { SessionPool } from './session-pool.js';
import type { Target } from './target.js';
import type { WorkerListener } from './worker-event.js';

/** A run that is ours to do. */
export interface ClaimedRun extends TargetClaim {
  readonly job: JobDefinition;
  readonly target: Target;
  readonly fireAt: Date | null;
}

export interface RunMeans {
  readonly store: RunStore;
  /** The database that holds the ledger of all targets. */
  readonly home: SessionPool;
  readonly ownSchema: string;
  readonly leaseSeconds: number;
  readonly log: Log;
  /** Aborted with a RunEnd when the worker stops. */
  readonly signal: AbortSignal;
  readonly onEvent: WorkerListener;
}

/** How a run ended, as the ledger has it; status null: the row was no longer ours. */
export interface RunOutcome {
  readonly status: RunStatus | null;
  readonly counts: Counts;
  readonly error: string | null;
  readonly detail: unknown;
}

/** How long a statement may go on once its run has to end. */
const GRACE_MS = 3000;

/** Does a claimed run from its cursor on, through lost connections, and closes its row under the fence. */
export async function runClaimed(run: ClaimedRun, means: RunMeans): Promise<RunOutcome> {
  const ending = new AbortController();
  let cutting: NodeJS.Timeout | undefined;
  const end = (reason: unknown) => {
    ending.abort(reason);
    cutting ??= setTimeout(() => void work.cutShort(), GRACE_MS);
  };
  const onStop = () => end(means.signal.reason);
  means.signal.addEventListener('abort', onStop);
  const { timeoutSeconds } = run.job;
  const timer = setTimeout(() => end(runTimedOut(timeoutSeconds, work.heldBy())), timeoutSeconds * 1000);
  const work = new RunWork(run, means, ending.signal);
  if (means.signal.aborted) onStop();
  const lease = new RunLease({
    ...{ store: means.store, claim: run.claim, mirror: run.mirror, home: means.home, leaseSeconds: means.leaseSeconds },
    openSession: () => openSession(run.target.url, { applicationName: 'pgsteward lease', connectTimeoutMs: 5000 }),
    onLost: end,
  });
  work.tell({ kind: 'run started' });
  const startedAt = performance.now();
  try {
    const ended = await settle(work, ending.signal);
    const outcome = await work.close(ended);
    work.tell({
      ...outcome,
      kind: 'run ended',
      status: outcome.status ?? 'failed',
      durationMs: performance.now() - startedAt,
    });
    return outcome;
  } finally {
    clearTimeout(timer);
    clearTimeout(cutting);
    means.signal.removeEventListener('abort', onStop);
    await lease.stop();
    await work.disconnect();
  }
}

async function settle(work: RunWork, signal: AbortSignal): Promise<Ended> {
  try {
    const result = await work.runThroughLosses();
    return { status: result.failure === null ? 'succeeded' : 'failed', error: result.failure, detail: result.detail };
  } catch (thrown) {
    // A statement that is cut short at the end of a run fails with an error of its own.
    const error = signal.aborted ? signal.reason : thrown;
    if (error instanceof RunEnd && error.status === null) work.tell({ kind: 'lease lost' });
    return { status: error instanceof RunEnd ? error.status : 'failed', error: messageOf(error), detail: null };
  }
}
