import { expect, it } from 'vitest';
import { openSession } from '../../../src/postgres/session.js';
import { lockWaiters } from '../../../src/worker/pace/lock-waiters.js';
import { testDatabase } from '../../postgres.js';
import { gaugeOn } from './gauge.js';

it('the brake lock-waiters holds once somebody waits behind the batch, names who, and lets go after the batch', async () => {
  const { url, session } = await testDatabase();
  await session.script('CREATE TABLE pond (n int); INSERT INTO pond VALUES (1)');
  const [batch, waiter] = await Promise.all([openSession(url), openSession(url, { applicationName: 'checkout' })]);
  const backend = { pid: batch.backendPid };
  const brake = lockWaiters({ waitedMs: 10 }, backend);
  await batch.script('BEGIN; UPDATE pond SET n = 2');
  expect(await brake.measure(gaugeOn(session))).toMatchObject({ pressure: 0 });
  const waiting = waiter.query('UPDATE pond SET n = 3');
  await expect.poll(async () => (await brake.measure(gaugeOn(session))).pressure).toBeGreaterThanOrEqual(1);
  const { detail } = await brake.measure(gaugeOn(session));
  expect(detail.replace(/[\d.]+ m?s for/, 'N ms for')).toBe(
    `backend ${waiter.backendPid} (checkout) has waited N ms for a lock of the batch under way, 1 in all; limit 10 ms`,
  );
  await batch.query('COMMIT');
  await waiting;
  backend.pid = null;
  expect(await brake.measure(gaugeOn(session))).toMatchObject({ pressure: 0 });
  await Promise.all([batch.close(), waiter.close()]);
});
