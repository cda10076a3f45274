import type { BeforeAfter } from '../model/before-after.js';
import type { BenchContaminant } from '../model/bench.js';
import type { SliceResult } from './driver.js';
import { Recorder } from './recorder.js';
import { median, type RatioBlock } from './statistics.js';

/** Fewer clean blocks than this say less than many of which some are spoiled. */
const CLEAN_BLOCKS_MIN = 8;

interface Block {
  /** Null where a slice had no success. */
  readonly latency: RatioBlock | null;
  /** Null where a slice has no account of its waiting for a processor. */
  readonly undelayed: RatioBlock | null;
  /** Null where a slice has no account of its CPU time. */
  readonly cpu: RatioBlock | null;
  readonly causes: readonly BenchContaminant[];
}

/** Everything that the slices of one statement measured on two sides. */
export class Comparison {
  readonly blocks: Block[] = [];
  readonly recorders: BeforeAfter<Recorder> = { before: new Recorder(), after: new Recorder() };
  /** Median latency of each slice in ms, in the order of time. */
  readonly slices: BeforeAfter<number[]> = { before: [], after: [] };
  readonly errors = { before: 0, after: 0 };
  readonly errorMessages: { before: string | null; after: string | null } = { before: null, after: null };

  /** Takes the slices of one ABBA block and what spoiled it; a block in which a slice had no success gives no ratio. */
  add(block: BeforeAfter<readonly SliceResult[]>, causes: readonly BenchContaminant[] = []): void {
    for (const side of ['before', 'after'] as const) {
      for (const slice of block[side]) this.addSlice(side, slice);
    }
    const latency = { before: block.before.map(medianMs), after: block.after.map(medianMs) };
    const cpu = { before: block.before.map(cpuPerRequest), after: block.after.map(cpuPerRequest) };
    const undelayed = { before: block.before.map(undelayedMs), after: block.after.map(undelayedMs) };
    const isComplete = [...latency.before, ...latency.after].every(Number.isFinite);
    this.blocks.push({
      latency: isComplete ? latency : null,
      undelayed: [...undelayed.before, ...undelayed.after].every((value) => value > 0) ? undelayed : null,
      cpu: [...cpu.before, ...cpu.after].every((value) => value > 0) ? cpu : null,
      causes,
    });
  }

  /** The blocks that count: the clean ones, or all where too few are clean. */
  get counted(): readonly Block[] {
    const clean = this.blocks.filter(({ causes }) => causes.length === 0);
    return clean.length >= Math.max(CLEAN_BLOCKS_MIN, this.blocks.length / 2) ? clean : this.blocks;
  }

  get latencyBlocks(): readonly RatioBlock[] {
    return this.counted.flatMap(({ latency }) => latency ?? []);
  }

  /** Ratios of what requests take by themselves, without what others on the machine add. */
  get undelayedBlocks(): readonly RatioBlock[] {
    return this.counted.flatMap(({ undelayed }) => undelayed ?? []);
  }

  get cpuBlocks(): readonly RatioBlock[] {
    return this.counted.flatMap(({ cpu }) => cpu ?? []);
  }

  /** False where the system does not account for every slice. */
  get cpuComplete(): boolean {
    return this.blocks.every(({ cpu }) => cpu !== null);
  }

  get requests(): BeforeAfter<number> {
    const { before, after } = this.recorders;
    return { before: before.count + this.errors.before, after: after.count + this.errors.after };
  }

  quantilesMs(share: number): BeforeAfter<number> {
    const { before, after } = this.recorders;
    return { before: before.quantileUs(share) / 1_000, after: after.quantileUs(share) / 1_000 };
  }

  /** Latencies at several shares at once. */
  curvesMs(shares: readonly number[]): BeforeAfter<readonly number[]> {
    const at = (recorder: Recorder) => recorder.quantilesUs(shares).map((value) => value / 1_000);
    return { before: at(this.recorders.before), after: at(this.recorders.after) };
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

/**
 * What a request takes by itself, waits for locks and disks included: the mean less the time for which it waited for a
 * processor that others had. Under load that is most of a latency, and by chance more on one side than on the other.
 */
function undelayedMs({ latenciesUs, queueMs, cpuMs }: SliceResult): number {
  if (queueMs === null || cpuMs === null) return Number.NaN;
  const totalMs = latenciesUs.reduce((sum, latencyUs) => sum + latencyUs, 0) / 1_000;
  // The wait for a processor between two requests is in the account, too: no request is quicker than its own work.
  return Math.max(totalMs - queueMs, cpuMs) / latenciesUs.length;
}

function cpuPerRequest(slice: SliceResult): number {
  return slice.cpuMs === null ? Number.NaN : slice.cpuMs / slice.latenciesUs.length;
}
