import { readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { advise } from '../advise/run.js';
import { runBench } from '../bench/run.js';
import { type EmbeddedServer, startServer } from '../embedded/server.js';
import { messageOf, StewardError } from '../errors.js';
import { makeFolder } from '../folders.js';
import { readMigrations } from '../migrate/files.js';
import { migrateUp } from '../migrate/up.js';
import { writeIndexMigrations } from '../migrate/write.js';
import type { AdviceReport } from '../model/advice.js';
import type { BenchReport } from '../model/bench.js';
import type { Progress } from '../model/progress.js';
import { renderAdviceHtml } from '../report/advice/html.js';
import { renderAdviceJson } from '../report/advice/json.js';
import { removeEarlierMigrations } from './earlier-migrations.js';
import { hotQueries, makeSlowFleet } from './slow-fleet.js';

export interface DemoOptions {
  readonly scale: 'small' | 'full';
  /** Folder for migrations and reports; made where it is not there. */
  readonly output: string;
  readonly version: string;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  /** Called with the result and the database's URL while that still runs. */
  onDone(result: DemoResult, url: string): Promise<void>;
}

export interface DemoResult {
  readonly advice: AdviceReport;
  readonly bench: BenchReport;
  /** Migration files that were written. */
  readonly files: readonly string[];
  readonly reportPath: string;
  readonly durationMs: number;
}

const DATABASE = 'fleet';
const BENCH_BUDGET_MS = 40_000;
const STATEMENT_TIMEOUT_MS = 30_000;

/**
 * Runs the whole loop on a private server: the fleet as its audit found it, its real statements, advice from
 * pg_stat_statements, migrations, a bench of them on two clones, the same migrations on the fleet itself, a report.
 */
export async function runDemo(options: DemoOptions): Promise<void> {
  const startedAt = performance.now();
  const migrationsDir = join(options.output, 'migrations');
  await requireFolder(migrationsDir);
  await removeEarlierMigrations(migrationsDir);
  const server = await startWithProgress(options.progress);
  try {
    const url = await makeSlowFleet(server, DATABASE, options);
    options.signal.throwIfAborted();
    const advice = await adviseFleet(url, options);
    const findings = await writeIndexMigrations(migrationsDir, advice.findings, {
      toolVersion: options.version,
      now: new Date(),
    });
    const result = { ...advice, findings };
    const files = [...new Set(findings.flatMap((finding) => finding.fix?.files ?? []))];
    const bench = await benchFleet(url, migrationsDir, options);
    await migrateUp(url, await readMigrations([migrationsDir]), { progress: options.progress, signal: options.signal });
    const reportPath = await writeReports(result, bench, { files, output: options.output });
    const durationMs = performance.now() - startedAt;
    await options.onDone({ advice: result, bench, files, reportPath, durationMs }, url);
  } finally {
    await server.stop();
  }
}

async function requireFolder(path: string): Promise<void> {
  try {
    await makeFolder(path);
  } catch (error) {
    throw new StewardError('runtime', `the folder ${path} cannot be made: ${messageOf(error)}`, {
      hint: 'name another folder with --output',
      cause: error,
    });
  }
}

async function startWithProgress(progress: Progress): Promise<EmbeddedServer> {
  const step = progress.step('starting PostgreSQL');
  const server = await startServer();
  step.end(`PostgreSQL ${server.version}`);
  return server;
}

function adviseFleet(url: string, { version, progress, signal }: DemoOptions): Promise<AdviceReport> {
  return advise({
    url,
    workload: ['pgss'],
    planner: 'twin',
    statementTimeoutMs: STATEMENT_TIMEOUT_MS,
    indexBytesMax: null,
    indexColumnsMax: 4,
    rules: [],
    ignore: [],
    version,
    progress,
    signal,
    now: () => new Date(),
  });
}

async function benchFleet(url: string, migrationsDir: string, { progress, signal }: DemoOptions): Promise<BenchReport> {
  const folder = await readMigrations([migrationsDir]);
  return runBench({
    url,
    queries: await hotQueries(url),
    migrations: {
      names: folder.migrations.map((migration) => basename(migration.up.path)),
      apply: async (clone) => {
        await migrateUp(clone, folder, { partOfSet: true, signal });
      },
    },
    budgetMs: BENCH_BUDGET_MS,
    seed: 1,
    progress,
    signal,
  });
}

async function writeReports(
  advice: AdviceReport,
  bench: BenchReport,
  { files, output }: { readonly files: readonly string[]; readonly output: string },
): Promise<string> {
  const migrations = await Promise.all(
    files.map(async (file) => ({ name: basename(file), sql: await readFile(file, 'utf8') })),
  );
  const reportPath = join(output, 'report.html');
  await writeFile(reportPath, renderAdviceHtml(advice, { bench, migrations }));
  await writeFile(join(output, 'advice.json'), renderAdviceJson(advice));
  await writeFile(join(output, 'bench.json'), `${JSON.stringify(bench, null, 2)}\n`);
  return reportPath;
}
