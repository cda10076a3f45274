import { checkRules } from '../advise/detect.js';
import { followLogs } from '../advise/live/follow-logs.js';
import type { Observed } from '../advise/live/observed.js';
import { watchLoops } from '../advise/live/watch-loops.js';
import { advise } from '../advise/run.js';
import { readMigrations } from '../migrate/files.js';
import { writeIndexMigrations } from '../migrate/write.js';
import type { AdviceReport } from '../model/advice.js';
import { renderAdviceHtml } from '../report/advice/html.js';
import { renderAdviceJson, renderAdviceLine } from '../report/advice/json.js';
import { renderAdviceMarkdown } from '../report/advice/markdown.js';
import { renderAdviceSarif } from '../report/advice/sarif.js';
import { renderAdviceText, renderFindingsText } from '../report/advice/text.js';
import type { Settings } from '../settings-schema.js';
import { migrationRuleIds, withLint } from './advise-migrations.js';
import type { CommandContext } from './command.js';
import { requireDatabase } from './database.js';
import { exitStatusOf } from './exit-status.js';

/** Does what `pgsteward advise` is asked for and gives its exit status. */
export async function runAdvise(context: CommandContext): Promise<number> {
  const { settings } = context;
  // What is no rule of a database may be one of the folder of migrations that is named.
  checkRules(settings.advise.rules, settings.advise.migrationsDir === undefined ? [] : migrationRuleIds);
  const observed = await observe(context);
  const advised = await withLint(await adviseWith(context, observed), context);
  const report = await withMigrations(advised, settings, context.version);
  await context.writeResult(render(report, context), settings.advise.output);
  return exitStatusOf(report, settings.advise.failOn);
}

/** Waits as long as was asked for, or until Ctrl-C, and gives what was seen; nothing where nobody asked to wait. */
async function observe(context: CommandContext): Promise<Observed> {
  const { settings, version, progress, untilStopped } = context;
  const { follow, watch, workload, rules, ignore, snapshot, statementTimeout: statementTimeoutMs } = settings.advise;
  const url = snapshot === undefined ? requireDatabase(settings) : null;
  if (watch !== undefined && url !== null)
    return untilStopped((stop) => watchLoops({ url, durationMs: watch, statementTimeoutMs, progress, stop }));
  if (!follow) return {};
  let told = 0;
  const tell = async (report: AdviceReport) => {
    await context.writeResult(renderNew(report, told, context), undefined);
    told += report.findings.length;
  };
  const known = { url, snapshotFile: snapshot ?? null, workload, rules, ignore, statementTimeoutMs, version, progress };
  return untilStopped((stop) => followLogs({ ...known, stop, tell, now: () => new Date() }));
}

async function adviseWith(context: CommandContext, observed: Observed): Promise<AdviceReport> {
  const { settings, version, progress, signal } = context;
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
    observed,
    comparesRewrites: verify !== 'none',
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

/** Gives findings while the log goes on: what follows them is the report. */
function renderNew(report: AdviceReport, told: number, context: CommandContext): string {
  if (context.settings.advise.format === 'json') return renderAdviceLine(report);
  return renderFindingsText(report.findings, { color: context.color, width: context.width, from: told + 1 });
}

function render(report: AdviceReport, context: CommandContext): string {
  const toFile = context.settings.advise.output !== undefined;
  switch (context.settings.advise.format) {
    case 'json':
      return context.settings.advise.follow ? renderAdviceLine(report) : renderAdviceJson(report);
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
