import { StewardError } from '../errors.js';
import type { BenchDriver, BenchFailure, BenchReport, BenchSkipped } from '../model/bench.js';
import { type Progress, silentProgress } from '../model/progress.js';
import { toolVersion } from '../tool-version.js';
import { type BenchMigrations, type Clones, makeClones } from './clone.js';
import { type ExactScenario, readExactScenario } from './exact-scenario.js';
import { type GateEntry, type GateLimits, gateReasons } from './gate.js';
import type { BenchEffort } from './load.js';
import { runDrivers } from './load-drivers.js';
import { noiseFloorOf } from './noise.js';
import type { BenchScenarioQuery } from './scenario.js';
import { readSource, type Source } from './source.js';
import { seededRandom } from './statistics.js';
import { type DriverRun, summariseQuery } from './summary.js';
import { measureWrites } from './writes.js';

export interface BenchOptions {
  /** The database to clone; it is read for the copy and never changed. Nobody else may be connected to it. */
  readonly url: string;
  readonly queries: readonly BenchScenarioQuery[];
  readonly migrations: BenchMigrations;
  /** Whose latency the verdicts use: `both`, the default, uses HTTP's and reports direct latency beside it. */
  readonly driver?: BenchDriver | 'both';
  /** Time for everything, the clones included. */
  readonly budgetMs: number;
  /** Ends measuring before the time is used up; without it the whole budget is used. */
  readonly effort?: BenchEffort;
  /** Seed of the resampling: one seed and one set of measurements give one report. */
  readonly seed: number;
  readonly gate?: GateLimits;
  readonly progress?: Progress;
  readonly signal?: AbortSignal;
}

/**
 * Measures queries before and after migrations on two clones of a database and gives the report with its verdicts.
 *
 * The clones are dropped at the end, also after an error and when the signal is aborted; then it rejects with a
 * StewardError of code `runtime` whose cause is the signal's reason.
 */
export async function runBench(options: BenchOptions): Promise<BenchReport> {
  requireScenario(options);
  const startedAtMs = performance.now();
  const run: Run = {
    options,
    progress: options.progress ?? silentProgress,
    startedAt: new Date().toISOString(),
    remainingMs: () => Math.max(0, options.budgetMs - (performance.now() - startedAtMs) - CLEAN_UP_MS),
    elapsedMs: () => performance.now() - startedAtMs,
  };
  try {
    options.signal?.throwIfAborted();
    const source = await readSource(options.url);
    const clones = await cloneWithProgress(run, source);
    try {
      return await measure(run, source, clones);
    } finally {
      await clones.drop();
    }
  } catch (error) {
    if (options.signal?.aborted !== true) throw error;
    throw new StewardError('runtime', 'the bench was stopped before its end; its clones are dropped', {
      hint: 'run it again; nothing in the database itself has changed',
      cause: options.signal.reason,
    });
  }
}

/** Dropping two clones takes a checkpoint. */
const CLEAN_UP_MS = 1_000;

/** Parts of the time that is left after cloning; load takes what these do not use. */
const EXACT_SHARE = 0.2;
const WRITES_SHARE = 0.15;

/** One call may take this part of the whole budget; a query with slower calls is left out. */
const CALL_SHARE = 0.25;

interface Run {
  readonly options: BenchOptions;
  readonly progress: Progress;
  readonly startedAt: string;
  remainingMs(): number;
  elapsedMs(): number;
}

function requireScenario({ queries, budgetMs }: BenchOptions): void {
  if (queries.length === 0) {
    throw new StewardError('usage', 'there is no query to bench', {
      hint: 'name a folder of .sql files or another workload with --queries',
    });
  }
  const names = queries.map((query) => query.name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    throw new StewardError('usage', `two queries bear the name "${twice}"`, {
      hint: 'give each its own `-- name:` line',
    });
  }
  if (!(budgetMs > 0)) {
    throw new StewardError('usage', `a budget of ${budgetMs} ms holds no measurement`, {
      hint: 'give it --budget 60s',
    });
  }
}

async function cloneWithProgress(run: Run, source: Source): Promise<Clones> {
  const { url, migrations, signal } = run.options;
  const step = run.progress.step(`cloning database ${source.database} twice`, CLONE_STEPS);
  let done = 0;
  try {
    return await makeClones({
      url,
      source,
      migrations,
      onStep: (note) => step.update(done++, note),
      ...(signal === undefined ? {} : { signal }),
    });
  } finally {
    step.end();
  }
}

const CLONE_STEPS = 4;

async function measure(run: Run, source: Source, clones: Clones): Promise<BenchReport> {
  const { options, progress } = run;
  const statementTimeoutMs = Math.max(1_000, options.budgetMs * CALL_SHARE);
  const signal = options.signal === undefined ? {} : { signal: options.signal };
  const exact = await readExactScenario({
    clones,
    queries: options.queries,
    budgetMs: run.remainingMs() * EXACT_SHARE,
    statementTimeoutMs,
    progress,
    ...signal,
  });
  const writes = await measureWrites({ clones, budgetMs: run.remainingMs() * WRITES_SHARE, progress, ...signal });
  const drivers = await runDrivers({
    targets: { ...clones, statementTimeoutMs },
    driver: options.driver ?? 'both',
    queries: options.queries,
    exact,
    budgetMs: run.remainingMs(),
    progress,
    ...signal,
    ...(options.effort === undefined ? {} : { effort: options.effort }),
  });
  return {
    schemaVersion: 1,
    tool: { name: 'pgsteward', version: toolVersion() },
    startedAt: run.startedAt,
    server: { version: source.version, major: source.major },
    driver: drivers.primary.kind,
    ...summarise(options, exact, drivers),
    ...writes,
    migrations: options.migrations.names,
    durationMs: Math.round(run.elapsedMs()),
  };
}

function summarise(
  options: BenchOptions,
  exact: ExactScenario,
  { primary, other }: { readonly primary: DriverRun; readonly other: DriverRun | null },
): Pick<BenchReport, 'noiseFloor' | 'queries' | 'failures' | 'skipped' | 'gate'> {
  const random = seededRandom(options.seed);
  const noiseFloor = noiseFloorOf([...primary.outcome.noise.values()], random) ?? UNKNOWN_NOISE;
  const failures: BenchFailure[] = [...exact.failures];
  const skipped: BenchSkipped[] = [...exact.skipped];
  const entries: GateEntry[] = [];
  for (const [index, query] of options.queries.entries()) {
    const signals = exact.signals.get(index);
    const comparison = primary.outcome.main.get(index);
    if (signals === undefined || comparison === undefined) continue;
    const summary = summariseQuery({ query, index, exact: signals, primary, other, noiseFloor, random });
    const { before, after } = comparison.errorMessages;
    if (summary !== null) entries.push({ query: summary, ...comparison.recorders, errorMessage: after });
    else if (before !== null)
      skipped.push({ name: query.name, reason: `fails under load before the migrations: ${before}` });
    else failures.push({ name: query.name, fingerprint: query.fingerprint, message: after ?? 'every request fails' });
  }
  const reasons = gateReasons(entries, failures, options.gate ?? {});
  return {
    noiseFloor,
    queries: entries.map((entry) => entry.query),
    failures,
    skipped,
    gate: { passed: reasons.length === 0, reasons },
  };
}

/** Where no query was fast enough to be compared with itself: what identical sequential runs are known to show. */
const UNKNOWN_NOISE = { latencyRatio: { point: 1, low: 0.7, high: 1.43 }, cpuRatio: null, requests: 0 };
