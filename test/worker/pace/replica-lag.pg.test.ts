import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EmbeddedServer, startServer } from '../../../src/embedded/server.js';
import { openSession, type Session } from '../../../src/postgres/session.js';
import { replicaLag } from '../../../src/worker/pace/replica-lag.js';
import { type Replica, startReplica } from '../../replica.js';
import { gaugeOn } from './gauge.js';

const LIMITS = { lagSeconds: 10, lagBytes: 8 * 1024 * 1024, except: [] };

let primary: EmbeddedServer;
let replica: Replica;
let writer: Session;
let reader: Session;
const sessions: Session[] = [];

beforeAll(async () => {
  primary = await startServer();
  replica = await startReplica(primary, { name: 'reports' });
  writer = await open(primary.url('postgres'));
  reader = await open(replica.url('postgres'));
  await writer.query('CREATE ROLE nobody_special LOGIN');
});

afterAll(async () => {
  await Promise.all(sessions.map((session) => session.close()));
  await replica?.stop();
  await primary?.stop();
});

describe('the brake replica-lag', () => {
  it('holds while a replica is too many bytes behind, names it, and lets go when it has caught up', async () => {
    const brake = replicaLag(LIMITS);
    const gauge = gaugeOn(writer);
    await write(1);
    await replica.catchUp();
    expect((await settled(brake)).pressure).toBeLessThan(1);
    await paused(async () => {
      await write(9);
      const reading = await brake.measure(gauge);
      expect(reading.pressure).toBeGreaterThanOrEqual(1);
      expect(reading.detail).toMatch(
        /^replica reports \(process \d+\) is .* and 9(\.\d+)? MB behind; limit 10 s or 8 MB$/,
      );
      expect(await replicaLag({ ...LIMITS, except: ['reports'] }).measure(gauge)).toMatchObject({ pressure: 0 });
    });
    await replica.catchUp();
    expect((await settled(brake)).pressure).toBeLessThan(1);
  });

  it('counts the time for which replay has not moved although there is something to replay', async () => {
    const brake = replicaLag(LIMITS);
    const gauge = gaugeOn(writer);
    await paused(async () => {
      await write(0.01);
      expect((await brake.measure(gauge)).pressure).toBeLessThan(0.5);
      gauge.move(12_000);
      const reading = await brake.measure(gauge);
      expect(reading.pressure).toBeGreaterThan(1.1);
      expect(reading.detail).toContain('is 12 s and');
    });
  });

  it('says which right is missing instead of holding or of passing over it in silence', async () => {
    const url = new URL(primary.url('postgres'));
    url.username = 'nobody_special';
    const reading = await replicaLag(LIMITS).measure(gaugeOn(await open(url.href)));
    expect(reading).toMatchObject({ pressure: 0, unseen: expect.stringContaining('GRANT pg_monitor') });
  });
});

async function paused(work: () => Promise<void>): Promise<void> {
  await reader.query('SELECT pg_catalog.pg_wal_replay_pause()');
  await expect
    .poll(async () => (await reader.query('SELECT pg_get_wal_replay_pause_state() AS state')).rows)
    .toEqual([{ state: 'paused' }]);
  await work().finally(() => reader.query('SELECT pg_catalog.pg_wal_replay_resume()'));
}

/** The replica tells the primary at its own pace how far it is. */
async function settled(brake: ReturnType<typeof replicaLag>) {
  await expect.poll(async () => (await brake.measure(gaugeOn(writer))).pressure, { timeout: 15_000 }).toBeLessThan(1);
  return brake.measure(gaugeOn(writer));
}

async function write(megabytes: number): Promise<void> {
  await writer.query('SET synchronous_commit = on');
  await writer.query("SELECT pg_logical_emit_message(true, 'test', repeat('x', $1::int))", [
    Math.round(megabytes * 1024 * 1024),
  ]);
}

async function open(url: string): Promise<Session> {
  const session = await openSession(url);
  sessions.push(session);
  return session;
}
