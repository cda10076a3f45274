import type { BeforeAfter } from '../model/bench.js';
import type { SliceResult } from './driver.js';
import { Recorder } from './recorder.js';
import { median, type RatioBlock } from './statistics.js';

/** Everything that the slices of one statement measured on two sides. */
export class Comparison {
  readonly latencyBlocks: RatioBlock[] = [];
  readonly cpuBlocks: RatioBlock[] = [];
  readonly recorders: BeforeAfter<Recorder> = { before: new Recorder(), after: new Recorder() };
  /** Median latency of each slice in ms, in the order of time. */
  readonly slices: BeforeAfter<number[]> = { before: [], after: [] };
  readonly errors = { before: 0, after: 0 };
  readonly errorMessages: { before: string | null; after: string | null } = { before: null, after: null };
  cpuComplete = true;

  /** Takes the slices of one ABBA block; a block in which a slice had no success gives no ratio. */
  add(block: BeforeAfter<readonly SliceResult[]>): void {
    for (const side of ['before', 'after'] as const) {
      for (const slice of block[side]) this.addSlice(side, slice);
    }
    const latency = { before: block.before.map(medianMs), after: block.after.map(medianMs) };
    if ([...latency.before, ...latency.after].every(Number.isFinite)) this.latencyBlocks.push(latency);
    const cpu = { before: block.before.map(cpuPerRequest), after: block.after.map(cpuPerRequest) };
    if ([...cpu.before, ...cpu.after].every((value) => value > 0)) this.cpuBlocks.push(cpu);
    else this.cpuComplete = false;
  }

  get requests(): BeforeAfter<number> {
    const { before, after } = this.recorders;
    return { before: before.count + this.errors.before, after: after.count + this.errors.after };
  }

  quantilesMs(share: number): BeforeAfter<number> {
    const { before, after } = this.recorders;
    return { before: before.quantileUs(share) / 1_000, after: after.quantileUs(share) / 1_000 };
  }

  private addSlice(side: 'before' | 'after', slice: SliceResult): void {
    for (const latencyUs of slice.latenciesUs) this.recorders[side].record(latencyUs);
    const sliceMs = medianMs(slice);
    if (Number.isFinite(sliceMs)) this.slices[side].push(sliceMs);
    this.errors[side] += slice.errors;
    this.errorMessages[side] ??= slice.errorMessage;
  }
}

function medianMs(slice: SliceResult): number {
  return median(slice.latenciesUs) / 1_000;
}

function cpuPerRequest(slice: SliceResult): number {
  return slice.cpuMs === null ? Number.NaN : slice.cpuMs / slice.latenciesUs.length;
}
