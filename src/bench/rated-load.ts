import type { BenchBeside, BenchLoad } from '../model/bench-load.js';
import type { Progress } from '../model/progress.js';
import type { BenchDatabases } from './clone.js';
import type { ExactScenario } from './exact-scenario.js';
import { loadEntries } from './load-drivers.js';
import { measureBeside } from './open-loop/measure-beside.js';
import { measureLoad } from './open-loop/measure-load.js';
import type { SidesOptions } from './open-loop/sides.js';
import type { BenchOptions } from './run.js';

/** What the phases at a rate need of a run. */
export interface LoadRun {
  readonly options: BenchOptions;
  readonly progress: Progress;
  remainingMs(): number;
}

interface Prepared {
  readonly exact: ExactScenario;
  readonly statementTimeoutMs: number;
}

/** Parts of the time that is left for the load at a rate, and for the load beside other work. */
const LOAD_SHARE = 0.3;
const BESIDE_SHARE = 0.3;

/** The part of the time that is left which the drivers may take. */
export function driversShare({ beside, rate }: BenchOptions): number {
  return beside === undefined || rate === undefined ? 1 : 1 - BESIDE_SHARE;
}

/** Runs the open loop where a rate is asked for; null where none is, or where nothing can be measured. */
export async function openLoad(
  { options, progress, remainingMs }: LoadRun,
  databases: BenchDatabases,
  prepared: Prepared,
): Promise<BenchLoad | null> {
  const { rate, arrivals = 'poisson', seed } = options;
  const sides = sidesOptions(options, databases, prepared);
  if (rate === undefined || sides.mix.length === 0) return null;
  return measureLoad({ ...sides, rate, arrivals, budgetMs: remainingMs() * LOAD_SHARE, seed, progress });
}

/** Runs the same load beside other work; null where none was given. Only the clones' end may come after it. */
export async function besideLoad(
  { options, progress, remainingMs }: LoadRun,
  databases: BenchDatabases,
  { load, ...prepared }: Prepared & { readonly load: BenchLoad },
): Promise<BenchBeside | null> {
  const { beside: work, seed } = options;
  if (work === undefined) return null;
  const sides = sidesOptions(options, databases, prepared);
  return measureBeside({ ...sides, load, work, budgetMs: remainingMs(), seed, progress });
}

function sidesOptions(
  { queries, driver = 'both', signal }: BenchOptions,
  databases: BenchDatabases,
  { exact, statementTimeoutMs }: Prepared,
): SidesOptions {
  return {
    driver: driver === 'pg' ? 'pg' : 'http',
    targets: { ...databases, statementTimeoutMs },
    mix: loadEntries({ queries, exact }),
    ...(signal === undefined ? {} : { signal }),
  };
}
