import { statSync } from 'node:fs';
import { basename } from 'node:path';
import { refuseBusyServer } from '../bench/busy.js';
import { OPEN_GATE, readGateFile } from '../bench/gate-file.js';
import { appendHistory, readHistory } from '../bench/history.js';
import { readBenchReport } from '../bench/report-file.js';
import { type BenchOptions, runBench } from '../bench/run.js';
import { readMigrationFile, readMigrations } from '../migrate/files.js';
import { migrateUp } from '../migrate/up.js';
import type { BenchReport } from '../model/bench.js';
import type { MigrationFolder } from '../model/migration.js';
import { renderBenchHtml } from '../report/bench/html.js';
import { renderBenchJson } from '../report/bench/json.js';
import { renderBenchJunit } from '../report/bench/junit.js';
import { renderBenchMarkdown } from '../report/bench/markdown.js';
import { renderBenchText } from '../report/bench/text.js';
import type { Settings } from '../settings-schema.js';
import { jobsInTurns } from './bench-jobs.js';
import { scenarioFrom } from './bench-scenario.js';
import type { CommandContext } from './command.js';
import { requireDatabase } from './database.js';

/** Does what `pgsteward bench` is asked for and gives its exit status. */
export async function runBenchCommand(context: CommandContext): Promise<number> {
  const { format, output, history } = context.settings.bench;
  const earlier = history === undefined ? [] : readHistory(history);
  const measured = await benchWith(context);
  const report = history === undefined ? measured : { ...measured, history: earlier };
  await context.writeResult(RENDERERS[format](report), output);
  if (history !== undefined) appendHistory(history, report);
  return exitStatusOf(report);
}

const RENDERERS: Readonly<Record<Settings['bench']['format'], (report: BenchReport) => string>> = {
  text: renderBenchText,
  json: renderBenchJson,
  html: renderBenchHtml,
  junit: renderBenchJunit,
  markdown: renderBenchMarkdown,
};

async function benchWith(context: CommandContext): Promise<BenchReport> {
  const { settings, progress, signal } = context;
  const { queries, driver, budget, seed, gate, baseline, iKnow, rate, arrivals, besideJobs, cache } = settings.bench;
  const beside = besideJobs.length === 0 ? {} : { beside: jobsInTurns(context, besideJobs) };
  const databases = await databasesOf(settings, signal);
  const limits = gate === undefined ? OPEN_GATE : readGateFile(gate);
  const earlier = baseline === undefined ? null : readBenchReport(baseline, '--baseline FILE');
  if (!iKnow) await refuseBusyServer(databases.url);
  return runBench({
    ...databases,
    queries: await scenarioFrom(databases.url, queries, context),
    driver,
    cache,
    budgetMs: budget,
    seed,
    gate: limits,
    baseline: earlier,
    ...(rate === undefined ? {} : { rate, arrivals, ...beside }),
    progress,
    signal,
  });
}

async function databasesOf(
  settings: Settings,
  signal: AbortSignal,
): Promise<Pick<BenchOptions, 'url' | 'given' | 'migrations'>> {
  const { beforeUrl, afterUrl, migrations } = settings.bench;
  if (beforeUrl !== undefined && afterUrl !== undefined) {
    const none = { names: [], apply: async () => undefined };
    return { url: beforeUrl, given: { beforeUrl, afterUrl }, migrations: none };
  }
  const folder = await migrationsAt(migrations ?? '');
  const apply = async (clone: string) => {
    await migrateUp(clone, folder, { partOfSet: true, signal });
  };
  const names = folder.migrations.map((migration) => basename(migration.up.path));
  return { url: requireDatabase(settings), migrations: { names, apply } };
}

async function migrationsAt(path: string): Promise<MigrationFolder> {
  const isFile = statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
  return isFile ? readMigrationFile(path) : readMigrations([path]);
}

/** 1: the gate failed; 4: a query could not be told apart from noise, so that nobody knows. */
function exitStatusOf({ gate, queries }: BenchReport): number {
  if (!gate.passed) return 1;
  return queries.some((query) => query.verdict === 'inconclusive') ? 4 : 0;
}
