import { collectDefaultMetrics, Registry } from 'prom-client';
import type { WorkerListener } from './worker-event.js';

/** What a worker counts and how Prometheus reads it. */
export interface Metrics {
  /** Hears every event of the worker. */
  readonly onEvent: WorkerListener;
  /** For the `Content-Type` header. */
  readonly contentType: string;
  /** Gives the whole exposition. */
  render(): Promise<string>;
}

/** Makes the metrics of one worker, with a registry of their own. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return { onEvent: () => undefined, contentType: registry.contentType, render: () => registry.metrics() };
}
