import { StewardError } from '../errors.js';
import type { JobDefinition } from '../jobs/definitions.js';
import { ownTables, ownTablesExist } from '../migrate/own-tables.js';
import type { JobReport, JobRun } from '../model/job.js';
import { saysDiskIsFull } from '../postgres/database-failure.js';
import { type ListedJob, renderJobReport, renderJobs } from '../report/jobs/text.js';
import type { Settings } from '../settings-schema.js';
import { RunList } from '../worker/run-list.js';
import type { CommandContext } from './command.js';
import { configuredJobs, jobNamed } from './configured-jobs.js';
import { requireWritableFile } from './destination.js';
import { planOnce, runOnce } from './run-once.js';
import { targetOf, targetsOf, withTarget } from './target.js';

/** Does what `pgsteward jobs list` is asked for and gives its exit status. */
export async function runList(context: CommandContext): Promise<number> {
  const { settings } = context;
  const jobs = configuredJobs(settings);
  const runs = settings.databaseUrl === undefined && settings.targets.length === 0 ? [] : await lastRuns(settings);
  const listed = jobs.map((job): ListedJob => describeJob(job, settings, runs));
  const { format, output } = settings.jobRun;
  await context.writeResult(
    format === 'json' ? `${JSON.stringify({ items: listed }, null, 2)}\n` : renderJobs(listed),
    output,
  );
  return 0;
}

/** Does what `pgsteward jobs run` is asked for and gives its exit status. */
export async function runJob(context: CommandContext): Promise<number> {
  const { settings } = context;
  const { format, output } = settings.jobRun;
  const named = onlyJob(configuredJobs(settings), context.operands);
  const job = settings.jobRun.rebuild ? rebuilding(named) : named;
  const target = targetOf(settings);
  if (output !== undefined) requireWritableFile({ path: output, flag: '--output' });
  const report = await (settings.jobRun.dryRun ? planOnce : runOnce)(context, job, target);
  await context.writeResult(
    format === 'json' ? `${JSON.stringify(report, null, 2)}\n` : renderJobReport(report),
    output,
  );
  if (report.status === 'failed' && report.detail === null)
    throw new StewardError('database', `${job.name} failed: ${report.error}`, {
      hint: saysDiskIsFull(report.error ?? '')
        ? 'free some room on the disk of that server, then run it again: it goes on from where it ended'
        : 'pgsteward jobs list shows its last run',
    });
  return exitStatusOf(report);
}

function exitStatusOf({ status }: JobReport): number {
  return { running: 3, succeeded: 0, skipped: 0, failed: 1, cancelled: 3 }[status];
}

function onlyJob(jobs: readonly JobDefinition[], operands: readonly string[]): JobDefinition {
  const [name, ...more] = operands;
  if (name !== undefined && more.length === 0) return jobNamed(jobs, name);
  const names = jobs.map((job) => job.name).join(', ');
  throw new StewardError('usage', 'pgsteward jobs run takes the name of one job', { hint: `the jobs are ${names}` });
}

function rebuilding(job: JobDefinition): JobDefinition {
  const { kind, config, name } = job;
  if (kind.withRebuild !== undefined) return { ...job, config: kind.withRebuild(config) };
  throw new StewardError('usage', `${name} cannot rebuild anything: it is a job of the kind ${kind.kind}`, {
    hint: `run it without --rebuild: pgsteward jobs run ${name}`,
  });
}

async function lastRuns(settings: Settings): Promise<readonly JobRun[]> {
  const wanted = targetsOf(settings).filter(({ name }) => [undefined, name].includes(settings.jobRun.target));
  const perTarget = wanted.map((target) =>
    withTarget(target, async (session) =>
      (await ownTablesExist(session, ownTables(settings.schema))) ? new RunList(settings.schema).lastRuns(session) : [],
    ),
  );
  return (await Promise.all(perTarget)).flat();
}

function describeJob(job: JobDefinition, settings: Settings, runs: readonly JobRun[]): ListedJob {
  return {
    ...{ name: job.name, kind: job.kind.kind, summary: job.kind.summary },
    ...{ schedule: job.schedule, timezone: job.timezone ?? settings.worker.timezone, catchUp: job.catchUp },
    lastRuns: runs.filter((run) => run.job === job.name),
  };
}
