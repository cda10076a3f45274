import { describe, expect, it } from 'vitest';
import { scheduleOf } from '../../../src/bench/open-loop/arrivals.js';
import { type OpenLoopResult, runOpenLoop } from '../../../src/bench/open-loop/open-loop.js';
import type { Recorder } from '../../../src/bench/recorder.js';
import type { LoadStatement } from '../../../src/bench/scenario.js';
import { seededRandom } from '../../../src/random.js';
import { VirtualClock } from '../virtual-clock.js';

const statement: LoadStatement = { index: 0, name: 'a', text: 'SELECT 1', parameterSets: [[]], writes: false };
const SERVICE_MS = 5;

/** Sends 500 evenly paced requests a second for two seconds to a server that answers after 5 ms, but for a stall. */
async function load(stall: { readonly fromMs: number; readonly toMs: number } | null): Promise<OpenLoopResult> {
  const clock = new VirtualClock();
  const schedule = scheduleOf({
    mix: [{ statement, weight: 1 }],
    arrivals: 'even',
    ratePerSecond: 500,
    durationMs: 2_000,
    random: seededRandom(1),
  });
  return runOpenLoop({
    schedule,
    connections: Array.from({ length: 4 }, (_, index) => index),
    clock,
    call: async () => {
      const now = clock.now();
      const startsAt = stall !== null && now >= stall.fromMs && now < stall.toMs ? stall.toMs : now;
      await clock.until(startsAt + SERVICE_MS);
    },
  });
}

function recorderOf(result: OpenLoopResult): Recorder {
  const recorder = result.response.get(0);
  if (recorder === undefined) throw new Error('nothing was recorded');
  return recorder;
}

describe('an open loop', () => {
  it('shows the latency of a server that always takes 5 ms within 1 %', async () => {
    const response = recorderOf(await load(null));
    expect(response.count).toBe(999);
    for (const share of [0.01, 0.5, 0.99, 1]) expect(response.quantileUs(share) / 5_000).toBeCloseTo(1, 2);
  });

  it('shows a stall to all who would have come meanwhile, where a closed loop would see it once for each connection', async () => {
    const result = await load({ fromMs: 500, toMs: 900 });
    const response = recorderOf(result);
    // 200 requests are due within the stall and wait for its end; the line of them is worked off by 4 connections
    // of 200 requests a second each, while 500 a second more come in: 0.667 s after it no one waits any more.
    const waiting = stalledShare(400, 500, 4 / (SERVICE_MS / 1_000));
    const slow = 1 - shareWithin(response, SERVICE_MS * 1_000 * 1.01);
    expect(Math.abs(slow - waiting)).toBeLessThan(0.01);
    expect(response.maxUs / 405_000).toBeCloseTo(1, 2);
    // What a closed loop shows: four calls, 0.4 % of all.
    expect(1 - shareWithin(result.service, SERVICE_MS * 1_000 * 1.01)).toBeLessThan(0.01);
  });

  it('counts what fails and gives it no latency', async () => {
    const clock = new VirtualClock();
    const schedule = [1, 2, 3].map((atMs) => ({ atMs, statement, request: atMs }));
    const result = await runOpenLoop({
      schedule,
      connections: [0],
      clock,
      call: async (_, { request }) => {
        if (request === 2) throw new Error('deadlock detected');
      },
    });
    expect(result.errors.get(0)).toBe(1);
    expect(recorderOf(result).count).toBe(2);
  });

  it('ends when it is told to', async () => {
    const stop = new AbortController();
    const clock = new VirtualClock();
    const schedule = [1, 2, 3].map((atMs) => ({ atMs, statement, request: atMs }));
    const run = runOpenLoop({
      ...{ schedule, connections: [0], clock, signal: stop.signal },
      call: async (_, { request }) => {
        if (request === 2) stop.abort(new Error('stopped'));
      },
    });
    await expect(run).rejects.toThrow('stopped');
  });
});

/** Share of two seconds' requests that wait: those due within the stall and until the line is worked off. */
function stalledShare(stallMs: number, ratePerSecond: number, capacityPerSecond: number): number {
  const backlog = (stallMs / 1_000) * ratePerSecond;
  const recoveryMs = (backlog / (capacityPerSecond - ratePerSecond)) * 1_000;
  return (stallMs + recoveryMs) / 2_000;
}

function shareWithin(recorder: Recorder, latencyUs: number): number {
  let share = 0;
  for (let percent = 1; percent <= 1_000; percent += 1) {
    if (recorder.quantileUs(percent / 1_000) <= latencyUs) share = percent / 1_000;
  }
  return share;
}
