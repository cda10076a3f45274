import { messageOf } from '../../errors.js';
import { KeptFindings } from '../../jobs/findings/kept-findings.js';
import { countTimeouts } from '../../jobs/time-out/timeout-counts.js';
import type { Log } from '../../log.js';
import type { Dashboard, DashboardFinding, DashboardJob, TimeOutCount } from '../../model/dashboard.js';
import type { JobRun } from '../../model/job.js';
import { readBacklogs } from '../backlog.js';
import type { Metrics } from '../metrics.js';
import { placesOf, type RunList } from '../run-list.js';
import type { Target } from '../target.js';
import type { JobView, WorkerView } from '../worker-view.js';
import type { Databases } from './databases.js';
import { askTargets } from './target-list.js';

export interface DashboardParts {
  readonly worker: WorkerView;
  readonly metrics: Metrics;
  readonly databases: Databases;
  readonly home: Target;
  readonly targets: readonly Target[];
  readonly ownSchema: string;
  readonly runs: RunList;
  readonly version: string;
  readonly log: Log;
}

/** Runs of either kind that the page shows. */
const RUNS = 25;
const FINDINGS = 50;
const TIME_OUT_DAYS = 7;

/** Gathers what the dashboard shows; what a database does not tell is named as missing. */
export async function collectDashboard(
  parts: DashboardParts,
  page: Pick<Dashboard, 'refreshSeconds' | 'isSignedIn'>,
): Promise<Dashboard> {
  const { worker, metrics, version, log } = parts;
  const missing: string[] = [];
  const orElse = async <T>(what: string, read: Promise<T>, otherwise: T): Promise<T> => {
    try {
      return await read;
    } catch (error) {
      log.warn({ what, reason: messageOf(error) }, 'dashboard is incomplete');
      missing.push(`${what}: the database does not answer`);
      return otherwise;
    }
  };
  const [ledger, timeOuts, findings, held] = await Promise.all([
    orElse('runs', readLedger(parts), { latest: [], running: [], ended: [], backlogs: [] }),
    orElse('time-outs', readTimeOuts(parts), []),
    orElse('findings', readFindings(parts), []),
    metrics.heldByBrake(),
  ]);
  return {
    ...{ ...page, generatedAt: new Date().toISOString(), version, obstacles: worker.obstacles(), missing },
    jobs: worker.jobs().map((job) => withLastRuns(job, ledger.latest)),
    ...{
      running: ledger.running.map((run) => ({ ...run, live: metrics.liveRun(run.runId) })),
      ended: ledger.ended,
      backlogs: ledger.backlogs,
      held,
      timeOuts,
      findings,
    },
  };
}

async function readLedger({ worker, databases, home, ownSchema, runs }: DashboardParts) {
  const places = placesOf(worker);
  return databases.read(home, async (session) => {
    const page = { limit: RUNS, after: null };
    const newest = await runs.newest(session, {}, page);
    return {
      latest: await runs.latest(session, places),
      running: await runs.newest(session, { status: 'running' }, page),
      ended: newest.filter(({ status }) => status !== 'running'),
      backlogs: await readBacklogs(session, ownSchema, places),
    };
  });
}

async function readTimeOuts(parts: DashboardParts): Promise<readonly TimeOutCount[]> {
  const { answers } = await askTargets(parts, parts.targets, (session) => countTimeouts(session, TIME_OUT_DAYS));
  const sums = new Map<string, { count: number; waitedSeconds: number }>();
  for (const { type, count, waitedSecondsMean } of answers.flatMap(({ answer }) => answer)) {
    const sum = sums.get(type) ?? { count: 0, waitedSeconds: 0 };
    sums.set(type, {
      count: sum.count + count,
      waitedSeconds: sum.waitedSeconds + count * (waitedSecondsMean ?? 0),
    });
  }
  return [...sums]
    .map(([type, { count, waitedSeconds }]) => ({ type, count, waitedSecondsMean: waitedSeconds / count }))
    .sort((left, right) => right.count - left.count);
}

async function readFindings(parts: DashboardParts): Promise<readonly DashboardFinding[]> {
  const kept = new KeptFindings(parts.ownSchema);
  const { answers } = await askTargets(parts, parts.targets, (session) =>
    kept.list(session, { state: 'open', limit: FINDINGS }),
  );
  const found = answers.flatMap(({ target, answer }) => answer.map((finding) => ({ ...finding, target })));
  return found.sort((left, right) => (left.firstSeenAt < right.firstSeenAt ? 1 : -1)).slice(0, FINDINGS);
}

function withLastRuns(job: JobView, latest: readonly JobRun[]): DashboardJob {
  const lastRun = (target: string) => latest.find((run) => run.job === job.name && run.target === target) ?? null;
  return { ...job, targets: job.targets.map((place) => ({ ...place, lastRun: lastRun(place.target) })) };
}
