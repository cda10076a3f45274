import type { Counts, JobPlan, JobReport, JobRun } from '../../model/job.js';
import { formatBytes, formatCount, formatDuration, plural } from '../units.js';

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
  const plan = report.plan === null ? [] : renderPlan(report.plan);
  return `${[head, ...error, ...plan, ...renderDetail(report.detail ?? report.plan?.detail)].join('\n')}\n`;
}

function renderPlan(plan: JobPlan): readonly string[] {
  const strategy =
    plan.strategy === null ? [] : [`  ${plan.strategy}`, ...plan.why.split('\n').map((line) => `    ${line}`)];
  const { total, ...reasons } = plan.rows;
  const rows = Object.entries(reasons).map(([reason, count]) => `    ${formatCount(count)} ${wordsOf(reason)}`);
  const kept = Object.entries(plan.kept).map(([reason, count]) => `    ${formatCount(count)} ${wordsOf(reason)}`);
  return [
    ...strategy,
    `  ${plural(total, 'row')}`,
    ...rows,
    ...(kept.length === 0 ? [] : ['  kept', ...kept]),
    `  about ${plural(plan.batches, 'batch', 'batches')}, ${formatBytes(plan.walBytes)} of WAL, ${formatDuration(plan.seconds * 1000)}`,
  ];
}

/** `revokedUntilExpiry` as people write it. */
function wordsOf(reason: string): string {
  return reason.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

/** What a kind has to tell in its own way, a line for each thing in a list. */
function renderDetail(detail: unknown): readonly string[] {
  if (typeof detail !== 'object' || detail === null) return [];
  return Object.entries(detail).flatMap(([name, value]) =>
    Array.isArray(value)
      ? value.map((each) => `  ${name}  ${JSON.stringify(each)}`)
      : [`  ${name}  ${typeof value === 'string' ? value : JSON.stringify(value)}`],
  );
}

function describeCounts(counts: Counts): string {
  const parts = Object.entries(counts).map(([name, count]) => `${name} ${count}`);
  return parts.length === 0 ? '' : `, ${parts.join(', ')}`;
}
