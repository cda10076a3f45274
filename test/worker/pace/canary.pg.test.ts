import { describe, expect, it } from 'vitest';
import { StewardError } from '../../../src/errors.js';
import { canary } from '../../../src/worker/pace/canary.js';
import { testDatabase } from '../../postgres.js';
import { gaugeOn } from './gauge.js';

const SQL = 'SELECT pg_sleep(seconds) FROM delay';

const database = () =>
  testDatabase({
    template: 'canary',
    prepare: (session) => session.script('CREATE TABLE delay (seconds float8); INSERT INTO delay VALUES (0.001)'),
  });

describe('the brake canary', () => {
  it('holds once the statement is slower than before the run, and lets go when it is not', async () => {
    const { session } = await database();
    const brake = canary({ sql: SQL, p99Ratio: 4 });
    const gauge = gaugeOn(session);
    expect((await brake.measure(gauge)).pressure).toBeLessThan(1);
    await session.query('UPDATE delay SET seconds = 0.9');
    await brake.measure(gauge);
    const reading = await brake.measure(gauge);
    expect(reading.pressure).toBeGreaterThanOrEqual(1);
    expect(reading.detail).toMatch(
      /^the canary's p99 is \d+ ms, [\d.]+ times the [\d.]+ ms before the run; limit 4 times$/,
    );
    await session.query('UPDATE delay SET seconds = 0.001');
    await expect.poll(async () => (await brake.measure(gauge)).pressure).toBeLessThan(1);
  });

  it('is not alarmed by a single slow answer', async () => {
    const { session } = await database();
    // Beside so long an answer what a busy machine adds is little.
    await session.query('UPDATE delay SET seconds = 0.03');
    const brake = canary({ sql: SQL, p99Ratio: 4 });
    const gauge = gaugeOn(session);
    await brake.measure(gauge);
    await session.query('UPDATE delay SET seconds = 0.3');
    expect((await brake.measure(gauge)).pressure).toBeLessThan(1);
  });

  it('holds beyond a latency that is given, however slow it was before', async () => {
    const { session } = await database();
    await session.query('UPDATE delay SET seconds = 0.1');
    const reading = await canary({ sql: SQL, p99Ratio: 4, p99Ms: 50 }).measure(gaugeOn(session));
    expect(reading.pressure).toBeGreaterThanOrEqual(2);
    expect(reading.detail).toContain('limit 4 times or 50 ms');
  });

  it.each([
    ['DELETE FROM delay', 'is no SELECT'],
    ['SELECT 1; COMMIT; DELETE FROM delay', 'is not one statement'],
    ['SELECT FROM no_such_table', 'relation "no_such_table" does not exist'],
    ['SELECT from where', 'syntax error'],
  ])('refuses %s before the first batch', async (sql, reason) => {
    const { session } = await database();
    const refusal = await canary({ sql, p99Ratio: 2 })
      .measure(gaugeOn(session))
      .catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(StewardError);
    expect((refusal as StewardError).message).toContain('the statement under brakes.canary.sql');
    expect((refusal as StewardError).message).toContain(reason);
  });
});
