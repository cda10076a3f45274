import type { Metrics } from '../metrics.js';
import type { WorkerView } from '../worker-view.js';
import type { Route } from './route.js';

/** Gives the metrics in the text form of Prometheus. */
export function metricsRoute(metrics: Metrics, worker: WorkerView): Route {
  return {
    ...{ method: 'GET', path: '/metrics', access: 'anyone', isProbe: true },
    answer: async () => ({
      status: 200,
      headers: { 'Content-Type': metrics.contentType, 'Cache-Control': 'no-store' },
      body: await metrics.render(worker),
    }),
  };
}
