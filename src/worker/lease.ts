import { messageOf } from '../errors.js';
import type { Session } from '../postgres/session.js';
import { leaseLost, type RunEnd } from './run-end.js';
import type { Claim, RunStore } from './run-store.js';
import type { SessionPool } from './session-pool.js';

export interface LeaseOptions {
  readonly store: RunStore;
  readonly claim: Claim;
  /** The row at home that follows the target's; null where that is the same. */
  readonly mirror: Claim | null;
  readonly home: SessionPool;
  readonly leaseSeconds: number;
  /** Opens a session for heartbeats alone, again after each loss. */
  readonly openSession: () => Promise<Session>;
  /** Told once, when the lease is known to be lost. */
  readonly onLost: (end: RunEnd, reason: string) => void;
}

/**
 * Keeps a claim alive by heartbeats at a third of its length. The database's clock decides: where it cannot be asked
 * for the whole length, the lease counts as lost here too, since another worker may have taken over.
 */
export class RunLease {
  private readonly options: LeaseOptions;
  private readonly timer: NodeJS.Timeout;
  private session: Session | null = null;
  private renewal: Promise<void> | null = null;
  private renewedAt = performance.now();
  private lastError = 'no answer';
  private ended = false;

  constructor(options: LeaseOptions) {
    this.options = options;
    this.timer = setInterval(() => this.beat(), (options.leaseSeconds * 1000) / 3);
  }

  /** Ends the heartbeats; the row itself is closed by whoever finishes the run. */
  async stop(): Promise<void> {
    this.ended = true;
    clearInterval(this.timer);
    await this.renewal;
    await this.session?.close();
  }

  private beat(): void {
    this.renewal ??= this.renew().finally(() => {
      this.renewal = null;
    });
  }

  private async renew(): Promise<void> {
    const { store, claim, leaseSeconds, mirror, home } = this.options;
    const askedAt = performance.now();
    try {
      this.session ??= await this.options.openSession();
      const renewed = await store.heartbeat(this.session, claim, leaseSeconds);
      const mirrored = mirror === null || (await this.renewMirror(mirror, home));
      if (renewed && mirrored) this.renewedAt = askedAt;
      else this.lose('it lapsed, or another worker closed the run');
    } catch (error) {
      this.lastError = messageOf(error);
      await this.session?.close();
      this.session = null;
      if (performance.now() - this.renewedAt > leaseSeconds * 1000) this.lose(this.lastError);
    }
  }

  private async renewMirror(mirror: Claim, home: SessionPool): Promise<boolean> {
    const { store, leaseSeconds, claim } = this.options;
    const truth = this.session === null ? null : await store.read(this.session, claim.runId);
    return home.use(async (session) => {
      if (truth !== null) await store.mirror(session, mirror, truth);
      return store.heartbeat(session, mirror, leaseSeconds);
    });
  }

  private lose(reason: string): void {
    if (this.ended) return;
    this.ended = true;
    clearInterval(this.timer);
    this.options.onLost(leaseLost(), reason);
  }
}
