import { describe, expect, it } from 'vitest';
import { type GateEntry, judgeGate } from '../../src/bench/gate.js';
import type { Gate, QueryLimits } from '../../src/bench/gate-file.js';
import { Recorder } from '../../src/bench/recorder.js';
import type { BenchFailure, BenchLock, BenchQuery } from '../../src/model/bench.js';
import { benchQuery, benchReport, fleetBench, fleetLoad } from '../report/bench-report.js';

function recorderOf(latencyUs: number, count = 1_000): Recorder {
  const recorder = new Recorder();
  for (let request = 0; request < count; request += 1) recorder.record(latencyUs);
  return recorder;
}

function entry(parts: Partial<BenchQuery> = {}, after = recorderOf(200)): GateEntry {
  return { query: benchQuery({ name: 'sweep', ...parts }), before: recorderOf(200), after, errorMessage: null };
}

function reasonsOf(
  entries: readonly GateEntry[],
  failures: readonly BenchFailure[],
  limits: QueryLimits,
): readonly string[] {
  return judgeGate({ entries, failures, writes: [], gate: { limits, queries: {}, writes: {} } }).reasons;
}

describe('judgeGate', () => {
  it('finds none where nothing changed', () => {
    const limits = { p50Ratio: 1.2, p99Ratio: 1.25, buffersRatio: 1.5, errorRate: 0 };
    expect(reasonsOf([entry()], [], limits)).toEqual([]);
  });

  it('puts broken and failing queries before everything else', () => {
    const slow = entry({ verdict: 'regressed', latencyRatio: { point: 2, low: 1.8, high: 2.2 } });
    const failing = { ...entry({ name: 'list', errors: { before: 0, after: 3 } }), errorMessage: 'deadlock detected' };
    const broken = [{ name: 'poll', fingerprint: 'f', message: 'column "x" does not exist' }];
    expect(reasonsOf([slow, failing], broken, {})).toMatchInlineSnapshot(`
      [
        "poll fails after the migrations: column "x" does not exist",
        "list: 3 of 1000 requests fail after the migrations: deadlock detected",
        "sweep regressed: latency × 2.00 (1.80 to 2.20)",
      ]
    `);
  });

  it('tells of the signals that a regression was judged by', () => {
    const interval = (point: number) => ({ point, low: point - 0.1, high: point + 0.1 });
    const slow = entry({
      ...{ verdict: 'regressed', latencyRatio: interval(1.3), undelayedRatio: interval(1.5), cpuRatio: interval(1.1) },
    });
    expect(reasonsOf([slow], [], {})).toEqual([
      'sweep regressed: latency × 1.30 (1.20 to 1.40), without waiting for a processor × 1.50, CPU a request × 1.10',
    ]);
  });

  it('lets an error rate below its limit pass', () => {
    expect(reasonsOf([entry({ errors: { before: 0, after: 1 } })], [], { errorRate: 0.01 })).toEqual([]);
  });

  it('counts what fails at a rate among the errors', () => {
    const load = fleetLoad();
    const [query] = load.queries;
    if (query === undefined) throw new Error('no query at a rate');
    const failing = { ...load, queries: [{ ...query, name: 'sweep', errors: { before: 0, after: 40 } }] };
    const judged = (limits: QueryLimits) =>
      judgeGate({
        ...{ entries: [entry()], failures: [], writes: [], load: failing },
        gate: { limits, queries: {}, writes: {} },
      }).reasons;
    expect(judged({})).toEqual(['sweep: 40 of 4040 requests fail at a rate after the migrations']);
    expect(judged({ errorRate: 0.01 })).toEqual([]);
  });

  it('limits how long the migrations keep readers and writers waiting', () => {
    const lock = (stops: BenchLock['stops'], heldMs: number): BenchLock => ({
      ...{ relation: 'public.commands', mode: 'ShareLock', stops, times: 1, heldMs },
    });
    const judged = (migrationLocks: readonly BenchLock[] | null) =>
      judgeGate({
        ...{ entries: [], failures: [], writes: [], migrationLocks },
        gate: { limits: {}, queries: {}, writes: { lockMs: 100 } },
      });
    expect(judged([lock('schema changes', 500), lock('writers', 100)])).toMatchObject({ passed: true, notes: [] });
    expect(judged([lock('writers', 340.2)]).reasons).toEqual([
      'the migrations lock public.commands for 340.2 ms, while writers wait: more than the limit lockMs 100',
    ]);
    expect(judged(null).notes).toEqual(['the limit lockMs is not checked: the migrations ran before the bench']);
  });

  it('exceeds the median limit only when the whole interval does', () => {
    const ratio = (low: number) => entry({ latencyRatio: { point: 1.4, low, high: 1.6 } });
    expect(reasonsOf([ratio(1.1)], [], { p50Ratio: 1.2 })).toEqual([]);
    expect(reasonsOf([ratio(1.3)], [], { p50Ratio: 1.2 })).toMatchInlineSnapshot(`
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
    expect(reasonsOf([entry({ p99Ms }, once)], [], { p99Ratio: 1.25 })).toEqual([]);
    expect(reasonsOf([entry({ p99Ms }, stalled)], [], { p99Ratio: 1.25 })).toHaveLength(1);
  });

  it('counts buffers exactly', () => {
    const reads = (after: number) => entry({ buffers: { before: 10, after } });
    expect(reasonsOf([reads(15)], [], { buffersRatio: 1.5 })).toEqual([]);
    expect(reasonsOf([reads(16)], [], { buffersRatio: 1.5 })).toMatchInlineSnapshot(`
      [
        "sweep: 10 → 16 buffers a call exceeds the limit buffersRatio 1.5",
      ]
    `);
  });

  it('holds a query to its own limits in place of those for all', () => {
    const gate: Gate = { limits: { p99Ms: 50 }, queries: { sweep: { p99Ms: 0.1 } }, writes: {} };
    const judged = judgeGate({ entries: [entry(), entry({ name: 'other' })], failures: [], writes: [], gate });
    expect(judged).toMatchInlineSnapshot(`
      {
        "notes": [],
        "passed": false,
        "reasons": [
          "sweep: p99 0.20 ms exceeds the limit p99Ms 0.1",
        ],
      }
    `);
  });

  it('lets a regression within the limit of the median pass, and no other', () => {
    const regressed = entry({ verdict: 'regressed', latencyRatio: { point: 1.15, low: 1.1, high: 1.2 } });
    expect(reasonsOf([regressed], [], {})).toHaveLength(1);
    expect(reasonsOf([regressed], [], { p50Ratio: 1.25 })).toEqual([]);
  });

  it('forbids a change of plan, reports it, or lets it be', () => {
    const changed = entry({ planHash: { before: 'aa', after: 'bb' } });
    const judge = (planChange: 'allow' | 'forbid' | 'report') =>
      judgeGate({
        entries: [changed],
        failures: [],
        writes: [],
        gate: { limits: { planChange }, queries: {}, writes: {} },
      });
    expect(judge('forbid').reasons).toEqual(['sweep: the plan changed, which planChange forbids']);
    expect(judge('report')).toEqual({ passed: true, reasons: [], notes: ['sweep: the plan changed'] });
    expect(judge('allow')).toEqual({ passed: true, reasons: [], notes: [] });
  });

  it('says of a limit for CPU time that it cannot be checked where there is no account', () => {
    const gate: Gate = { limits: { cpuRatio: 1.1 }, queries: {}, writes: {} };
    const known = entry({ cpuRatio: { point: 1.3, low: 1.2, high: 1.4 } });
    expect(judgeGate({ entries: [entry()], failures: [], writes: [], gate }).notes).toHaveLength(1);
    expect(judgeGate({ entries: [known], failures: [], writes: [], gate }).reasons).toEqual([
      'sweep: CPU a request × 1.30 exceeds the limit cpuRatio 1.1',
    ]);
  });

  it('holds writes to their WAL and their HOT share', () => {
    const [table] = fleetBench().writes;
    const writes = table === undefined ? [] : [{ ...table, hotShare: { before: 1, after: 0.2 } }];
    const gate: Gate = { limits: {}, queries: {}, writes: { walRatio: 1.3, hotShareDrop: 0.1 } };
    expect(judgeGate({ entries: [], failures: [], writes, gate }).reasons).toMatchInlineSnapshot(`
      [
        "writes to public.update_events: 214 → 301 bytes of WAL a row exceeds the limit walRatio 1.3",
        "writes to public.update_events: HOT updates fall from 100 % to 20 %, more than the limit hotShareDrop 0.1",
      ]
    `);
  });

  it('compares with a baseline exactly where it can, and times only beyond both noises', () => {
    const gate: Gate = { limits: { buffersRatio: 1.5, p50Ratio: 1.2 }, queries: {}, writes: {} };
    const baseline = benchReport({
      queries: [benchQuery({ name: 'sweep', buffers: { before: 9, after: 2 }, p50Ms: { before: 1, after: 0.19 } })],
    });
    const now = (afterMs: number) =>
      judgeGate({
        entries: [entry({ p50Ms: { before: 0.2, after: afterMs } })],
        failures: [],
        writes: [],
        gate,
        baseline,
      }).reasons;
    expect(now(0.2)).toMatchInlineSnapshot(`
      [
        "sweep: 2 buffers a call in the baseline, 4 now, exceeds the limit buffersRatio 1.5",
      ]
    `);
    expect(now(0.4)).toHaveLength(2);
  });
});
