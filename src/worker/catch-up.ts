import { randomUUID } from 'node:crypto';
import { dueSince } from './due-since.js';
import type { FireMeans, Place } from './fires.js';

/** Fires of one place that have no row although their time has passed. */
export interface Missed {
  readonly place: Place;
  /** Oldest first; at most as many as the job catches up. */
  readonly fires: readonly Date[];
}

/** A fire this young may still be on its way to its claim. */
const SETTLING_MS = 5000;

/** Finds what was missed, by the ledger: fires that passed while no worker was there or none could ask it. */
export async function findMissed(places: readonly Place[], means: FireMeans): Promise<readonly Missed[]> {
  const scheduled = places.filter(({ schedule }) => schedule !== null);
  if (scheduled.length === 0) return [];
  const asked = scheduled.map(({ job, target, schedule }) => ({
    ...{ job: job.name, target: target.name },
    ...{ schedule: schedule?.expression ?? null, timezone: schedule?.timezone ?? 'UTC' },
  }));
  const since = await means.home.use((session) => dueSince(session, means.ownSchema, asked));
  const now = means.clock.now().getTime() - means.clock.skewMs;
  return scheduled.flatMap((place, index) => {
    const after = since[index];
    const until = new Date(now - place.job.jitterSeconds * 1000 - SETTLING_MS);
    if (after === undefined || place.schedule === null) return [];
    const fires = place.schedule.between(after, until, place.job.catchUpMost);
    return fires.length === 0 ? [] : [{ place, fires }];
  });
}

/** Leaves rows for the missed fires that are not to be run, and gives those that are, oldest first. */
export async function settleMissed({ place, fires }: Missed, means: FireMeans): Promise<readonly Date[]> {
  const { job, target } = place;
  const run = { all: fires, 'run-once': fires.slice(-1), skip: [] }[job.catchUp];
  const reason =
    job.catchUp === 'skip'
      ? 'missed while no worker could run it; catchUp is skip'
      : 'missed while no worker could run it; a later fire is run in its place';
  const request = { job: job.name, target: target.name, holder: means.holder, leaseSeconds: means.leaseSeconds };
  await means.home.use(async (session) => {
    for (const fireAt of fires.slice(0, fires.length - run.length))
      await means.store.recordSkipped(session, { ...request, runId: randomUUID(), fireAt }, reason);
  });
  return run;
}
