import { statSync } from 'node:fs';
import { basename } from 'node:path';
import { collect } from '../advise/collect.js';
import { sampleParameters } from '../advise/sample-parameters.js';
import { runBench } from '../bench/run.js';
import type { BenchScenarioQuery } from '../bench/scenario.js';
import { scenarioOf } from '../bench/scenario-of-workload.js';
import { StewardError } from '../errors.js';
import { readMigrationFile, readMigrations } from '../migrate/files.js';
import { migrateUp } from '../migrate/up.js';
import type { BenchReport } from '../model/bench.js';
import type { MigrationFolder } from '../model/migration.js';
import { openTarget } from '../planner/target.js';
import { renderBenchJson } from '../report/bench/json.js';
import { renderBenchText } from '../report/bench/text.js';
import type { CommandContext } from './command.js';
import { requireDatabase } from './database.js';

const STATEMENT_TIMEOUT_MS = 30_000;

/** Does what `pgsteward bench` is asked for and gives its exit status. */
export async function runBenchCommand(context: CommandContext): Promise<number> {
  const report = await benchWith(context);
  const { format, output } = context.settings.bench;
  await context.writeResult(format === 'json' ? renderBenchJson(report) : renderBenchText(report), output);
  return exitStatusOf(report);
}

async function benchWith(context: CommandContext): Promise<BenchReport> {
  const { settings, progress, signal } = context;
  const url = requireDatabase(settings);
  const { migrations, queries, driver, budget, seed } = settings.bench;
  const folder = await migrationsAt(migrations ?? '');
  return runBench({
    url,
    queries: await scenarioFrom(url, queries, context),
    migrations: {
      names: folder.migrations.map((migration) => basename(migration.up.path)),
      apply: async (clone) => {
        await migrateUp(clone, folder, { partOfSet: true, signal });
      },
    },
    driver,
    budgetMs: budget,
    seed,
    progress,
    signal,
  });
}

async function scenarioFrom(
  url: string,
  specs: readonly string[],
  context: CommandContext,
): Promise<readonly BenchScenarioQuery[]> {
  const collected = await collect({
    url,
    workload: specs,
    statementTimeoutMs: STATEMENT_TIMEOUT_MS,
    progress: context.progress,
    signal: context.signal,
  });
  const planner = await openTarget(url);
  try {
    const sampled = await sampleParameters(collected, planner);
    if (sampled.length > 0) return scenarioOf(sampled);
  } finally {
    await planner.close();
  }
  const reasons = collected.workload.skipped.map(({ reason, count }) => `${count} × ${reason}`).join('; ');
  throw new StewardError(
    'usage',
    `${specs.join(', ')} holds no statement that the server can prepare${reasons === '' ? '' : `: ${reasons}`}`,
    { hint: 'mend those statements, or name others with --queries' },
  );
}

async function migrationsAt(path: string): Promise<MigrationFolder> {
  const isFile = statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
  return isFile ? readMigrationFile(path) : readMigrations([path]);
}

/** 1: the gate failed; 4: nothing could be told apart from noise. */
function exitStatusOf(report: BenchReport): number {
  if (!report.gate.passed) return 1;
  const undecided = report.queries.every((query) => query.verdict === 'inconclusive');
  return undecided && report.queries.length > 0 ? 4 : 0;
}
