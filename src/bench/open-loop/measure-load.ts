import type { BeforeAfter } from '../../model/before-after.js';
import type { BenchLoad } from '../../model/bench-load.js';
import type { Progress } from '../../model/progress.js';
import { type Random, seededRandom } from '../../random.js';
import { type Arrivals, type MixEntry, scheduleOf } from './arrivals.js';
import { findKnee, type LoadSide, measureCapacity } from './capacity.js';
import type { LoadConnection } from './connections.js';
import { type OpenLoopResult, runOpenLoop } from './open-loop.js';
import { percentilesOf, responseOf } from './percentiles.js';
import { CONNECTIONS, type Sides, type SidesOptions, withSides } from './sides.js';

export interface OpenLoadOptions extends SidesOptions {
  readonly rate: number | 'auto';
  readonly arrivals: Arrivals;
  readonly budgetMs: number;
  readonly seed: number;
  readonly progress: Progress;
}

/** Parts of the time for both capacities and both searches for the knee; the comparison has the rest. */
const CAPACITY_SHARE = 0.15;
const KNEE_SHARE = 0.2;

/** A rate that is taken from the capacity keeps away from where waiting begins. */
const AUTO_SHARE = 0.5;

/** A slice is long enough for hundreds of arrivals, and short enough for both sides to meet the same weather. */
const SLICE_MS = 1_000;

/** Runs the mix of all statements in an open loop at one rate on both sides, in turns. */
export async function measureLoad(options: OpenLoadOptions): Promise<BenchLoad> {
  const step = options.progress.step('all queries at a rate', options.budgetMs);
  try {
    return await withSides(options, (sides) => measureOn(sides, options, (doneMs, note) => step.update(doneMs, note)));
  } finally {
    step.end();
  }
}

async function measureOn(
  sides: Sides,
  options: OpenLoadOptions,
  report: (doneMs: number, note: string) => void,
): Promise<BenchLoad> {
  const { mix, arrivals, budgetMs } = options;
  const random = seededRandom(options.seed);
  const startedAt = performance.now();
  const tell = (note: string) => report(performance.now() - startedAt, note);
  tell('measuring the capacity');
  const capacityPerSecond = await both(sides, (side) =>
    measureCapacity(side, { mix, durationMs: (budgetMs * CAPACITY_SHARE) / 2, random }),
  );
  const slower = Math.min(capacityPerSecond.before, capacityPerSecond.after);
  tell('looking for the knee');
  const kneePerSecond = {
    before: await kneeOf(sides.before, capacityPerSecond.before, { ...options, random }),
    after: await kneeOf(sides.after, capacityPerSecond.after, { ...options, random }),
  };
  const ratePerSecond = options.rate === 'auto' ? Math.max(1, Math.round(slower * AUTO_SHARE)) : options.rate;
  const leftMs = Math.max(0, budgetMs - (performance.now() - startedAt));
  const seen = await compareAtRate(sides, { mix, arrivals, ratePerSecond, random, budgetMs: leftMs, tell });
  return {
    driver: options.driver,
    arrivals,
    ratePerSecond,
    rateFrom: options.rate === 'auto' ? 'capacity' : 'given',
    capacityPerSecond,
    kneePerSecond,
    connections: CONNECTIONS,
    responseMs: mapSides(seen, responseOf),
    serviceMs: mapSides(seen, (results) => percentilesOf(results.map(({ service }) => service))),
    pacingErrorMs: percentilesOf([...seen.before, ...seen.after].map(({ pacing }) => pacing)),
    queries: mix.map(({ statement: { index, name } }) => ({
      name,
      responseMs: mapSides(seen, (results) =>
        percentilesOf(results.flatMap(({ response }) => response.get(index) ?? [])),
      ),
      errors: mapSides(seen, (results) => results.reduce((sum, { errors }) => sum + (errors.get(index) ?? 0), 0)),
    })),
  };
}

function kneeOf(
  side: LoadSide<LoadConnection>,
  capacityPerSecond: number,
  {
    mix,
    arrivals,
    budgetMs,
    random,
  }: Pick<OpenLoadOptions, 'mix' | 'arrivals' | 'budgetMs'> & { readonly random: Random },
): Promise<number | null> {
  return findKnee(side, { mix, arrivals, capacityPerSecond, durationMs: (budgetMs * KNEE_SHARE) / 2, random });
}

interface RateOptions {
  readonly mix: readonly MixEntry[];
  readonly arrivals: Arrivals;
  readonly ratePerSecond: number;
  readonly random: Random;
  readonly budgetMs: number;
  tell(note: string): void;
}

/** Slices in the order before, after, after, before; both sides of a pair meet the same arrivals. */
async function compareAtRate(sides: Sides, options: RateOptions): Promise<BeforeAfter<readonly OpenLoopResult[]>> {
  const seen = { before: [] as OpenLoopResult[], after: [] as OpenLoopResult[] };
  const pairs = Math.max(1, Math.floor(options.budgetMs / (2 * SLICE_MS)));
  for (let pair = 0; pair < pairs; pair += 1) {
    const schedule = scheduleOf({ ...options, durationMs: SLICE_MS });
    const order = pair % 2 === 0 ? (['before', 'after'] as const) : (['after', 'before'] as const);
    for (const side of order) seen[side].push(await runOpenLoop({ ...sides[side], schedule }));
    options.tell(`${Math.round(options.ratePerSecond)} requests a second`);
  }
  return seen;
}

async function both<Value>(
  sides: Sides,
  measure: (side: LoadSide<LoadConnection>) => Promise<Value>,
): Promise<BeforeAfter<Value>> {
  const before = await measure(sides.before);
  return { before, after: await measure(sides.after) };
}

function mapSides<From, To>(sides: BeforeAfter<From>, map: (side: From) => To): BeforeAfter<To> {
  return { before: map(sides.before), after: map(sides.after) };
}
