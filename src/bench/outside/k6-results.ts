import { z } from 'zod';
import type { OutsideQuery } from './outside-results.js';

/** `handleSummary` and `--summary-export` differ in where the values stand. */
const valuesSchema = z.looseObject({
  avg: z.number(),
  med: z.number(),
  'p(95)': z.number().optional(),
  'p(99)': z.number().optional(),
  count: z.number().optional(),
});
const metricSchema = z.union([z.looseObject({ values: valuesSchema }).transform(({ values }) => values), valuesSchema]);
const counterSchema = z.union([
  z.looseObject({ values: z.looseObject({ count: z.number() }) }).transform(({ values }) => values),
  z.looseObject({ count: z.number() }),
]);
const summarySchema = z.looseObject({ metrics: z.record(z.string(), z.unknown()) });

/** Prefixes of the metrics that the exported script counts for each query. */
export const K6_METRICS = { latency: 'query_', requests: 'requests_', errors: 'errors_' } as const;

/** Gives a query's name as k6 allows one in a metric. */
export function k6Name(name: string): string {
  return name.replace(/[^A-Za-z0-9_]/g, '_');
}

/** Reads a k6 summary of the exported script; null where the content is no such summary. */
export function readK6Summary(content: unknown): readonly OutsideQuery[] | null {
  const parsed = summarySchema.safeParse(content);
  if (!parsed.success) return null;
  const { metrics } = parsed.data;
  const counter = (name: string) => {
    const found = counterSchema.safeParse(metrics[name]);
    return found.success ? found.data.count : 0;
  };
  return Object.entries(metrics).flatMap(([key, value]): OutsideQuery[] => {
    const metric = metricSchema.safeParse(value);
    if (!key.startsWith(K6_METRICS.latency) || !metric.success) return [];
    const name = key.slice(K6_METRICS.latency.length);
    const { avg, med } = metric.data;
    return [
      {
        name,
        requests: counter(`${K6_METRICS.requests}${name}`),
        errors: counter(`${K6_METRICS.errors}${name}`),
        ...{ meanMs: avg, p50Ms: med, p95Ms: metric.data['p(95)'] ?? null, p99Ms: metric.data['p(99)'] ?? null },
      },
    ];
  });
}
