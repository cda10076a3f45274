import type { Dashboard } from '../../model/dashboard.js';
import { type Markup, markup, nothing } from '../markup.js';
import { formatCount, plural } from '../units.js';
import { findingsSection, purgesSection, throttlingSection, timeOutsSection } from './figures-sections.js';
import { endedSection, jobsSection, runningSection } from './jobs-sections.js';
import { formatMoment } from './moments.js';
import { runsPage } from './page.js';

/** Gives the worker's page: its jobs, runs, brakes, purges, time-outs and findings; it reads without a script. */
export function renderDashboard(dashboard: Dashboard): string {
  const body = markup`<a class="skip" href="#running">Skip to the runs</a>
${masthead(dashboard)}
<main>
${obstacles(dashboard)}
${runningSection(dashboard)}
${jobsSection(dashboard)}
${endedSection(dashboard)}
${throttlingSection(dashboard)}
${purgesSection(dashboard)}
${timeOutsSection(dashboard)}
${findingsSection(dashboard)}
</main>
${footer(dashboard)}`;
  return runsPage({ title: `${headline(dashboard)} · pgsteward`, body });
}

function masthead(dashboard: Dashboard): Markup {
  const { version, generatedAt, refreshSeconds } = dashboard;
  const refresh =
    refreshSeconds === null
      ? markup`<a href="/?refresh=10">Refresh every 10 s</a>`
      : markup`refreshed every ${refreshSeconds} s, <a href="/">stop that</a>`;
  return markup`<header class="masthead">
<p class="wordmark">pgsteward <span>${version}</span></p>
<h1>${headline(dashboard)}</h1>
<p class="dateline">As of <time datetime="${generatedAt}">${formatMoment(generatedAt)} UTC</time> · ${refresh}</p>
<dl class="strip">${figures(dashboard)}</dl>
</header>`;
}

function headline({ obstacles: inTheWay, running, jobs }: Dashboard): string {
  if (inTheWay.length > 0) return `This worker is not ready: ${plural(inTheWay.length, 'obstacle')}`;
  if (running.length > 0) return `${plural(running.length, 'run')} under way`;
  const scheduled = jobs.filter(({ schedule }) => schedule !== null).length;
  return scheduled === 0 ? 'No job has a schedule' : `All quiet: ${plural(scheduled, 'job')} on schedule`;
}

function figures({ jobs, running, ended, backlogs, findings }: Dashboard): readonly Markup[] {
  const failed = ended.filter(({ status }) => status === 'failed').length;
  const backlog = backlogs.reduce((sum, { rowsEstimate }) => sum + rowsEstimate, 0);
  return [
    figure('Jobs', String(jobs.length), `${jobs.filter(({ schedule }) => schedule !== null).length} with a schedule`),
    figure('Under way', String(running.length), 'at all replicas'),
    figure('Failed', String(failed), `of the last ${plural(ended.length, 'run')}`),
    figure('To purge, estimated', formatCount(backlog), `rows; ${plural(findings.length, 'open finding')}`),
  ];
}

function figure(term: string, value: string, note: string): Markup {
  return markup`<div><dt>${term}</dt><dd><strong>${value}</strong><span>${note}</span></dd></div>`;
}

function obstacles({ obstacles: inTheWay, missing }: Dashboard): Markup {
  const all = [...inTheWay, ...missing];
  if (all.length === 0) return nothing;
  return markup`<div class="obstacles" role="status"><ul>${all.map((reason) => markup`<li>${reason}</li>`)}</ul></div>`;
}

function footer({ isSignedIn }: Dashboard): Markup {
  const signOut = isSignedIn
    ? markup`<form method="post" action="/sign-out"><button type="submit">Sign out</button></form>`
    : nothing;
  return markup`<footer><p>Times are UTC. Metrics: <a href="/metrics">/metrics</a> · readiness: <a href="/readyz">/readyz</a></p>${signOut}</footer>`;
}
