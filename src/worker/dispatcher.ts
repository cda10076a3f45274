import { messageOf } from '../errors.js';
import { findMissed, type Missed, settleMissed } from './catch-up.js';
import { type ClaimedFire, claimByHand, claimFire, type FireMeans, type Place, runFire } from './fires.js';
import type { StartAnswer } from './worker-view.js';

/** What this replica has in hand: fires on their way to a claim, and runs. */
export class Dispatcher {
  private readonly means: FireMeans;
  /** Fires that wait for a slot, a claim or the run before them. */
  private readonly pending = new Set<string>();
  private readonly claimed = new Map<string, ClaimedFire>();
  private readonly running = new Set<Promise<unknown>>();

  constructor(means: FireMeans) {
    this.means = means;
  }

  /** Claims a fire for this replica; false where it is not to be run here. Throws where the ledger does not answer. */
  async claim(place: Place, fireAt: Date): Promise<boolean> {
    const key = fireKey(place, fireAt);
    if (this.pending.has(key)) return false;
    this.pending.add(key);
    try {
      const fire = await claimFire(place, fireAt, this.means);
      if (fire !== null) this.claimed.set(key, fire);
      return fire !== null;
    } catch (error) {
      if (this.means.signal.aborted) return false;
      this.means.onEvent({ kind: 'fire failed', job: place.job.name, target: place.target.name, error });
      throw error;
    } finally {
      this.pending.delete(key);
    }
  }

  /** Runs what was claimed before. */
  async run(place: Place, fireAt: Date): Promise<void> {
    const key = fireKey(place, fireAt);
    const fire = this.claimed.get(key);
    this.claimed.delete(key);
    if (fire !== undefined) await this.track(runFire(fire, this.means));
  }

  /** Runs by hand in the background; the row in the ledger is there when it answers. */
  async startByHand(place: Place): Promise<StartAnswer> {
    const answer = await claimByHand(place, this.means);
    if ('place' in answer) {
      void this.track(runFire(answer, this.means));
      return { kind: 'started', runId: answer.claimed.claim.runId };
    }
    return { kind: 'running', runId: answer.kind === 'running' ? answer.runId : '' };
  }

  /** Settles what was missed, and gives the oldest fire of each place that is still without a row. */
  async catchUp(places: readonly Place[]): Promise<ReadonlyMap<Place, Date>> {
    const missed = await findMissed(places, this.means);
    const waiting = new Map<Place, Date>();
    for (const each of missed) {
      const [oldest] = each.fires;
      if (oldest !== undefined) waiting.set(each.place, oldest);
      const fires = each.fires.filter((fireAt) => !this.pending.has(fireKey(each.place, fireAt)));
      if (fires.length > 0) void this.track(this.makeUp({ ...each, fires }));
    }
    return waiting;
  }

  /** Resolves when nothing is in hand any more. */
  async settled(): Promise<void> {
    while (this.running.size > 0) await Promise.allSettled(this.running);
  }

  private async makeUp(missed: Missed): Promise<void> {
    try {
      for (const fireAt of await settleMissed(missed, this.means))
        if (await this.claim(missed.place, fireAt)) await this.run(missed.place, fireAt);
    } catch (error) {
      // It is found again in the next round.
      const { place } = missed;
      this.means.log.debug(
        { job: place.job.name, target: place.target.name, reason: messageOf(error) },
        'not caught up',
      );
    }
  }

  private async track<T>(work: Promise<T>): Promise<T> {
    const settled = work.catch(() => undefined);
    this.running.add(settled);
    try {
      return await work;
    } finally {
      this.running.delete(settled);
    }
  }
}

function fireKey({ job, target }: Place, fireAt: Date): string {
  return `${job.name}@${target.name}:${fireAt.toISOString()}`;
}
