import type { BeforeAfter } from '../../model/before-after.js';
import type { BenchBeside, BenchLoad } from '../../model/bench-load.js';
import type { Progress } from '../../model/progress.js';
import { seededRandom } from '../../random.js';
import { scheduleOf } from './arrivals.js';
import { type OpenLoopResult, runOpenLoop } from './open-loop.js';
import { responseOf } from './percentiles.js';
import { type Sides, type SidesOptions, withSides } from './sides.js';

/** Work that goes on in a database beside its load. */
export interface BackgroundWork {
  /** What is done, for the report. */
  readonly names: readonly string[];
  /** Begins it on the database; `stop` ends it and counts what was done. */
  start(url: string): Promise<{ stop(): Promise<WorkDone> }>;
}

interface WorkDone {
  readonly runs: number;
  readonly failed: number;
}

export interface BesideOptions extends SidesOptions {
  /** The load that goes on meanwhile. */
  readonly load: Pick<BenchLoad, 'ratePerSecond' | 'arrivals'>;
  readonly work: BackgroundWork;
  readonly budgetMs: number;
  readonly seed: number;
  readonly progress: Progress;
}

/** A slice holds several runs of short work; in a shorter one no run might end. */
const SLICE_MS_MIN = 1_000;
const SLICE_MS_MAX = 2_000;

/**
 * Runs the load at its rate alone and beside the work, in turns and with the same arrivals, on both databases. The work
 * changes their rows, so nothing else is measured on them after that.
 */
export async function measureBeside(options: BesideOptions): Promise<BenchBeside> {
  const { work, progress, budgetMs } = options;
  const step = progress.step(`all queries at a rate beside ${work.names.join(', ')}`, budgetMs);
  try {
    return await withSides(options, (sides) => measureOn(sides, options, (doneMs) => step.update(doneMs)));
  } finally {
    step.end();
  }
}

/** What one database has shown. */
class Seen {
  readonly alone: OpenLoopResult[] = [];
  readonly beside: OpenLoopResult[] = [];
  readonly done = { runs: 0, failed: 0, ms: 0 };

  add({ runs, failed }: WorkDone, durationMs: number): void {
    this.done.runs += runs;
    this.done.failed += failed;
    this.done.ms += durationMs;
  }
}

async function measureOn(
  sides: Sides,
  { targets, load, mix, work, budgetMs, seed }: BesideOptions,
  tell: (doneMs: number) => void,
): Promise<BenchBeside> {
  const urls = { before: targets.beforeUrl, after: targets.afterUrl };
  const seen = { before: new Seen(), after: new Seen() };
  const random = seededRandom(seed);
  const startedAt = performance.now();
  const sliceMs = Math.min(SLICE_MS_MAX, Math.max(SLICE_MS_MIN, budgetMs / 4));
  const rounds = Math.max(1, Math.floor(budgetMs / (4 * sliceMs)));
  for (let round = 0; round < rounds; round += 1) {
    const schedule = scheduleOf({ mix, ...load, durationMs: sliceMs, random });
    for (const side of round % 2 === 0 ? (['before', 'after'] as const) : (['after', 'before'] as const)) {
      seen[side].alone.push(await runOpenLoop({ ...sides[side], schedule }));
      const beganAt = performance.now();
      const running = await work.start(urls[side]);
      try {
        seen[side].beside.push(await runOpenLoop({ ...sides[side], schedule }));
      } finally {
        seen[side].add(await running.stop(), performance.now() - beganAt);
      }
      tell(performance.now() - startedAt);
    }
  }
  return {
    work: work.names,
    runsPerSecond: mapSides(seen, ({ done }) => (done.runs * 1_000) / Math.max(1, done.ms)),
    failedRuns: mapSides(seen, ({ done }) => done.failed),
    aloneMs: mapSides(seen, ({ alone }) => responseOf(alone)),
    besideMs: mapSides(seen, ({ beside }) => responseOf(beside)),
  };
}

function mapSides<To>(seen: BeforeAfter<Seen>, map: (seen: Seen) => To): BeforeAfter<To> {
  return { before: map(seen.before), after: map(seen.after) };
}
