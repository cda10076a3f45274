import type { BenchDriver } from '../model/bench-load.js';
import type { Progress } from '../model/progress.js';
import { seededRandom } from '../random.js';
import { type ContaminationWatch, openContaminationWatch } from './contamination.js';
import type { DriverTargets, LoadDriver } from './driver.js';
import { openHttpDriver } from './driver-http.js';
import { openPgDriver } from './driver-pg.js';
import { earlyStop } from './early-stop.js';
import type { ExactScenario } from './exact-scenario.js';
import { type BenchEffort, type LoadEntry, runLoad } from './load.js';
import type { BenchScenarioQuery } from './scenario.js';
import type { DriverRun } from './summary.js';

export interface DriversOptions {
  readonly targets: DriverTargets;
  readonly driver: BenchDriver | 'both';
  readonly queries: readonly BenchScenarioQuery[];
  readonly exact: ExactScenario;
  readonly budgetMs: number;
  readonly effort?: BenchEffort;
  readonly seed: number;
  readonly progress: Progress;
  readonly signal?: AbortSignal;
}

/** With both drivers, the part of the time that the one without the verdict takes: no comparison with itself. */
const OTHER_SHARE = 0.25;

const OPEN: Readonly<Record<BenchDriver, (targets: DriverTargets) => Promise<LoadDriver>>> = {
  http: openHttpDriver,
  pg: openPgDriver,
};

/** The run that the verdicts use, and the one beside it. */
export interface DriverRuns {
  readonly primary: DriverRun;
  readonly other: DriverRun | null;
}

/** Runs the load over the driver that the verdicts use, then over the other one where both are asked for. */
export async function runDrivers(options: DriversOptions): Promise<DriverRuns> {
  const { driver, budgetMs } = options;
  if (driver !== 'both')
    return { primary: await runDriver(options, { kind: driver, budgetMs, noise: true }), other: null };
  const otherMs = budgetMs * OTHER_SHARE;
  const primary = await runDriver(options, { kind: 'http', budgetMs: budgetMs - otherMs, noise: true });
  return { primary, other: await runDriver(options, { kind: 'pg', budgetMs: otherMs, noise: false }) };
}

async function runDriver(
  options: DriversOptions,
  { kind, budgetMs, noise }: { readonly kind: BenchDriver; readonly budgetMs: number; readonly noise: boolean },
): Promise<DriverRun> {
  const entries = loadEntries(options);
  if (entries.length === 0) return { kind, outcome: { noise: new Map(), main: new Map() } };
  const { signal, progress, effort, exact, seed } = options;
  const driver = await OPEN[kind](options.targets);
  const watch = await openWatch(driver, options.targets);
  // Closing is what ends a statement under way.
  const stop = () => void driver.close();
  signal?.addEventListener('abort', stop, { once: true });
  try {
    const outcome = await runLoad({
      driver,
      entries,
      budgetMs,
      noise,
      lap: () => watch.lap(),
      decideEarly: (seen) => earlyStop(exact.signals, seen, seededRandom(seed)),
      progress,
      ...(signal === undefined ? {} : { signal }),
      ...(effort === undefined ? {} : { effort }),
    });
    return { kind, outcome };
  } finally {
    signal?.removeEventListener('abort', stop);
    await Promise.all([driver.close(), watch.close()]);
  }
}

async function openWatch(driver: LoadDriver, { beforeUrl }: DriverTargets): Promise<ContaminationWatch> {
  try {
    return await openContaminationWatch(beforeUrl);
  } catch (error) {
    await driver.close();
    throw error;
  }
}

/** Gives the statements of a scenario that can be measured, as the load takes them. */
export function loadEntries({ queries, exact }: Pick<DriversOptions, 'queries' | 'exact'>): readonly LoadEntry[] {
  return queries.flatMap((query, index) => {
    const signals = exact.signals.get(index);
    if (signals === undefined) return [];
    const parameterSets = query.parameterSets.length === 0 ? [[]] : query.parameterSets;
    return {
      statement: { index, name: query.name, text: query.text, parameterSets, writes: signals.writes },
      latencyMs: Math.max(signals.durationMs.before, signals.durationMs.after),
      weight: query.weight,
    };
  });
}
