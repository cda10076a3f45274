import type { JobView, WorkerView } from '../../../src/worker/worker-view.js';

/** A worker of two jobs, of which one has a schedule. */
export function workerOf(changes: Partial<WorkerView> = {}): WorkerView {
  const jobs = [jobOf('purge-sessions', '17 * * * *'), jobOf('verify-audit', null)];
  return { jobs: () => jobs, obstacles: () => [], startRun: async () => ({ kind: 'unknown' }), ...changes };
}

function jobOf(name: string, schedule: string | null): JobView {
  return {
    ...{ name, kind: 'purge', summary: 'deletes rows that have expired', schedule, timezone: 'UTC' },
    ...{ catchUp: 'run-once', nextFireAt: schedule === null ? null : '2026-01-01T00:17:00.000Z' },
    targets: [{ target: 'home', overdueSince: null }],
  };
}
