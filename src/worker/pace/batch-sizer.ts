import type { BatchSizes } from '../../jobs/job.js';

/** How long a batch's transaction took. */
export interface BatchTime {
  readonly size: number;
  /** From BEGIN to the answer to COMMIT. */
  readonly durationMs: number;
  /** Of its BEGIN alone, which does nothing: the way to the server and back. */
  readonly roundTripMs: number;
  /** WAL that the server wrote meanwhile: its own, and that of others. */
  readonly walBytes: number;
}

/** How long a batch is meant to take: the longest that anyone behind it waits. */
const BATCH_MS = 50;
/** However little is allowed a second, a batch may write so much, which is flushed in a millisecond or two … */
const WAL_BYTES_LEAST = 768 * 1024;
/** … unless that is more than is allowed in this time. */
const WAL_MS_MOST = 200;
/** BEGIN, the work, the ledger, COMMIT. */
const ROUND_TRIPS = 4;
const GROWS_MOST = 2;
const SHRINKS_MOST = 4;
/** Of this many batches the middle one counts, so that a single slow one says nothing about the next. */
const REMEMBERED_COSTS = 3;
const REMEMBERED_ROUND_TRIPS = 8;

/**
 * Gives how much WAL a batch may write where a job may write so much a second: every commit of others waits until what
 * was written before it is flushed too, and many small batches are felt more than few that are no longer to flush.
 */
export function walBytesOfBatch(walBytesPerSecond: number): number {
  const within = (ms: number) => (walBytesPerSecond * ms) / 1000;
  return Math.max(within(BATCH_MS), Math.min(within(WAL_MS_MOST), WAL_BYTES_LEAST));
}

/** Finds the size at which a batch takes about 50 ms, whatever a unit costs, or writes the WAL that it may. */
export class BatchSizer {
  private readonly walBytesMost: number | null;
  private size: number | null = null;
  private readonly unitMs: number[] = [];
  private readonly unitWalBytes: number[] = [];
  private readonly roundTripsMs: number[] = [];

  constructor({ walBytesPerSecond }: { readonly walBytesPerSecond: number | null }) {
    this.walBytesMost = walBytesPerSecond === null ? null : walBytesOfBatch(walBytesPerSecond);
  }

  /** Gives how much the next batch may do. */
  next({ first, least, most }: BatchSizes): number {
    return Math.round(Math.min(most, Math.max(least, this.size ?? first)));
  }

  /**
   * Learns from a batch: the size at most doubles. One slow batch cuts it to a quarter at the most, from which it is
   * back in two; a second one in succession sets it by what a unit costs now.
   */
  learn({ size, durationMs, roundTripMs, walBytes }: BatchTime): void {
    remember(this.roundTripsMs, roundTripMs, REMEMBERED_ROUND_TRIPS);
    const fixedMs = Math.min(durationMs, ROUND_TRIPS * Math.min(...this.roundTripsMs));
    // Far from the server the way alone may take longer than a batch should; then it is at least worth its way.
    const aimMs = Math.max(BATCH_MS - fixedMs, fixedMs / 2);
    const workMs = Math.max(durationMs - fixedMs, 0.01);
    remember(this.unitMs, workMs / size, REMEMBERED_COSTS);
    remember(this.unitWalBytes, walBytes / size, REMEMBERED_COSTS);
    const usual = Math.min(size * GROWS_MOST, aimMs / lowerMedian(this.unitMs), this.sizeByWal());
    const isSlow = workMs > 2 * aimMs;
    this.size = isSlow ? Math.min(usual, size * Math.max(1 / SHRINKS_MOST, aimMs / workMs)) : usual;
  }

  private sizeByWal(): number {
    return this.walBytesMost === null ? Number.POSITIVE_INFINITY : this.walBytesMost / lowerMedian(this.unitWalBytes);
  }
}

function remember(values: number[], value: number, most: number): void {
  values.push(value);
  if (values.length > most) values.shift();
}

function lowerMedian(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
}
