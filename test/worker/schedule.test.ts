import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type CoordinatedRun, type RunningSchedule, readSchedule } from '../../src/worker/schedule.js';

const DAY_MS = 86_400_000;

describe('a schedule', () => {
  it.each([
    ['17 * * * *', 'UTC', ['2026-01-01T09:17:00Z', '2026-01-01T10:17:00Z', '2026-01-01T11:17:00Z']],
    ['*/30 * * * * *', 'UTC', ['2026-01-01T11:59:00Z', '2026-01-01T11:59:30Z', '2026-01-01T12:00:00Z']],
    ['30 3 * * *', 'Asia/Kolkata', ['2025-12-29T22:00:00Z', '2025-12-30T22:00:00Z', '2025-12-31T22:00:00Z']],
    ['0 4 1 * *', 'UTC', ['2025-11-01T04:00:00Z', '2025-12-01T04:00:00Z', '2026-01-01T04:00:00Z']],
  ])('gives the latest fires of %s in %s', (expression, timezone, fires) => {
    const between = readSchedule(expression, timezone).between(new Date(0), new Date('2026-01-01T12:00:00Z'), 3);
    expect(between).toEqual(fires.map((fire) => new Date(fire)));
  });

  it('leaves out the fire it counts from, and keeps the one it counts to', () => {
    const schedule = readSchedule('0 * * * *', 'UTC');
    const [after, until] = [new Date('2026-01-01T01:00:00Z'), new Date('2026-01-01T03:00:00Z')];
    expect(schedule.between(after, until, 10)).toEqual([new Date('2026-01-01T02:00:00Z'), until]);
  });

  it.each([
    ['61 * * * *', 'minute (61)'],
    ['* * *', 'no cron expression'],
    ['every minute', 'no cron expression'],
  ])('refuses %s', (expression, words) => {
    expect(() => readSchedule(expression, 'UTC')).toThrow(words);
  });
});

describe('a schedule in a zone with summer time', () => {
  it.each([
    ['30 2 * * *', 'Europe/Berlin', '2026-03-29 02:30'],
    ['15 */2 * * *', 'America/New_York', '2026-03-08 02:15'],
    ['0 30 2 * * *', 'Europe/Berlin', '2026-03-29 02:30'],
    ['5 2 * * *', 'Australia/Lord_Howe', '2026-10-04 02:05'],
  ])('names the fire of %s in %s that it loses next', (expression, timezone, lost) => {
    expect(readSchedule(expression, timezone).nextLost(new Date('2026-01-01T12:00:00Z'))).toBe(lost);
  });

  it.each([
    ['30 3 * * *', 'Europe/Berlin'],
    ['30 2 1 * *', 'Europe/Berlin'],
    ['*/5 * * * *', 'Europe/Berlin'],
    ['30 2 * * *', 'Asia/Kolkata'],
    ['30 2 * * *', 'UTC'],
  ])('loses none of %s in %s', (expression, timezone) => {
    expect(readSchedule(expression, timezone).nextLost(new Date('2026-01-01T12:00:00Z'))).toBeNull();
  });

  it('names that of the next year once the hour has passed', () => {
    const schedule = readSchedule('30 2 * * *', 'Europe/Berlin');
    expect(schedule.nextLost(new Date('2026-03-29T00:59:00Z'))).toBe('2026-03-29 02:30');
    expect(schedule.nextLost(new Date('2026-03-29T01:00:00Z'))).toBe('2027-03-28 02:30');
  });
});

describe('a schedule under a clock of its own', () => {
  let running: RunningSchedule | null = null;
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => {
    running?.stop();
    vi.useRealTimers();
  });

  it('fires once an hour for seven days in UTC', async () => {
    const fires = await fired('17 * * * *', 'UTC', { from: '2026-03-25T00:00:00Z', days: 7 });
    expect(fires).toHaveLength(7 * 24);
    expect(new Set(fires).size).toBe(7 * 24);
  });

  it('fires once a day through both changes of summer time', async () => {
    const spring = await fired('30 4 * * *', 'Europe/Berlin', { from: '2026-03-25T00:00:00Z', days: 7 });
    expect(spring.slice(3, 5)).toEqual(['2026-03-28T03:30:00.000Z', '2026-03-29T02:30:00.000Z']);
    expect(spring).toHaveLength(7);
    const autumn = await fired('30 4 * * *', 'Europe/Berlin', { from: '2026-10-22T00:00:00Z', days: 7 });
    expect(autumn).toHaveLength(7);
  });

  it('loses the fire at an hour that the day of the change does not have, and runs one that comes twice once', async () => {
    const spring = await fired('30 2 * * *', 'Europe/Berlin', { from: '2026-03-27T12:00:00Z', days: 3 });
    expect(spring).toEqual(['2026-03-28T01:30:00.000Z', '2026-03-30T00:30:00.000Z']);
    const autumn = await fired('30 2 * * *', 'Europe/Berlin', { from: '2026-10-23T12:00:00Z', days: 3 });
    expect(autumn).toEqual(['2026-10-24T00:30:00.000Z', '2026-10-25T01:30:00.000Z', '2026-10-26T01:30:00.000Z']);
    const schedule = readSchedule('30 2 * * *', 'Europe/Berlin');
    const span = [new Date('2026-10-23T12:00:00Z'), new Date('2026-10-26T12:00:00Z')] as const;
    expect(schedule.between(...span, 9).map((fire) => fire.toISOString())).toEqual(autumn);
  });

  it('asks before it runs, and runs only what is claimed', async () => {
    const ran: string[] = [];
    vi.setSystemTime(new Date('2026-01-01T00:00:00Z'));
    running = readSchedule('* * * * *', 'UTC').start({
      ...idle('claims'),
      claim: async (fireAt) => fireAt.getUTCMinutes() % 2 === 0,
      run: async (fireAt) => void ran.push(fireAt.toISOString()),
    });
    await vi.advanceTimersByTimeAsync(4 * 60_000);
    expect(ran).toEqual(['2026-01-01T00:02:00.000Z', '2026-01-01T00:04:00.000Z']);
  });

  it('tells when the ledger could not be asked', async () => {
    let missed = 0;
    vi.setSystemTime(new Date('2026-01-01T00:00:00Z'));
    running = readSchedule('* * * * *', 'UTC').start({
      ...idle('fails'),
      claim: () => Promise.reject(new Error('the server is away')),
      onMissed: () => {
        missed += 1;
      },
    });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(missed).toBe(1);
  });

  async function fired(expression: string, timezone: string, span: { from: string; days: number }): Promise<string[]> {
    const fires: string[] = [];
    running?.stop();
    vi.setSystemTime(new Date(span.from));
    running = readSchedule(expression, timezone).start({
      ...idle(`${expression} ${span.from}`),
      run: async (fireAt) => void fires.push(fireAt.toISOString()),
    });
    await vi.advanceTimersByTimeAsync(span.days * DAY_MS);
    return fires;
  }
});

function idle(name: string): CoordinatedRun {
  return { name, claim: async () => true, run: async () => undefined, onMissed: () => undefined };
}
