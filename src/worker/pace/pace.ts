import type { BatchSizes } from '../../jobs/job.js';
import { BatchSizer, type BatchTime } from './batch-sizer.js';
import { type BatchBackend, HOLDS_FROM, SLOWS_FROM } from './brake.js';
import type { BrakeReading, BrakeWatch } from './brake-watch.js';
import type { HoldAccount } from './hold-account.js';
import type { SteadyClock } from './steady-clock.js';

export interface PaceOptions {
  readonly dutyCycle: number;
  /** WAL that batches may write a second; null for no limit. */
  readonly walBytesPerSecond: number | null;
  readonly watch: BrakeWatch;
  readonly account: HoldAccount;
  readonly clock: SteadyClock;
  readonly backend: BatchBackend;
  /** How long a batch may last before it is asked who waits for its locks; null: that is not asked. */
  readonly hurryAfterMs: number | null;
}

/** What is left of the duty cycle just before a brake holds. */
const SLOWED_LEAST = 0.1;
/** A slowed run asks its brakes again after this at the latest. */
const SLOWED_MS_MOST = 5000;
/** Where others write as much in one batch's time, its own share cannot be told: then it does not wait for theirs. */
const WAL_MS_MOST = 500;

/** Sizes batches by the time that they take, rests between them, and lets none begin while a brake holds. */
export class Pace {
  private readonly options: PaceOptions;
  /** A kind that works in several units has a size for each: they differ in the first. */
  private readonly sizers = new Map<number, BatchSizer>();
  private sizer: BatchSizer;
  private lastMs = 0;
  private lastWalBytes = 0;
  private hurrying: NodeJS.Timeout | undefined;

  constructor(options: PaceOptions) {
    this.options = options;
    this.sizer = new BatchSizer(options);
  }

  /** Gives how much the next batch may do. */
  nextSize(sizes: BatchSizes): number {
    this.sizer = this.sizers.get(sizes.first) ?? new BatchSizer(this.options);
    this.sizers.set(sizes.first, this.sizer);
    return this.sizer.next(sizes);
  }

  /** Notes which backend does the batch that begins now. */
  began(pid: number): void {
    const { backend, watch, hurryAfterMs } = this.options;
    backend.pid = pid;
    clearTimeout(this.hurrying);
    // Nobody can have waited longer for a batch than it lasts.
    if (hurryAfterMs !== null) this.hurrying = setTimeout(() => watch.hurry('lock-waiters'), hurryAfterMs);
  }

  /** Notes that the batch is over, done or undone. */
  ended(): void {
    this.options.backend.pid = null;
    clearTimeout(this.hurrying);
  }

  /** Learns from a batch that is done. */
  learn(batch: BatchTime): void {
    this.sizer.learn(batch);
    this.lastMs = batch.durationMs;
    this.lastWalBytes = batch.walBytes;
  }

  /** Waits until the next batch may begin; throws the signal's reason as soon as it is aborted. */
  async ready(signal: AbortSignal): Promise<void> {
    try {
      await this.rest(signal);
      await this.options.watch.begin(signal);
      await this.waitWhileHeld(signal);
    } catch (error) {
      signal.throwIfAborted();
      throw error;
    }
  }

  /** Says which brakes have held the run for how long; null where none has. */
  heldBy(): string | null {
    return this.options.account.summary(this.options.clock.nowMs());
  }

  async close(): Promise<void> {
    this.ended();
    this.options.account.flush();
    await this.options.watch.close();
  }

  private async rest(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const { watch, account, clock } = this.options;
    const restMs = this.restMs(1);
    const brake = watch.strongest();
    const slowedMs = Math.min(SLOWED_MS_MOST, this.restMs(slowing(brake?.pressure ?? 0)) - restMs);
    if (restMs + slowedMs > 0) await clock.pause(restMs + slowedMs, signal);
    if (brake !== null && slowedMs > 0) account.slowed(brake, slowedMs);
    this.lastMs = 0;
    this.lastWalBytes = 0;
  }

  /** What the last batch has used up of the duty cycle and of the WAL, at a share of the pace. */
  private restMs(share: number): number {
    const { dutyCycle, walBytesPerSecond } = this.options;
    const walMs =
      walBytesPerSecond === null ? 0 : Math.min(WAL_MS_MOST, (this.lastWalBytes / walBytesPerSecond) * 1000);
    return Math.max(restAfter(this.lastMs, dutyCycle * share), walMs / share - this.lastMs);
  }

  private async waitWhileHeld(signal: AbortSignal): Promise<void> {
    const { watch, account, clock } = this.options;
    let holding = this.holding();
    account.hold(holding, clock.nowMs());
    while (holding !== null) {
      try {
        await watch.next(signal);
      } finally {
        holding = signal.aborted ? null : this.holding();
        account.hold(holding, clock.nowMs());
      }
    }
  }

  private holding(): BrakeReading | null {
    const brake = this.options.watch.strongest();
    return brake !== null && brake.pressure >= HOLDS_FROM ? brake : null;
  }
}

function restAfter(batchMs: number, dutyCycle: number): number {
  return batchMs * (1 / dutyCycle - 1);
}

/** From the whole duty cycle where a brake begins to slow, down to a tenth of it where it is about to hold. */
function slowing(pressure: number): number {
  const way = (pressure - SLOWS_FROM) / (HOLDS_FROM - SLOWS_FROM);
  return Math.min(1, Math.max(SLOWED_LEAST, 1 - way));
}
