import type { Dashboard, DashboardJob, LiveRun } from '../../model/dashboard.js';
import type { Counts, JobRun } from '../../model/job.js';
import { table } from '../advice/html/table.js';
import { type Markup, markup, nothing } from '../markup.js';
import { formatCount, formatDuration, plural } from '../units.js';
import { moment } from './moments.js';
import { section } from './section.js';

/** Most targets of a job that are named one by one. */
const NAMED_TARGETS = 5;

/** Gives the runs under way at all replicas, with what they have done so far. */
export function runningSection({ running, generatedAt }: Dashboard): Markup {
  const rows = running.map((run) => [
    markup`${run.job} <small>${run.target}</small>`,
    moment(run.startedAt, generatedAt),
    countsOf(run.counts),
    paceOf(run.live),
  ]);
  const columns = [{ title: 'Job' }, { title: 'Began' }, { title: 'Done so far' }, { title: 'Pace' }];
  return section('running', 'Under way', {
    body:
      rows.length === 0 ? markup`<p>Nothing runs at the moment.</p>` : table({ class: 'queries runs', columns, rows }),
  });
}

function paceOf(live: LiveRun | null): Markup {
  if (live === null) return markup`<small>at another replica</small>`;
  const { batches, batchMs, heldBy } = live;
  const last = batches === 0 ? nothing : markup` <small>the last took ${formatDuration(batchMs)}</small>`;
  const held = heldBy === null ? nothing : markup` <small class="problem">held back by ${heldBy}</small>`;
  return markup`${plural(batches, 'batch', 'batches')}${last}${held}`;
}

/** Gives every job: when it runs next, and how it last ended. */
export function jobsSection({ jobs, generatedAt }: Dashboard): Markup {
  const rows = jobs.map((job) => [
    markup`${job.name} <small>${job.summary}</small>`,
    job.schedule === null
      ? markup`<small>by hand alone</small>`
      : markup`<code>${job.schedule}</code> <small>${job.timezone}</small>`,
    job.nextFireAt === null ? markup`–` : moment(job.nextFireAt, generatedAt),
    lastRuns(job, generatedAt),
  ]);
  const columns = [{ title: 'Job' }, { title: 'Schedule' }, { title: 'Next' }, { title: 'Last' }];
  return section('jobs', 'Jobs', { body: table({ class: 'queries runs', columns, rows }) });
}

/** Gives the latest runs that have ended, at all replicas. */
export function endedSection({ ended, generatedAt }: Dashboard): Markup {
  const rows = ended.map((run) => [
    markup`${run.job} <small>${run.target}</small>`,
    markup`${statusOf(run)}${run.error === null ? nothing : markup` <small>${run.error}</small>`}`,
    moment(run.startedAt, generatedAt),
    markup`${tookOf(run)}`,
    countsOf(run.counts),
  ]);
  const columns = [{ title: 'Job' }, { title: 'Ended' }, { title: 'Began' }, { title: 'Took' }, { title: 'Done' }];
  return section('ended', 'Latest runs', {
    body: rows.length === 0 ? markup`<p>No run has ended yet.</p>` : table({ class: 'queries runs', columns, rows }),
  });
}

function lastRuns({ targets }: DashboardJob, nowIso: string): Markup {
  const overdue = targets
    .filter(({ overdueSince }) => overdueSince !== null)
    .map(({ target }) => markup`<div><span class="status overdue">overdue</span> <small>${target}</small></div>`);
  const ran = targets.flatMap(({ lastRun }) => (lastRun === null ? [] : [lastRun]));
  if (ran.length <= NAMED_TARGETS) {
    const lines = ran.map(
      (run) =>
        markup`<div>${statusOf(run)} ${moment(run.startedAt, nowIso)}${targets.length > 1 ? markup` <small>${run.target}</small>` : nothing}</div>`,
    );
    return ran.length + overdue.length === 0 ? markup`<small>never</small>` : markup`${overdue}${lines}`;
  }
  const failed = ran.filter(({ status }) => status === 'failed').map(({ target }) => target);
  const named = failed.slice(0, NAMED_TARGETS).join(', ');
  const failures =
    failed.length === 0
      ? nothing
      : markup`<div><span class="status failed">failed</span> <small>on ${plural(failed.length, 'target')}: ${named}</small></div>`;
  return markup`${overdue}${failures}<div>${ran.length - failed.length} of ${plural(targets.length, 'target')} well</div>`;
}

function statusOf({ status }: JobRun): Markup {
  return markup`<span class="status ${status}">${status}</span>`;
}

function tookOf({ startedAt, finishedAt }: JobRun): string {
  return finishedAt === null ? '–' : formatDuration(Math.max(1, Date.parse(finishedAt) - Date.parse(startedAt)));
}

function countsOf(counts: Counts): Markup {
  const parts = Object.entries(counts).map(([name, count]) => `${wordsOf(name)} ${formatCount(count)}`);
  return markup`${parts.length === 0 ? '–' : parts.join(', ')}`;
}

/** Names of counts are one word of several: `timedOut` reads as `timed out`. */
function wordsOf(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
