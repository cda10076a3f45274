import type { RunStatus } from '../model/job.js';

/** Ends a run before it is through: the batch under way is finished or undone, and no other begins. */
export class RunEnd extends Error {
  /** What the ledger says of the run; null where its row is no longer ours to write. */
  readonly status: RunStatus | null;

  constructor(status: RunStatus | null, message: string) {
    super(message);
    this.name = 'RunEnd';
    this.status = status;
  }
}

/** The claim is no longer ours: nothing more may be written, the ledger's row included. */
export function leaseLost(): RunEnd {
  return new RunEnd(null, 'the lease on this run lapsed, or another worker has closed it');
}

/** Somebody stops the worker. */
export function runStopped(by: string): RunEnd {
  return new RunEnd('cancelled', `stopped: ${by}`);
}

/** The run took longer than its job allows; `heldBy` says which brakes held it back, null where none did. */
export function runTimedOut(seconds: number, heldBy: string | null): RunEnd {
  const held = heldBy === null ? '' : `, held back for ${heldBy}`;
  return new RunEnd(
    'failed',
    `it took longer than timeoutSeconds, ${seconds} s${held}; the next run goes on from there`,
  );
}
