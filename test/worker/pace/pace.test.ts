import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import type { Session } from '../../../src/postgres/session.js';
import type { Brake } from '../../../src/worker/pace/brake.js';
import { BrakeWatch } from '../../../src/worker/pace/brake-watch.js';
import { type Held, HoldAccount } from '../../../src/worker/pace/hold-account.js';
import { Pace } from '../../../src/worker/pace/pace.js';
import { FakeClock } from './fake-clock.js';

const SIZES = { first: 100, least: 1, most: 1000 };
const SIGNAL = new AbortController().signal;
const session = { isBroken: false, close: async () => undefined } as unknown as Session;

describe('the pace of a run', () => {
  it('rests so long that a batch is under way for the share of the duty cycle', async () => {
    const { pace, waits } = setUp({ dutyCycle: 0.25 });
    expect(await waits(pace)).toBe(0);
    learn(pace, 40);
    expect(await waits(pace)).toBe(120);
  });

  it('rests until the WAL of a batch is what may be written in that time', async () => {
    const { pace, waits } = setUp({ dutyCycle: 0.5, walBytesPerSecond: 1_000_000 });
    pace.learn({ size: pace.nextSize(SIZES), durationMs: 10, roundTripMs: 0, walBytes: 200_000 });
    expect(await waits(pace)).toBe(190);
    pace.learn({ size: pace.nextSize(SIZES), durationMs: 10, roundTripMs: 0, walBytes: 0 });
    expect(await waits(pace)).toBe(10);
  });

  it('does not wait long for WAL that can hardly be its own', async () => {
    const { pace, waits } = setUp({ dutyCycle: 0.5, walBytesPerSecond: 1_000_000 });
    pace.learn({ size: pace.nextSize(SIZES), durationMs: 10, roundTripMs: 0, walBytes: 900_000_000 });
    expect(await waits(pace)).toBe(490);
  });

  it('keeps a size for each unit that a kind works in', () => {
    const { pace } = setUp({});
    pace.nextSize(SIZES);
    pace.learn({ size: 100, durationMs: 10, roundTripMs: 0, walBytes: 0 });
    expect(pace.nextSize(SIZES)).toBe(200);
    expect(pace.nextSize({ ...SIZES, first: 7 })).toBe(7);
    expect(pace.nextSize(SIZES)).toBe(200);
  });

  it('begins no batch while a brake holds, looks again ever later, and tells all of the time', async () => {
    const { pace, waits, brake, told } = setUp({ pressure: 1 });
    setPressureAfter(brake, 7, 0);
    expect(await waits(pace)).toBe(1000 + 2000 + 4000 + 8000 + 15_000 + 15_000);
    expect(told[0]).toEqual({ brake: 'wal-rate', heldMs: 0, detail: 'look 1' });
    expect(told.map(({ detail }) => detail)).toEqual([1, 2, 3, 4, 5, 6, 6].map((look) => `look ${look}`));
    expect(sum(told)).toBe(45_000);
    expect(pace.heldBy()).toBe('45 s by wal-rate (look 6)');
  });

  it('ends at once when the run ends, and still tells how long it was held', async () => {
    const { pace, clock, told } = setUp({ pressure: 1 });
    const stop = new AbortController();
    const ready = pace.ready(stop.signal);
    await clock.advance(500);
    stop.abort(new Error('stopped'));
    await expect(ready).rejects.toThrow('stopped');
    expect(sum(told)).toBe(500);
  });

  it('slows down before a brake holds', async () => {
    const { pace, waits, told } = setUp({ pressure: 0.75, dutyCycle: 0.5 });
    await waits(pace);
    learn(pace, 40);
    expect(await waits(pace)).toBe(120);
    expect(told).toEqual([]);
    await pace.close();
    expect(told).toEqual([{ brake: 'wal-rate', heldMs: 80, detail: 'slowed: look 1' }]);
  });

  it('is not held back by what cannot be measured, and says what it was', async () => {
    const { pace, waits, brake, unseen } = setUp({});
    brake.measure = async () => {
      throw new Error('permission denied');
    };
    expect(await waits(pace)).toBe(0);
    expect(unseen).toEqual(['wal-rate: permission denied']);
  });

  it('looks about once a second while batches are under way', async () => {
    const { pace, waits, clock, looks } = setUp({});
    await waits(pace);
    await clock.advance(10_000);
    expect(looks()).toBe(11);
    await pace.close();
  });
});

function setUp({
  pressure = 0,
  dutyCycle = 0.5,
  walBytesPerSecond = null,
}: {
  pressure?: number;
  dutyCycle?: number;
  walBytesPerSecond?: number | null;
}) {
  const clock = new FakeClock();
  let looks = 0;
  const brake: Brake & { pressureAt: (look: number) => number } = {
    name: 'wal-rate',
    pressureAt: () => pressure,
    async measure() {
      looks += 1;
      return { pressure: brake.pressureAt(looks), detail: `look ${looks}`, unseen: null };
    },
  };
  const told: Held[] = [];
  const unseen: string[] = [];
  const watch = new BrakeWatch({
    ...{ brakes: [brake], openSession: async () => session, clock },
    onUnseen: (name, reason) => unseen.push(`${name}: ${reason}`),
  });
  const account = new HoldAccount({ tell: (held) => told.push(held), log: pino({ level: 'silent' }), fields: {} });
  const pace = new Pace({
    ...{ dutyCycle, walBytesPerSecond, watch, account, clock },
    ...{ backend: { pid: null }, hurryAfterMs: null },
  });
  return { pace, clock, told, unseen, brake, looks: () => looks, waits: (each: Pace) => waitsMs(each, clock) };
}

function setPressureAfter(brake: { pressureAt: (look: number) => number }, look: number, pressure: number) {
  const before = brake.pressureAt;
  brake.pressureAt = (now) => (now >= look ? pressure : before(now));
}

/** Gives how long the next batch has to wait. */
async function waitsMs(pace: Pace, clock: FakeClock): Promise<number> {
  const from = clock.nowMs();
  let readyAt: number | null = null;
  void pace.ready(SIGNAL).then(() => {
    readyAt = clock.nowMs();
  });
  while (readyAt === null && clock.nowMs() - from < 600_000) await clock.advance(10);
  return (readyAt ?? Number.NaN) - from;
}

function learn(pace: Pace, durationMs: number): void {
  pace.learn({ size: pace.nextSize(SIZES), durationMs, roundTripMs: 0, walBytes: 0 });
}

function sum(told: readonly Held[]): number {
  return told.reduce((total, { heldMs }) => total + heldMs, 0);
}
