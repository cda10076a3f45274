import type { BrakeName } from '../../jobs/brakes.js';
import { type JobDefinition, walLimitOf } from '../../jobs/definitions.js';
import type { Log } from '../../log.js';
import { openSession } from '../../postgres/session.js';
import type { BatchBackend } from './brake.js';
import { BrakeWatch } from './brake-watch.js';
import { brakesOf } from './brakes-of.js';
import { type Held, HoldAccount } from './hold-account.js';
import { Pace } from './pace.js';
import { steadyClock } from './steady-clock.js';

export interface PacedRun {
  readonly job: JobDefinition;
  readonly target: { readonly name: string; readonly url: string };
  readonly runId: string;
  readonly log: Log;
  readonly tell: (held: Held) => void;
}

/** Gives the pace of a run; it connects for its brakes when the first batch is about to begin. Must be closed. */
export function openPace({ job, target, runId, log, tell }: PacedRun): Pace {
  const fields = { job: job.name, target: target.name, runId };
  const backend: BatchBackend = { pid: null };
  const watch = new BrakeWatch({
    brakes: brakesOf(job, backend),
    openSession: () => openSession(target.url, { applicationName: 'pgsteward brakes', connectTimeoutMs: 5000 }),
    clock: steadyClock,
    onUnseen: (brake, reason) => sayOnce(log, { job: job.name, target: target.name, brake, reason }),
  });
  const account = new HoldAccount({ tell, log, fields });
  const hurryAfterMs = job.brakes?.lockWaiters?.waitedMs ?? null;
  const { dutyCycle } = job;
  const walBytesPerSecond = walLimitOf(job);
  return new Pace({ dutyCycle, walBytesPerSecond, watch, account, clock: steadyClock, backend, hurryAfterMs });
}

interface Unseen {
  readonly job: string;
  readonly target: string;
  readonly brake: BrakeName;
  readonly reason: string;
}

/** What has been said on a log: a job that runs every minute says it once. */
const said = new WeakMap<Log, Set<string>>();

function sayOnce(log: Log, unseen: Unseen): void {
  const known = said.get(log) ?? new Set();
  said.set(log, known);
  const key = [unseen.target, unseen.job, unseen.brake].join('\n');
  if (known.has(key)) return;
  known.add(key);
  log.warn(unseen, 'brake cannot see everything');
}
