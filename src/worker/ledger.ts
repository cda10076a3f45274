import { withSession } from '../postgres/with-session.js';
import type { Claim, ClaimAnswer, ClaimRequest, RunStore } from './run-store.js';
import type { SessionPool } from './session-pool.js';
import type { Target } from './target.js';

/** A claim with the row at home that mirrors it; null where the target is the home database itself. */
export interface TargetClaim {
  readonly claim: Claim;
  readonly mirror: Claim | null;
}

export type TargetAnswer =
  | { readonly kind: 'claimed'; readonly claimed: TargetClaim }
  | Exclude<ClaimAnswer, { readonly kind: 'claimed' }>;

const SESSION = { applicationName: 'pgsteward worker' };

/**
 * Claims across two databases: replicas compete for the row at home, and the winner alone goes to the target, where
 * the run's row lies beside what its batches change. The target's row is the truth; the one at home follows it.
 */
export class Ledger {
  private readonly home: SessionPool;
  private readonly store: RunStore;

  constructor(home: SessionPool, store: RunStore) {
    this.home = home;
    this.store = store;
  }

  /** Claims a fire on a target. */
  async claim(request: ClaimRequest, target: Target): Promise<TargetAnswer> {
    if (target.isHome) return this.claimHere(request);
    await this.closeLapsed(target, request);
    const answer = await this.home.use((session) => this.store.claim(session, request));
    if (answer.kind !== 'claimed') return answer;
    try {
      return await this.adopt(request, target, answer.claim);
    } catch (error) {
      const end = { status: 'failed', error: `target ${target.name} cannot be written to` } as const;
      await this.home.use((session) => this.store.finish(session, answer.claim, end));
      throw error;
    }
  }

  private async claimHere(request: ClaimRequest): Promise<TargetAnswer> {
    const answer = await this.home.use((session) => this.store.claim(session, request));
    return answer.kind === 'claimed' ? { kind: 'claimed', claimed: { claim: answer.claim, mirror: null } } : answer;
  }

  private async adopt(request: ClaimRequest, target: Target, mirror: Claim): Promise<TargetAnswer> {
    return withSession(target.url, SESSION, async (session) => {
      const answer = await this.store.claim(session, request);
      if (answer.kind === 'claimed') return { kind: 'claimed', claimed: { claim: answer.claim, mirror } };
      // The target is the home database under another name: its row is the one that was just written.
      const same = await this.store.read(session, request.runId);
      if (same !== null) return { kind: 'claimed', claimed: { claim: mirror, mirror: null } };
      const end = { status: 'skipped', error: 'a run that was not started from here was under way' } as const;
      await this.home.use((home) => this.store.finish(home, mirror, end));
      return answer;
    });
  }

  /** A run at home that lapsed is closed at its target first, so that what the row at home then says is final. */
  private async closeLapsed(target: Target, request: ClaimRequest): Promise<void> {
    const lapsed = await this.home.use((session) => this.store.lapsedRun(session, request));
    if (lapsed === null) return;
    await withSession(target.url, SESSION, async (session) => {
      await this.store.closeAbandoned(session, lapsed);
      const truth = await this.store.read(session, lapsed.runId);
      if (truth !== null) await this.home.use((home) => this.store.mirror(home, lapsed, truth));
      await this.home.use((home) => this.store.closeLapsed(home, request));
    });
  }
}
