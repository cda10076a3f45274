import { Counter, Histogram, type Registry } from 'prom-client';

/** A request that was answered. */
export interface AnsweredRequest {
  /** The path as the route has it, `none` where there is no route. */
  readonly route: string;
  readonly method: string;
  readonly status: number;
  readonly durationMs: number;
}

/** Counts requests. */
export interface HttpMetrics {
  readonly onRequest: (request: AnsweredRequest) => void;
  readonly onRateLimitFallback: () => void;
}

/** Methods that have a series of their own; the caller chooses the method, so the others share one. */
const METHODS = ['GET', 'HEAD', 'POST'];

/** Registers the metrics of the HTTP server. */
export function httpMetrics(registry: Registry): HttpMetrics {
  const registers = [registry];
  const requests = new Counter({
    ...{ name: 'pgsteward_http_requests_total', help: 'Requests answered.', registers },
    labelNames: ['route', 'method', 'status'] as const,
  });
  const durations = new Histogram({
    ...{ name: 'pgsteward_http_request_duration_seconds', help: 'Time until a request was answered.', registers },
    ...{ labelNames: ['route'] as const, buckets: [0.005, 0.02, 0.1, 0.5, 2, 10] },
  });
  const limited = new Counter({
    ...{ name: 'pgsteward_http_rate_limited_total', help: 'Requests refused because a limit was reached.', registers },
    labelNames: ['route'] as const,
  });
  const fallbacks = new Counter({
    name: 'pgsteward_http_rate_limit_fallbacks_total',
    help: 'Times that requests were counted by this replica alone, because the database did not answer.',
    registers,
  });
  return {
    onRequest: ({ route, method, status, durationMs }) => {
      requests.inc({ route, method: METHODS.includes(method) ? method : 'other', status });
      durations.observe({ route }, durationMs / 1000);
      if (status === 429) limited.inc({ route });
    },
    onRateLimitFallback: () => fallbacks.inc(),
  };
}
