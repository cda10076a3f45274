import { describe, expect, it } from 'vitest';
import { type GateEntry, gateReasons } from '../../src/bench/gate.js';
import { Recorder } from '../../src/bench/recorder.js';
import type { BenchQuery } from '../../src/model/bench.js';
import { benchQuery } from '../report/bench-report.js';

function recorderOf(latencyUs: number, count = 1_000): Recorder {
  const recorder = new Recorder();
  for (let request = 0; request < count; request += 1) recorder.record(latencyUs);
  return recorder;
}

function entry(parts: Partial<BenchQuery> = {}, after = recorderOf(200)): GateEntry {
  return { query: benchQuery({ name: 'sweep', ...parts }), before: recorderOf(200), after, errorMessage: null };
}

describe('gateReasons', () => {
  it('finds none where nothing changed', () => {
    const limits = { p50Ratio: 1.2, p99Ratio: 1.25, buffersRatio: 1.5, errorRate: 0 };
    expect(gateReasons([entry()], [], limits)).toEqual([]);
  });

  it('puts broken and failing queries before everything else', () => {
    const slow = entry({ verdict: 'regressed', latencyRatio: { point: 2, low: 1.8, high: 2.2 } });
    const failing = { ...entry({ name: 'list', errors: { before: 0, after: 3 } }), errorMessage: 'deadlock detected' };
    const broken = [{ name: 'poll', fingerprint: 'f', message: 'column "x" does not exist' }];
    expect(gateReasons([slow, failing], broken, {})).toMatchInlineSnapshot(`
      [
        "poll fails after the migrations: column "x" does not exist",
        "list: 3 of 1000 requests fail after the migrations: deadlock detected",
        "sweep regressed: latency × 2.00 (1.80 to 2.20)",
      ]
    `);
  });

  it('lets an error rate below its limit pass', () => {
    expect(gateReasons([entry({ errors: { before: 0, after: 1 } })], [], { errorRate: 0.01 })).toEqual([]);
  });

  it('exceeds the median limit only when the whole interval does', () => {
    const ratio = (low: number) => entry({ latencyRatio: { point: 1.4, low, high: 1.6 } });
    expect(gateReasons([ratio(1.1)], [], { p50Ratio: 1.2 })).toEqual([]);
    expect(gateReasons([ratio(1.3)], [], { p50Ratio: 1.2 })).toMatchInlineSnapshot(`
      [
        "sweep: median latency × 1.40 exceeds the limit p50Ratio 1.2",
      ]
    `);
  });

  it('exceeds the p99 limit only when the sampling error cannot explain it', () => {
    const stalled = recorderOf(200);
    for (let request = 0; request < 40; request += 1) stalled.record(90_000);
    const once = recorderOf(200, 100);
    once.record(90_000);
    once.record(90_000);
    const p99Ms = { before: 0.2, after: 90 };
    expect(gateReasons([entry({ p99Ms }, once)], [], { p99Ratio: 1.25 })).toEqual([]);
    expect(gateReasons([entry({ p99Ms }, stalled)], [], { p99Ratio: 1.25 })).toHaveLength(1);
  });

  it('counts buffers exactly', () => {
    const reads = (after: number) => entry({ buffers: { before: 10, after } });
    expect(gateReasons([reads(15)], [], { buffersRatio: 1.5 })).toEqual([]);
    expect(gateReasons([reads(16)], [], { buffersRatio: 1.5 })).toMatchInlineSnapshot(`
      [
        "sweep: 10 → 16 buffers a call exceeds the limit buffersRatio 1.5",
      ]
    `);
  });
});
