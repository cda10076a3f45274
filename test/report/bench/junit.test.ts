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
    expect(renderBenchJunit(report)).toMatchInlineSnapshot();
  });
});
