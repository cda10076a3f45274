import { setTimeout as pause } from 'node:timers/promises';
import type { BatchSizes } from '../jobs/job.js';

/** How long a batch is meant to take: the longest anyone behind it waits. */
const BATCH_MS = 50;

/** Sizes batches by the time that they take, and rests between them. */
export class Pace {
  private readonly dutyCycle: number;
  private size: number | null = null;
  private restMs = 0;

  constructor(options: { readonly dutyCycle: number }) {
    this.dutyCycle = options.dutyCycle;
  }

  /** Gives how much the next batch may do. */
  nextSize(sizes: BatchSizes): number {
    const size = Math.min(sizes.most, Math.max(sizes.least, this.size ?? sizes.first));
    this.size = size;
    return Math.round(size);
  }

  /** Learns from a batch that is done. */
  learn(durationMs: number): void {
    const factor = Math.min(2, Math.max(0.5, BATCH_MS / Math.max(1, durationMs)));
    this.size = (this.size ?? 1) * factor;
    this.restMs = durationMs * (1 / this.dutyCycle - 1);
  }

  /** Waits until the next batch may begin. */
  async rest(signal: AbortSignal): Promise<void> {
    if (this.restMs > 0) await pause(this.restMs, undefined, { signal });
  }
}
