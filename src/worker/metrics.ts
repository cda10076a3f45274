import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { HeldByBrake } from '../model/dashboard.js';
import { toolVersion } from '../tool-version.js';
import { type AnsweredRequest, httpMetrics } from './metrics/http-metrics.js';
import { type LiveRuns, liveRuns } from './metrics/live-runs.js';
import { runMetrics } from './metrics/run-metrics.js';
import { type ScheduleMetrics, scheduleMetrics } from './metrics/schedule-metrics.js';
import type { WorkerListener } from './worker-event.js';
import type { WorkerView } from './worker-view.js';

/** What a worker counts and how Prometheus reads it. */
export interface Metrics {
  /** Hears every event of the worker. */
  readonly onEvent: WorkerListener;
  /** Hears every request that was answered. */
  readonly onRequest: (request: AnsweredRequest) => void;
  /** Told that the limit of requests that all replicas share could not be asked. */
  readonly onRateLimitFallback: () => void;
  /** Takes over what the ledger says of runs, those of other replicas among them. */
  readonly noteRuns: ScheduleMetrics['noteRuns'];
  /** Takes over how fast rows to purge come due. */
  readonly noteBacklogs: ScheduleMetrics['noteBacklogs'];
  /** For the `Content-Type` header. */
  readonly contentType: string;
  /** Gives the whole exposition, with the worker's schedules as they stand. */
  render(worker: WorkerView): Promise<string>;
  /** Gives how a run of this replica is coming along; null for any other. */
  readonly liveRun: LiveRuns['liveRun'];
  /** Gives how long each brake has held runs of this replica back, the longest first. */
  heldByBrake(): Promise<readonly HeldByBrake[]>;
}

/** Makes the metrics of one worker, with a registry of their own. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  new Gauge({
    ...{ name: 'pgsteward_build_info', help: 'Which pgsteward this is; always 1.', labelNames: ['version'] },
    registers: [registry],
  }).set({ version: toolVersion() }, 1);
  const http = httpMetrics(registry);
  const runs = runMetrics(registry);
  const live = liveRuns();
  const schedules = scheduleMetrics(registry);
  return {
    ...{ contentType: registry.contentType, noteRuns: schedules.noteRuns, noteBacklogs: schedules.noteBacklogs },
    liveRun: live.liveRun,
    ...{ onRequest: http.onRequest, onRateLimitFallback: http.onRateLimitFallback, heldByBrake: runs.heldByBrake },
    onEvent: (event) => {
      runs.onEvent(event);
      live.onEvent(event);
      schedules.onEvent(event);
    },
    render: async (worker) => {
      schedules.noteSchedules(worker.jobs());
      return registry.metrics();
    },
  };
}
