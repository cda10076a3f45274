import type { Dashboard } from '../../model/dashboard.js';
import { table } from '../advice/html/table.js';
import { runBars } from '../charts/run-bars.js';
import { shareBar } from '../charts/share-bar.js';
import { type Markup, markup, nothing, trusted } from '../markup.js';
import { formatCount, formatDuration, formatNumber } from '../units.js';
import { formatMoment, moment } from './moments.js';
import { section } from './section.js';

/** Gives how long each brake has held runs of this replica back. */
export function throttlingSection({ held }: Dashboard): Markup {
  const most = Math.max(0, ...held.map(({ seconds }) => seconds));
  const rows = held.map(({ brake, job, seconds }) => {
    const text = formatDuration(seconds * 1000);
    return [
      markup`${brake}`,
      markup`${job}`,
      markup`${text}`,
      trusted(shareBar(`Time for which ${brake} held ${job} back`, { value: seconds, most, text })),
    ];
  });
  const columns = [{ title: 'Cause' }, { title: 'Job' }, { title: 'Held for' }, { title: 'Share' }];
  return section('throttling', 'Held back', {
    note: 'By cause, at this replica since it began.',
    body:
      rows.length === 0
        ? markup`<p>No brake has held a run back.</p>`
        : table({ class: 'queries runs', columns, rows }),
  });
}

/** Gives what each purge deletes, how fast rows come due, and how many must have since its last run. */
export function purgesSection({ backlogs }: Dashboard): Markup {
  if (backlogs.length === 0) return nothing;
  const rows = backlogs.map(({ job, target, arrivalPerSecond, rowsEstimate, runs }) => [
    markup`${job} <small>${target}</small>`,
    markup`${formatNumber(arrivalPerSecond * 3600)} <small>rows an hour</small>`,
    markup`${formatCount(rowsEstimate)} <small>rows, estimated</small>`,
    trusted(
      runBars(
        job,
        runs.map(({ startedAt, deleted }) => ({ time: formatMoment(startedAt), rows: deleted })),
      ),
    ),
  ]);
  const columns = [{ title: 'Purge' }, { title: 'Arrival' }, { title: 'Backlog' }, { title: 'Deleted by run' }];
  return section('purges', 'Purges', {
    note: 'A run that succeeds deletes all that has come due since the one before: that gives the arrival, and with the time since then the backlog.',
    body: table({ class: 'queries runs', columns, rows }),
  });
}

/** Gives the time-outs of the last days by type. */
export function timeOutsSection({ timeOuts }: Dashboard): Markup {
  if (timeOuts.length === 0) return nothing;
  const most = Math.max(...timeOuts.map(({ count }) => count));
  const rows = timeOuts.map(({ type, count, waitedSecondsMean }) => [
    markup`${type}`,
    markup`${formatCount(count)}`,
    markup`${waitedSecondsMean === null ? '–' : formatDuration(waitedSecondsMean * 1000)}`,
    trusted(shareBar(`Time-outs of ${type}`, { value: count, most, text: formatCount(count) })),
  ]);
  const columns = [{ title: 'Type' }, { title: 'Time-outs' }, { title: 'Mean wait' }, { title: 'Share' }];
  return section('time-outs', 'Time-outs by type', {
    note: 'Commands of the fleet, of the last 7 days.',
    body: table({ class: 'queries runs', columns, rows }),
  });
}

/** Gives the findings that are open, as the job `advise` last saw them. */
export function findingsSection({ findings, generatedAt }: Dashboard): Markup {
  if (findings.length === 0) return nothing;
  const rows = findings.map(({ target, ruleId, severity, title, firstSeenAt }) => [
    markup`${title} <small>${ruleId}</small>`,
    markup`<span class="severity ${severity}">${severity}</span>`,
    markup`${target}`,
    moment(firstSeenAt, generatedAt),
  ]);
  const columns = [{ title: 'Finding' }, { title: 'Severity' }, { title: 'Target' }, { title: 'First seen' }];
  return section('findings', 'Open findings', { body: table({ class: 'queries runs', columns, rows }) });
}
