import { checkRules } from '../advise/detect.js';
import { advise } from '../advise/run.js';
import { readMigrations } from '../migrate/files.js';
import { writeIndexMigrations } from '../migrate/write.js';
import type { AdviceReport } from '../model/advice.js';
import { renderAdviceHtml } from '../report/advice/html.js';
import { renderAdviceJson } from '../report/advice/json.js';
import { renderAdviceMarkdown } from '../report/advice/markdown.js';
import { renderAdviceSarif } from '../report/advice/sarif.js';
import { renderAdviceText } from '../report/advice/text.js';
import type { Settings } from '../settings-schema.js';
import type { CommandContext } from './command.js';
import { requireDatabase } from './database.js';
import { exitStatusOf } from './exit-status.js';

/** Does what `pgsteward advise` is asked for and gives its exit status. */
export async function runAdvise(context: CommandContext): Promise<number> {
  const { settings } = context;
  checkRules(settings.advise.rules);
  const report = await withMigrations(await adviseWith(context), settings, context.version);
  await context.writeResult(render(report, context), settings.advise.output);
  return exitStatusOf(report, settings.advise.failOn);
}

async function adviseWith({ settings, version, progress, signal }: CommandContext): Promise<AdviceReport> {
  const { workload, planner, statementTimeout, maxIndexBytes, maxIndexColumns, rules, ignore } = settings.advise;
  const { verify, scratchUrl, snapshot, replicaUrl } = settings.advise;
  return advise({
    url: snapshot === undefined ? requireDatabase(settings) : null,
    snapshotFile: snapshot ?? null,
    replicaUrls: replicaUrl,
    workload,
    planner,
    statementTimeoutMs: statementTimeout,
    indexBytesMax: maxIndexBytes ?? null,
    indexColumnsMax: maxIndexColumns,
    rules,
    ignore,
    scratchUrl: verify === 'execute' ? (scratchUrl ?? null) : null,
    plannerScratchUrl: scratchUrl ?? null,
    version,
    progress,
    signal,
    now: () => new Date(),
  });
}

/** Writes the migrations that were asked for and names them in the findings. */
async function withMigrations(report: AdviceReport, settings: Settings, version: string): Promise<AdviceReport> {
  const dir = settings.advise.writeMigrations;
  if (dir === undefined) return report;
  const dirs = settings.advise.migrationsDir === undefined ? settings.migrations.dirs : [settings.advise.migrationsDir];
  const existing = dirs.length === 0 ? null : await readMigrations(dirs);
  const options = { toolVersion: version, now: new Date(), existing };
  return { ...report, findings: await writeIndexMigrations(dir, report.findings, options) };
}

function render(report: AdviceReport, context: CommandContext): string {
  const toFile = context.settings.advise.output !== undefined;
  switch (context.settings.advise.format) {
    case 'json':
      return renderAdviceJson(report);
    case 'markdown':
      return renderAdviceMarkdown(report);
    case 'html':
      return renderAdviceHtml(report);
    case 'sarif':
      return renderAdviceSarif(report);
    case 'text':
      return renderAdviceText(report, { color: context.color && !toFile, width: context.width });
  }
}
