import { expect, it } from 'vitest';
import { walRate } from '../../../src/worker/pace/wal-rate.js';
import { testDatabase } from '../../postgres.js';
import { gaugeOn } from './gauge.js';

it('the brake wal-rate holds while the server writes too much and lets go when its window has passed', async () => {
  const { session } = await testDatabase();
  const gauge = gaugeOn(session);
  const brake = walRate({ bytesPerSecond: 4 * 1024 * 1024 });
  expect(await brake.measure(gauge)).toMatchObject({ pressure: 0 });
  await session.query("SELECT pg_logical_emit_message(true, 'test', repeat('x', 12 * 1024 * 1024))");
  gauge.move(1000);
  const reading = await brake.measure(gauge);
  expect(reading.pressure).toBeGreaterThanOrEqual(1);
  expect(reading.detail).toMatch(/^the server writes [\d.]+ MB of WAL a second, over the last [\d.]+ s; limit 4 MB$/);
  gauge.move(600_000);
  expect((await brake.measure(gauge)).pressure).toBeLessThan(0.5);
});
