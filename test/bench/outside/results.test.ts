import { describe, expect, it } from 'vitest';
import { readK6Summary } from '../../../src/bench/outside/k6-results.js';
import { readPgbenchText } from '../../../src/bench/outside/pgbench-results.js';

describe('readK6Summary', () => {
  it('reads the trends and counters of the exported script in either form of summary', () => {
    const trend = { avg: 1.5, med: 1.2, 'p(95)': 3, 'p(99)': 5, max: 9 };
    const expected = [{ name: 'by_key', requests: 40, errors: 2, meanMs: 1.5, p50Ms: 1.2, p95Ms: 3, p99Ms: 5 }];
    const handled = {
      metrics: {
        query_by_key: { type: 'trend', contains: 'time', values: trend },
        requests_by_key: { type: 'counter', values: { count: 40, rate: 4 } },
        errors_by_key: { type: 'counter', values: { count: 2, rate: 0.2 } },
        vus: { values: { value: 1 } },
      },
    };
    const exported = {
      metrics: { query_by_key: trend, requests_by_key: { count: 40, rate: 4 }, errors_by_key: { count: 2, rate: 0.2 } },
    };
    expect(readK6Summary(handled)).toEqual(expected);
    expect(readK6Summary(exported)).toEqual(expected);
  });

  it('finds nothing in another JSON', () => {
    expect(readK6Summary({ queries: [] })).toBeNull();
    expect(readK6Summary({ metrics: { http_req_duration: { avg: 1, med: 1 } } })).toEqual([]);
  });
});

describe('readPgbenchText', () => {
  it('takes another text for none of pgbench', () => {
    expect(readPgbenchText('hello')).toBeNull();
  });
});
