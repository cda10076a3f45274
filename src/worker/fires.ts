import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { JobDefinition } from '../jobs/definitions.js';
import type { Clock } from './clock.js';
import type { Ledger, TargetAnswer, TargetClaim } from './ledger.js';
import { type RunMeans, type RunOutcome, runClaimed } from './run-claimed.js';
import type { ClaimRequest } from './run-store.js';
import type { Schedule } from './schedule.js';
import type { Slots } from './slots.js';
import type { Target } from './target.js';

/** A job on a target. */
export interface Place {
  readonly job: JobDefinition;
  readonly target: Target;
  /** Null: it never fires. */
  readonly schedule: Schedule | null;
}

export interface FireMeans extends RunMeans {
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly slots: Slots;
  readonly holder: string;
  /** Gives numbers from 0 to 1 that spread replicas. */
  readonly random: () => number;
}

/** A fire that this replica has claimed, with the slot it runs in. */
export interface ClaimedFire {
  readonly place: Place;
  readonly fireAt: Date | null;
  readonly claimed: TargetClaim;
  readonly release: () => void;
}

/** How often a queued fire looks whether the run before it has ended. */
const QUEUE_POLL_MS = 1000;

/**
 * Claims a fire, once a slot is free here: a replica that is busy leaves it to others. Gives null where it is not to
 * be run here; whatever becomes of a fire, it leaves a row.
 */
export async function claimFire(place: Place, fireAt: Date, means: FireMeans): Promise<ClaimedFire | null> {
  const { job } = place;
  const { signal, clock, random } = means;
  if (job.jitterSeconds > 0) await pause(random() * job.jitterSeconds * 1000, undefined, { signal });
  await clock.reach(fireAt, signal);
  for (;;) {
    const { answer, release, request } = await tryClaim(place, fireAt, means);
    if (answer.kind === 'claimed') return { place, fireAt, claimed: answer.claimed, release };
    release();
    if (answer.kind === 'taken') return pass(place, means, 'taken');
    if (job.overlap === 'skip' || givesWay(place, fireAt, means)) {
      const reason = `run ${answer.runId} of the job was under way on ${answer.holder}`;
      await means.home.use((session) => means.store.recordSkipped(session, request, reason));
      return pass(place, means, 'running');
    }
    await pause(QUEUE_POLL_MS * (0.5 + random()), undefined, { signal });
  }
}

/** Claims a run by hand in the background; `running` where another run lasts. */
export async function claimByHand(place: Place, means: FireMeans): Promise<ClaimedFire | TargetAnswer> {
  const { answer, release } = await tryClaim(place, null, means);
  if (answer.kind === 'claimed') return { place, fireAt: null, claimed: answer.claimed, release };
  release();
  return answer;
}

/** Does a claimed fire and gives its slot back. */
export async function runFire({ place, fireAt, claimed, release }: ClaimedFire, means: FireMeans): Promise<RunOutcome> {
  try {
    return await runClaimed({ ...place, ...claimed, fireAt }, means);
  } finally {
    release();
  }
}

interface Attempt {
  readonly answer: TargetAnswer;
  readonly release: () => void;
  readonly request: ClaimRequest;
}

async function tryClaim({ job, target }: Place, fireAt: Date | null, means: FireMeans): Promise<Attempt> {
  const { slots, signal, ledger, holder, leaseSeconds } = means;
  const release = await slots.take(signal);
  const request = { runId: randomUUID(), job: job.name, target: target.name, fireAt, holder, leaseSeconds };
  try {
    return { answer: await ledger.claim(request, target), release, request };
  } catch (error) {
    release();
    throw error;
  }
}

/** A queued fire gives way to the next one: at most one waits. */
function givesWay({ schedule }: Place, fireAt: Date, { clock }: FireMeans): boolean {
  return (schedule?.between(fireAt, clock.now(), 1).length ?? 0) > 0;
}

function pass({ job, target }: Place, means: FireMeans, reason: 'taken' | 'running'): null {
  means.onEvent({ kind: 'fire passed', job: job.name, target: target.name, reason });
  return null;
}
