import { describe, expect, it } from 'vitest';
import { renderBenchJunit } from '../../../src/report/bench/junit.js';
import { benchQuery, benchReport } from '../bench-report.js';

describe('renderBenchJunit', () => {
  it('fails the queries that the gate names, skips those that could not be judged, and passes the rest', () => {
    const report = benchReport({
      queries: [
        benchQuery({ name: 'sweep' }),
        benchQuery({ name: 'list', verdict: 'inconclusive' }),
        benchQuery({ name: 'a"<b', verdict: 'regressed' }),
      ],
      gate: {
        passed: false,
        reasons: ['a"<b: p99 9 ms exceeds the limit p99Ms 5', 'writes to public.t: too much WAL'],
      },
      skipped: [{ name: 'slow', reason: 'one call takes longer than 8.0 s' }],
    });
    expect(renderBenchJunit(report)).toMatchInlineSnapshot(`
      "<?xml version="1.0" encoding="UTF-8"?>
      <testsuites name="pgsteward bench" tests="5" failures="2" skipped="2" time="48.000">
      <testsuite name="pgsteward bench" tests="5" failures="2" errors="0" skipped="2" time="48.000" timestamp="2026-03-02T09:31:00.000Z">
      <testcase classname="pgsteward.bench" name="sweep"><system-out>equivalent: latency × 1.00 (0.97 to 1.03), p50 0.2 ms to 0.2 ms</system-out></testcase>
      <testcase classname="pgsteward.bench" name="list"><skipped message="inconclusive: latency × 1.00 (0.97 to 1.03), p50 0.2 ms to 0.2 ms"/></testcase>
      <testcase classname="pgsteward.bench" name="a&quot;&lt;b"><failure message="a&quot;&lt;b: p99 9 ms exceeds the limit p99Ms 5">a&quot;&lt;b: p99 9 ms exceeds the limit p99Ms 5</failure></testcase>
      <testcase classname="pgsteward.bench" name="writes to public.t: too much WAL"><failure message="writes to public.t: too much WAL">writes to public.t: too much WAL</failure></testcase>
      <testcase classname="pgsteward.bench" name="slow"><skipped message="one call takes longer than 8.0 s"/></testcase>
      </testsuite>
      </testsuites>
      "
    `);
  });
});
