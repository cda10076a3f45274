import type { BenchContaminant } from '../model/bench.js';
import type { Progress } from '../model/progress.js';
import type { Comparison } from './comparison.js';
import type { LoadDriver, Side } from './driver.js';
import type { LoadStatement } from './scenario.js';
import { type LoadShare, runSlices, type SlicesOptions } from './slices.js';
import { median } from './statistics.js';

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

/** With an effort given, a statement's warm-up on one side takes as long as this many slices. */
const WARM_UP_SLICES = 5;

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

const WARM_UP_REQUESTS_MAX = 5_000;
const SIDES: readonly Side[] = ['before', 'control', 'after'];

/**
 * Calls every statement on every connection, which fills caches, compiles the hot paths of Node and lets the server
 * choose between custom and generic plans (after five calls). Gives the latencies that slices are sized by.
 */
async function warmUp(options: LoadOptions, budgetMs: number): Promise<readonly LoadShare[]> {
  const { driver, entries, progress, signal, effort } = options;
  const sideMsMax = effort === undefined ? Number.POSITIVE_INFINITY : WARM_UP_SLICES * effort.sliceMs;
  const step = progress.step(`warming up over ${driver.kind}`, entries.length);
  const shares = sharesOf(entries);
  const loads: LoadShare[] = [];
  for (const [index, entry] of entries.entries()) {
    const share = shares[index] ?? 0;
    const sideMs = Math.min(sideMsMax, (budgetMs * share) / SIDES.length);
    const affordable = Math.floor(sideMs / entry.latencyMs);
    const requests = Math.min(WARM_UP_REQUESTS_MAX, affordable);
    let latencyMs = entry.latencyMs;
    if (requests > 0) {
      const medians: number[] = [];
      for (const side of SIDES)
        medians.push(await warmSide({ driver, statement: entry.statement, side, requests, signal }));
      const slowest = Math.max(...medians);
      if (slowest > 0) latencyMs = slowest;
    }
    loads.push({ statement: entry.statement, latencyMs, share });
    step.update(index + 1, entry.statement.name);
  }
  step.end();
  return loads;
}

/** A warm-up is looked at this many times; two looks this close to each other end it. */
const WARM_UP_PARTS = 5;
const STABLE_RATIO = 1.05;
/** The server chooses between custom and generic plans at the sixth call. */
const WARM_UP_PART_REQUESTS_MIN = 10;

/** Calls a statement on one side until neither its latency nor its CPU time a request changes; gives the latency. */
async function warmSide({
  driver,
  statement,
  side,
  requests,
  signal,
}: {
  readonly driver: LoadDriver;
  readonly statement: LoadStatement;
  readonly side: Side;
  readonly requests: number;
  readonly signal: AbortSignal | undefined;
}): Promise<number> {
  const part = Math.min(requests, Math.max(WARM_UP_PART_REQUESTS_MIN, Math.ceil(requests / WARM_UP_PARTS)));
  let latencyMs = Number.NaN;
  let last: readonly number[] = [];
  for (let offset = 0; offset < requests; offset += part) {
    signal?.throwIfAborted();
    const slice = await driver.runSlice({ side, statement, requests: part, offset });
    latencyMs = median(slice.latenciesUs) / 1_000;
    const now = slice.cpuMs === null ? [latencyMs] : [latencyMs, slice.cpuMs / part];
    if (last.length > 0 && now.every((value, index) => isClose(value, last[index] ?? 0))) break;
    last = now;
  }
  return latencyMs;
}

function isClose(left: number, right: number): boolean {
  return Math.max(left / right, right / left) < STABLE_RATIO;
}

/** Time by weight, but within a factor of two of the mean: a rare query needs its verdict too. */
function sharesOf(entries: readonly LoadEntry[]): readonly number[] {
  const mean = entries.reduce((sum, entry) => sum + entry.weight, 0) / entries.length;
  const raw = entries.map(({ weight }) => (mean > 0 ? Math.min(2, Math.max(0.5, weight / mean)) : 1));
  const total = raw.reduce((sum, value) => sum + value, 0);
  return raw.map((value) => value / total);
}
