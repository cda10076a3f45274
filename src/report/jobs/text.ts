import type { Counts, JobPlan, JobReport, JobRun } from '../../model/job.js';

/** A job as `jobs list` shows it. */
export interface ListedJob {
  readonly name: string;
  readonly kind: string;
  readonly summary: string;
  readonly schedule: string | null;
  readonly timezone: string;
  readonly catchUp: string;
  /** The latest run of each target. */
  readonly lastRuns: readonly JobRun[];
}

/** Writes the list of jobs as text, a paragraph each. */
export function renderJobs(jobs: readonly ListedJob[]): string {
  return `${jobs.map(renderJob).join('\n\n')}\n`;
}

function renderJob(job: ListedJob): string {
  const when = job.schedule === null ? 'no schedule: runs by hand alone' : `${job.schedule} (${job.timezone})`;
  const runs = job.lastRuns.map(
    (run) => `  last on ${run.target}: ${run.status} ${run.finishedAt ?? run.startedAt}${describeCounts(run.counts)}`,
  );
  return [`${job.name}  [${job.kind}]  ${when}`, `  ${job.summary}`, ...runs].join('\n');
}

/** Writes what a run came to, or what it would do. */
export function renderJobReport(report: JobReport): string {
  const head =
    report.plan === null
      ? `${report.job}: ${report.status}${describeCounts(report.counts)}`
      : `${report.job}: planned, nothing changed`;
  const error = report.error === null ? [] : [`  ${report.error}`];
  return `${[head, ...error, ...(report.plan === null ? [] : renderPlan(report.plan))].join('\n')}\n`;
}

function renderPlan(plan: JobPlan): readonly string[] {
  return [
    ...(plan.strategy === null ? [] : [`  strategy  ${plan.strategy}: ${plan.why}`]),
    ...Object.entries(plan.rows).map(([reason, rows]) => `  ${reason === 'total' ? 'rows' : `  ${reason}`}  ${rows}`),
    ...Object.entries(plan.kept).map(([reason, rows]) => `  kept, ${reason}  ${rows}`),
    `  about ${plan.batches} batches, ${Math.round(plan.walBytes / 1e6)} MB of WAL, ${Math.round(plan.seconds)} s`,
  ];
}

function describeCounts(counts: Counts): string {
  const parts = Object.entries(counts).map(([name, count]) => `${name} ${count}`);
  return parts.length === 0 ? '' : `, ${parts.join(', ')}`;
}
