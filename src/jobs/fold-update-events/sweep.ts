import type { Session } from '../../postgres/session.js';
import type { BatchSizes, RunContext } from '../job.js';
import { FOLD_SETTINGS, type FoldedEvents, foldEvents } from './fold-events.js';
import { type FoldTests, readFoldTests } from './fold-tests.js';
import { type FoldTables, foldTables } from './own-names.js';
import { type PendingEvent, packagesAfter, pendingInStretch, pendingOfPackages } from './pending.js';
import { type FoldProgress, FoldProgressStore } from './progress.js';

/** Blocks to look through in one batch: where all is folded a batch of the most takes some tens of milliseconds. */
const BATCHES_AT_ONCE = 20;
const STRETCH = { first: 16, most: 4096 };

/**
 * Folds every event that is committed when it begins. What it has found stands in the database: it goes on where the
 * run before it ended, and then once more from the start, since events may stand anywhere in the table.
 */
export async function sweepEvents(context: RunContext, batchSize: number): Promise<void> {
  const tests = await context.read(readFoldTests);
  const sweep = new Sweep(foldTables(context.ownSchema), { batchSize, tests });
  // One statement may fold several batches: the pace says how many fit into its time.
  const sizes: BatchSizes = { first: batchSize, least: batchSize, most: batchSize * BATCHES_AT_ONCE };
  while (!sweep.isDone)
    await context.batch(async (session, size) => ({ counts: { ...(await sweep.fold(session, size)) } }), sizes);
}

class Sweep {
  private readonly tables: FoldTables;
  private readonly batchSize: number;
  private readonly tests: FoldTests;
  private readonly store: FoldProgressStore;
  private stretch = STRETCH.first;
  /** A sweep that began before this one may have passed events that were committed since. */
  private hasBegun = false;
  isDone = false;

  constructor(tables: FoldTables, { batchSize, tests }: { readonly batchSize: number; readonly tests: FoldTests }) {
    this.tables = tables;
    this.batchSize = batchSize;
    this.tests = tests;
    this.store = new FoldProgressStore(tables);
  }

  /** Folds one batch, of at most `most` events but where one package has more of them in the first sweep of all. */
  async fold(session: Session, most: number): Promise<FoldedEvents> {
    await session.script(FOLD_SETTINGS);
    const standing = await this.store.lock(session);
    const begins = standing.horizon === null;
    const progress = begins ? await this.store.begin(session) : standing;
    const step =
      progress.watermark === null
        ? await this.byKey(session, progress, most)
        : await this.byPlace(session, progress, most);
    const folded = await foldEvents(session, this.tables, {
      ...{ events: step.events, progress, tests: this.tests },
      size: this.batchSize,
    });
    if (step.next === null) await this.store.end(session);
    else await this.store.save(session, { ...progress, ...step.next });
    this.hasBegun ||= begins;
    this.isDone = this.hasBegun && step.next === null;
    return folded;
  }

  /** The first sweep of all: each package is folded once, with all of its events. */
  private async byKey(session: Session, progress: FoldProgress, most: number): Promise<Step> {
    const keys = await packagesAfter(session, { after: progress.walkedTo, most });
    const events = await pendingOfPackages(session, this.tables, keys);
    const walkedTo = keys.at(-1);
    return { events, next: walkedTo === undefined ? null : { walkedTo } };
  }

  private async byPlace(session: Session, progress: FoldProgress, most: number): Promise<Step> {
    const from = blockOf(progress.sweptTo);
    const toBlock = Math.min(progress.endBlock, from + this.stretch);
    const events = await pendingInStretch(session, this.tables, { progress, toBlock, most });
    const last = events.length === most ? events.at(-1) : undefined;
    if (last !== undefined) {
      this.stretch = Math.max(2, blockOf(last.place) - from + 1);
      return { events, next: { sweptTo: placeAfter(last.place) } };
    }
    this.stretch = Math.min(STRETCH.most, this.stretch * 2);
    return { events, next: toBlock >= progress.endBlock ? null : { sweptTo: `(${toBlock},0)` } };
  }
}

interface Step {
  readonly events: readonly PendingEvent[];
  /** Where the next batch goes on; null at the end. */
  readonly next: Partial<FoldProgress> | null;
}

function blockOf(place: string): number {
  return Number(/^\((\d+),/.exec(place)?.[1] ?? 0);
}

function placeAfter(place: string): string {
  return place.replace(/,(\d+)\)$/, (_, offset) => `,${Number(offset) + 1})`);
}
