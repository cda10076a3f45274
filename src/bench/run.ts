import { StewardError } from '../errors.js';
import type { BenchReport } from '../model/bench.js';
import type { BenchDriver } from '../model/bench-load.js';
import { type Progress, silentProgress } from '../model/progress.js';
import { openSession } from '../postgres/session.js';
import { toolVersion } from '../tool-version.js';
import { requireSameData } from './baseline.js';
import { type BenchDatabases, type BenchMigrations, makeClones } from './clone.js';
import { openCacheEviction, requireEvictable } from './cold-cache.js';
import { readData } from './data.js';
import { type ExactScenario, readExactScenario } from './exact-scenario.js';
import { type Gate, OPEN_GATE, requireKnownQueries } from './gate-file.js';
import { useGivenDatabases } from './given-databases.js';
import type { BenchEffort } from './load.js';
import { type DriverRuns, runDrivers } from './load-drivers.js';
import type { Arrivals } from './open-loop/arrivals.js';
import type { BackgroundWork } from './open-loop/measure-beside.js';
import { besideLoad, driversShare, type LoadRun, openLoad } from './rated-load.js';
import type { BenchScenarioQuery } from './scenario.js';
import { readGivenSource, readSource, type Source } from './source.js';
import { summarise } from './summarise.js';
import { measureWrites } from './writes.js';

export interface BenchOptions {
  /** The database to clone; it is read for the copy and never changed. Nobody else may be connected to it. */
  readonly url: string;
  /** Two databases that are there already, in place of clones of `url`; `migrations` then only name the difference. */
  readonly given?: { readonly beforeUrl: string; readonly afterUrl: string };
  readonly queries: readonly BenchScenarioQuery[];
  readonly migrations: BenchMigrations;
  /** Whose latency the verdicts use: `both`, the default, uses HTTP's and reports direct latency beside it. */
  readonly driver?: BenchDriver | 'both';
  /** Time for everything, the clones included. */
  readonly budgetMs: number;
  /** Ends measuring before the time is used up; without it the whole budget is used. */
  readonly effort?: BenchEffort;
  /** Requests a second at which the mix of all queries also runs in an open loop; `auto` takes it from the capacity. */
  readonly rate?: number | 'auto';
  /** How the requests of `rate` follow each other; `poisson` where not given. */
  readonly arrivals?: Arrivals;
  /** What else goes on in the clones while the mix runs once more at the rate; it may change their rows. */
  readonly beside?: BackgroundWork;
  /** Whether each call meets an empty cache of the server; only over `pg` and on clones. `warm` where not given. */
  readonly cache?: 'warm' | 'cold';
  /** Seed of the resampling: one seed and one set of measurements give one report. */
  readonly seed: number;
  readonly gate?: Gate;
  /** An earlier report that limits are also checked against; one of other rows is refused. */
  readonly baseline?: BenchReport | null;
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
    const { given } = options;
    const source = await (given === undefined ? readSource(options.url) : readGivenSource(given.beforeUrl));
    if (options.cache === 'cold') requireEvictable(source, given !== undefined);
    const databases = await (given === undefined ? cloneWithProgress(run, source) : useGivenDatabases(given));
    try {
      return await measure(run, source, databases);
    } finally {
      await databases.drop();
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

interface Run extends LoadRun {
  readonly startedAt: string;
  elapsedMs(): number;
}

function requireScenario({ queries, budgetMs, gate = OPEN_GATE }: BenchOptions): void {
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
  requireKnownQueries(gate, names);
}

async function cloneWithProgress(run: Run, source: Source): Promise<BenchDatabases> {
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

async function measure(run: Run, source: Source, databases: BenchDatabases): Promise<BenchReport> {
  const { options, progress } = run;
  const { queries, gate = OPEN_GATE, baseline = null, seed } = options;
  const statementTimeoutMs = Math.max(1_000, options.budgetMs * CALL_SHARE);
  const signal = options.signal === undefined ? {} : { signal: options.signal };
  const migrationLocks = databases.migration?.locks ?? null;
  const data = await readDataOf(databases.beforeUrl);
  if (baseline !== null) requireSameData(baseline, { data, major: source.major });
  const exact = await readExactScenario({
    clones: databases,
    queries,
    budgetMs: run.remainingMs() * EXACT_SHARE,
    statementTimeoutMs,
    progress,
    ...signal,
  });
  const writes = await measureWrites({
    clones: databases,
    budgetMs: run.remainingMs() * WRITES_SHARE,
    progress,
    ...signal,
  });
  const load = await openLoad(run, databases, { exact, statementTimeoutMs });
  const drivers = await driversOn(run, databases, { exact, statementTimeoutMs });
  const beside = load === null ? null : await besideLoad(run, databases, { exact, statementTimeoutMs, load });
  return {
    schemaVersion: 1,
    tool: { name: 'pgsteward', version: toolVersion() },
    startedAt: run.startedAt,
    server: { version: source.version, major: source.major },
    data,
    driver: drivers.primary.kind,
    ...summarise({ queries, exact, ...drivers, ...writes, gate, baseline, load, migrationLocks, seed }),
    ...writes,
    load: load === null || beside === null ? load : { ...load, beside },
    baseline: baseline === null ? null : { startedAt: baseline.startedAt },
    migrations: options.migrations.names,
    migrationMs: databases.migration?.durationMs ?? null,
    migrationLocks,
    durationMs: Math.round(run.elapsedMs()),
  };
}

async function driversOn(
  { options, progress, remainingMs }: Run,
  databases: BenchDatabases,
  { exact, statementTimeoutMs }: { readonly exact: ExactScenario; readonly statementTimeoutMs: number },
): Promise<DriverRuns> {
  const { cache, driver = 'both', queries, seed, signal, effort } = options;
  const eviction = cache === 'cold' ? await openCacheEviction(databases) : null;
  try {
    return await runDrivers({
      targets: { ...databases, statementTimeoutMs, ...(eviction === null ? {} : { eviction }) },
      ...{ driver, queries, exact, budgetMs: remainingMs() * driversShare(options), seed, progress },
      ...(signal === undefined ? {} : { signal }),
      ...(effort === undefined ? {} : { effort }),
    });
  } finally {
    await eviction?.close();
  }
}

async function readDataOf(url: string): Promise<BenchReport['data'] & object> {
  const session = await openSession(url, { applicationName: 'pgsteward bench', readOnly: true });
  try {
    return await readData(session);
  } finally {
    await session.close();
  }
}
