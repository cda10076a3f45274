import type { BenchContaminant } from '../model/bench.js';
import type { Progress } from '../model/progress.js';
import type { Comparison } from './comparison.js';
import type { LoadDriver, Side } from './driver.js';
import type { LoadStatement } from './scenario.js';
import { runSlices, type SlicesOptions } from './slices.js';
import { warmUp } from './warm-up.js';

/** A statement as the load phase is given it. */
export interface LoadEntry {
  readonly statement: LoadStatement;
  /** What one call took at most when the exact signals were read. */
  readonly latencyMs: number;
  readonly weight: number;
}

export interface LoadOptions {
  readonly driver: LoadDriver;
  readonly entries: readonly LoadEntry[];
  readonly budgetMs: number;
  /** Whether the schema before is compared with itself first. */
  readonly noise: boolean;
  readonly effort?: BenchEffort;
  /** Tells what has spoiled the time since it was last asked. */
  readonly lap?: () => Promise<readonly BenchContaminant[]>;
  /** Gives, once the noise is known, what says that a statement's verdict is clear before its time is used up. */
  readonly decideEarly?: (noise: LoadOutcome['noise']) => (index: number, comparison: Comparison) => boolean;
  readonly progress: Progress;
  readonly signal?: AbortSignal;
}

/** An end to measuring before the time budget is used up. */
export interface BenchEffort {
  /** ABBA blocks of one query in one comparison, at most. */
  readonly blocksMax: number;
  /** Length of a slice; a slow statement's slice is one request. */
  readonly sliceMs: number;
}

/** Comparisons by the statements' index; `noise` is before against before. */
export interface LoadOutcome {
  readonly noise: ReadonlyMap<number, Comparison>;
  readonly main: ReadonlyMap<number, Comparison>;
}

/** How the time of a driver is divided; the rest is the comparison's. */
const WARM_UP_SHARE = 0.1;
const NOISE_SHARE = 0.3;

/**
 * ABBA blocks that the comparison aims at for each statement: many short slices tell more than few long ones, since
 * noise comes in episodes; below 10 ms a slice is mostly its own overhead, beyond 40 ms it tells no more.
 */
const BLOCKS_WANTED = 14;
const SLICE_MS_MIN = 10;
const SLICE_MS_MAX = 40;

/** Warms up, compares the schema before with itself, then with the schema after. */
export async function runLoad(options: LoadOptions): Promise<LoadOutcome> {
  const { driver, progress, signal, effort } = options;
  const warmUpMs = options.budgetMs * WARM_UP_SHARE;
  const noiseMs = options.noise ? options.budgetMs * NOISE_SHARE : 0;
  const mainMs = options.budgetMs - warmUpMs - noiseMs;
  const loads = await warmUp(options, warmUpMs);
  const compare = async (
    title: string,
    parts: Pick<SlicesOptions, 'budgetMs' | 'firstBlockShares' | 'isDecided'> & { readonly after: Side },
  ) => {
    const { after, ...rest } = parts;
    const step = progress.step(`${title} over ${driver.kind}`, parts.budgetMs);
    try {
      return await runSlices({
        ...rest,
        driver,
        sides: { before: 'before', after },
        loads,
        sliceMs: (load) => effort?.sliceMs ?? sliceMsFor(mainMs * load.share),
        blocksMax: effort?.blocksMax ?? Number.POSITIVE_INFINITY,
        step,
        ...(options.lap === undefined ? {} : { lap: options.lap }),
        ...(signal === undefined ? {} : { signal }),
      });
    } finally {
      step.end();
    }
  };
  const noise: LoadOutcome['noise'] = options.noise
    ? await compare('comparing before with itself', { after: 'control', budgetMs: noiseMs, firstBlockShares: 3 })
    : new Map();
  const isDecided = options.decideEarly?.(noise);
  const main = await compare('comparing before with after', {
    ...{ after: 'after' as const, budgetMs: mainMs, firstBlockShares: null },
    ...(isDecided === undefined ? {} : { isDecided }),
  });
  return { noise, main };
}

function sliceMsFor(allowanceMs: number): number {
  return Math.min(SLICE_MS_MAX, Math.max(SLICE_MS_MIN, allowanceMs / (4 * BLOCKS_WANTED)));
}
