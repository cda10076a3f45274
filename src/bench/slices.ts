import type { BeforeAfter } from '../model/before-after.js';
import type { BenchContaminant } from '../model/bench.js';
import type { ProgressStep } from '../model/progress.js';
import { Comparison } from './comparison.js';
import type { LoadDriver, Side, SliceResult } from './driver.js';
import type { LoadStatement } from './scenario.js';

/** A statement with the part of the time that it may use and the latency that is expected of its slower side. */
export interface LoadShare {
  readonly statement: LoadStatement;
  readonly latencyMs: number;
  /** Share of the time of all statements; the shares sum to 1. */
  readonly share: number;
  /** On how many lanes the statement is warm. */
  readonly lanes: number;
}

export interface SlicesOptions {
  readonly driver: LoadDriver;
  readonly sides: BeforeAfter<Side>;
  readonly loads: readonly LoadShare[];
  readonly budgetMs: number;
  /** What one slice should take; few requests of slow statements take longer. */
  readonly sliceMs: (load: LoadShare) => number;
  readonly blocksMax: number;
  /** A statement's first block may take this many times its share; null: it runs whatever it takes. */
  readonly firstBlockShares: number | null;
  /** Tells what has spoiled the time since it was last asked. */
  readonly lap?: () => Promise<readonly BenchContaminant[]>;
  /** Ends a statement before its time is used up; asked from twelve blocks on. */
  readonly isDecided?: (index: number, comparison: Comparison) => boolean;
  readonly step: ProgressStep;
  readonly signal?: AbortSignal;
}

/** A slice is a sample of its moment: more requests would not make it a better one. */
const REQUESTS_MAX = 2_000;

/** What a slice costs beyond its requests, before it was measured: a new autocannon, in ms. */
const SLICE_OVERHEAD_MS = { http: 6, pg: 0.1 };

/**
 * Compares two sides by ABBA blocks: four slices, before, after, after, before, and the mirror image in the next
 * round, each with the same requests. Statements take turns, one block each, so that a noisy moment of the machine
 * falls on all of them and on both sides alike; a statement drops out when its share of the time is used or its
 * verdict is clear, and what is left of its share goes to the others.
 */
export async function runSlices(options: SlicesOptions): Promise<ReadonlyMap<number, Comparison>> {
  const tracks = options.loads.map((load) => new Track(load, options));
  const startedAt = performance.now();
  await options.lap?.();
  let round = 0;
  for (let active = tracks; active.length > 0; active = active.filter((track) => track.affordable)) {
    for (const track of active) {
      if (!track.affordable) continue;
      await track.runBlock(round);
      if (track.decide()) handOver(track, tracks);
      options.step.update(Math.min(options.budgetMs, performance.now() - startedAt), track.load.statement.name);
    }
    round += 1;
  }
  return new Map(tracks.map((track) => [track.load.statement.index, track.comparison]));
}

/** Gives the time that a decided statement no longer needs to those that are not decided. */
function handOver(decided: Track, tracks: readonly Track[]): void {
  const others = tracks.filter((track) => track !== decided && !track.decided);
  const shares = others.reduce((sum, { load }) => sum + load.share, 0);
  const leftMs = decided.giveUpTime();
  for (const track of others) track.allowanceMs += (leftMs * track.load.share) / shares;
}

/** Looks at a verdict before the end are few, since each is a chance to be wrong. */
const FIRST_LOOK_BLOCKS = 12;
const LOOK_EVERY_BLOCKS = 6;

/** One statement on its way through its share of the time. */
class Track {
  readonly load: LoadShare;
  readonly comparison = new Comparison();
  private readonly options: SlicesOptions;
  allowanceMs: number;
  decided = false;
  private readonly overheadMs: number;
  private latencyMs: number;
  private spentMs = 0;
  private offset = 0;
  private blocks = 0;

  constructor(load: LoadShare, options: SlicesOptions) {
    this.load = load;
    this.options = options;
    this.allowanceMs = options.budgetMs * load.share;
    this.overheadMs = SLICE_OVERHEAD_MS[options.driver.kind];
    this.latencyMs = load.latencyMs;
  }

  get affordable(): boolean {
    const { firstBlockShares, blocksMax } = this.options;
    if (this.decided || this.blocks >= blocksMax) return false;
    const blockMs = 4 * (this.requestsPerSlice() * this.latencyMs + this.overheadMs);
    if (this.blocks === 0) return firstBlockShares === null || blockMs <= this.allowanceMs * firstBlockShares;
    return this.spentMs + blockMs <= this.allowanceMs;
  }

  async runBlock(round: number): Promise<void> {
    const startedAt = performance.now();
    const requests = this.requestsPerSlice();
    const order = round % 2 === 0 ? (['before', 'after'] as const) : (['after', 'before'] as const);
    const results: BeforeAfter<SliceResult[]> = { before: [], after: [] };
    for (const side of [order[0], order[1], order[1], order[0]]) {
      this.options.signal?.throwIfAborted();
      results[side].push(await this.runSlice(side, requests));
    }
    this.options.signal?.throwIfAborted();
    const blockMs = performance.now() - startedAt;
    this.comparison.add(results, await this.options.lap?.());
    this.offset += requests;
    this.blocks += 1;
    this.learn(blockMs, requests);
  }

  /** Says whether the verdict has just become clear. */
  decide(): boolean {
    const since = this.blocks - FIRST_LOOK_BLOCKS;
    if (this.decided || since < 0 || since % LOOK_EVERY_BLOCKS !== 0) return false;
    this.decided = this.options.isDecided?.(this.load.statement.index, this.comparison) ?? false;
    return this.decided;
  }

  /** Gives what is left of its time and keeps none of it. */
  giveUpTime(): number {
    const leftMs = Math.max(0, this.allowanceMs - this.spentMs);
    this.allowanceMs -= leftMs;
    return leftMs;
  }

  /** A stalled machine makes the mean far longer than the median: the next block shall still keep to its time. */
  private learn(blockMs: number, requests: number): void {
    this.spentMs += blockMs;
    const observedMs = Math.max(0.01, (blockMs / 4 - this.overheadMs) / requests);
    this.latencyMs = (this.latencyMs + observedMs) / 2;
  }

  private runSlice(side: 'before' | 'after', requests: number): Promise<SliceResult> {
    return this.options.driver.runSlice({
      side: this.options.sides[side],
      statement: this.load.statement,
      requests,
      offset: this.offset,
      lane: this.laneOf(side),
    });
  }

  /** Every lane of one side meets every lane of the other. */
  private laneOf(side: 'before' | 'after'): number {
    const { lanes } = this.load;
    const shift = side === 'before' ? 0 : Math.floor(this.blocks / lanes);
    return (this.blocks + shift) % lanes;
  }

  /** Whole cycles of the parameter sets where the time holds one, so that every slice has the same mix. */
  private requestsPerSlice(): number {
    const wanted = Math.round(this.options.sliceMs(this.load) / this.latencyMs);
    const affordable = Math.min(REQUESTS_MAX, Math.max(1, wanted));
    const sets = this.load.statement.parameterSets.length;
    return affordable >= sets ? Math.floor(affordable / sets) * sets : affordable;
  }
}
