import { Gauge, type Registry } from 'prom-client';
import type { JobRun } from '../../model/job.js';
import type { WorkerListener } from '../worker-event.js';
import type { JobView } from '../worker-view.js';

/** Tells when jobs run next, which are late, and when each was last done. */
export interface ScheduleMetrics {
  readonly onEvent: WorkerListener;
  readonly noteSchedules: (jobs: readonly JobView[]) => void;
  /** Takes over when runs, those of other replicas among them, last succeeded. */
  readonly noteLedger: (runs: readonly JobRun[]) => void;
}

/** Registers the metrics of schedules. */
export function scheduleMetrics(registry: Registry): ScheduleMetrics {
  const registers = [registry];
  const nextFire = new Gauge({
    ...{ name: 'pgsteward_next_fire_timestamp_seconds', help: 'When a job fires next.', registers },
    labelNames: ['job'] as const,
  });
  const overdue = new Gauge({
    ...{ name: 'pgsteward_job_overdue_seconds', help: 'How long a fire is late; 0 when none is.', registers },
    labelNames: ['job', 'target'] as const,
  });
  const lastSuccess = new Gauge({
    name: 'pgsteward_last_success_timestamp_seconds',
    help: 'When a run last succeeded, at whichever replica; 0 when none has.',
    ...{ labelNames: ['job', 'target'] as const, registers },
  });
  const known = new Map<string, number>();
  const note = ({ job, target }: { readonly job: string; readonly target: string }, atMs: number) => {
    const key = `${job} ${target}`;
    const seconds = Math.max(known.get(key) ?? 0, atMs / 1000);
    known.set(key, seconds);
    lastSuccess.set({ job, target }, seconds);
  };
  return {
    onEvent: (event) => {
      if (event.kind === 'run ended' && event.status === 'succeeded') note(event, Date.now());
    },
    noteLedger: (runs) => {
      for (const run of runs)
        if (run.status === 'succeeded' && run.finishedAt !== null) note(run, Date.parse(run.finishedAt));
    },
    noteSchedules: (jobs) => {
      for (const { name: job, nextFireAt, targets } of jobs) {
        if (nextFireAt !== null) nextFire.set({ job }, Date.parse(nextFireAt) / 1000);
        for (const { target, overdueSince } of targets) {
          const late = overdueSince === null ? 0 : Math.max(0, (Date.now() - Date.parse(overdueSince)) / 1000);
          overdue.set({ job, target }, late);
          note({ job, target }, 0);
        }
      }
    },
  };
}
