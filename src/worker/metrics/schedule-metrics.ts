import { Gauge, type Registry } from 'prom-client';
import type { Backlog } from '../../model/dashboard.js';
import type { JobRun } from '../../model/job.js';
import type { WorkerListener } from '../worker-event.js';
import type { JobView } from '../worker-view.js';

/** Tells when jobs run next, which are late, and when each was last done. */
export interface ScheduleMetrics {
  readonly onEvent: WorkerListener;
  readonly noteSchedules: (jobs: readonly JobView[]) => void;
  /** Takes over when runs, those of other replicas among them, last succeeded. */
  readonly noteRuns: (runs: readonly JobRun[]) => void;
  readonly noteBacklogs: (backlogs: readonly Backlog[]) => void;
}

/** Registers the metrics of schedules. */
export function scheduleMetrics(registry: Registry): ScheduleMetrics {
  const gauges = gaugesOf(registry);
  const known = new Map<string, number>();
  const note = ({ job, target }: { readonly job: string; readonly target: string }, atMs: number) => {
    const key = `${job} ${target}`;
    const seconds = Math.max(known.get(key) ?? 0, atMs / 1000);
    known.set(key, seconds);
    gauges.lastSuccess.set({ job_name: job, target }, seconds);
  };
  return {
    onEvent: (event) => {
      if (event.kind === 'run ended' && event.status === 'succeeded') note(event, Date.now());
    },
    noteRuns: (runs) => {
      for (const run of runs)
        if (run.status === 'succeeded' && run.finishedAt !== null) note(run, Date.parse(run.finishedAt));
    },
    noteBacklogs: (backlogs) => {
      for (const { job, target, arrivalPerSecond, rowsEstimate } of backlogs) {
        gauges.arrival.set({ job_name: job, target }, arrivalPerSecond);
        gauges.backlog.set({ job_name: job, target }, rowsEstimate);
      }
    },
    noteSchedules: (jobs) => {
      for (const { name: job, nextFireAt, targets } of jobs) {
        if (nextFireAt !== null) gauges.nextFire.set({ job_name: job }, Date.parse(nextFireAt) / 1000);
        for (const { target, overdueSince } of targets) {
          const late = overdueSince === null ? 0 : Math.max(0, (Date.now() - Date.parse(overdueSince)) / 1000);
          gauges.overdue.set({ job_name: job, target }, late);
          note({ job, target }, 0);
        }
      }
    },
  };
}

function gaugesOf(registry: Registry) {
  const gauge = <Label extends string>(name: string, help: string, ...labelNames: Label[]) =>
    new Gauge({ name: `pgsteward_${name}`, help, labelNames, registers: [registry] });
  return {
    nextFire: gauge('next_fire_timestamp_seconds', 'When a job fires next.', 'job_name'),
    overdue: gauge('job_overdue_seconds', 'How long a fire is late; 0 when none is.', 'job_name', 'target'),
    lastSuccess: gauge(
      'last_success_timestamp_seconds',
      'When a run last succeeded, at whichever replica; 0 when none has.',
      ...(['job_name', 'target'] as const),
    ),
    arrival: gauge(
      'purge_arrival_rows_per_second',
      'Rows that come due for a purge in a second, from what its last runs deleted.',
      ...(['job_name', 'target'] as const),
    ),
    backlog: gauge(
      'purge_backlog_rows_estimate',
      'Rows that have come due since the last run that succeeded, at that rate.',
      ...(['job_name', 'target'] as const),
    ),
  };
}
