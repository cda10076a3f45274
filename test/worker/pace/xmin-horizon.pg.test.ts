import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type EmbeddedServer, startServer } from '../../../src/embedded/server.js';
import { openSession, type Session } from '../../../src/postgres/session.js';
import { xminHorizon } from '../../../src/worker/pace/xmin-horizon.js';
import { gaugeOn } from './gauge.js';

const NOBODY = { pid: null };
const HOUR = { ageSeconds: 3600, ageTransactions: 10_000_000 };

let server: EmbeddedServer;
let sessions: Session[] = [];

beforeAll(async () => {
  server = await startServer({ settings: { max_prepared_transactions: '2' } });
});

afterEach(async () => {
  await Promise.all(sessions.map((session) => session.close()));
  sessions = [];
});

afterAll(() => server?.stop());

describe('the brake xmin-horizon', () => {
  it('holds while an old snapshot is kept, names who keeps it, and lets go when it is given up', async () => {
    const gauge = gaugeOn(await open());
    const report = await open('monthly report');
    await report.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
    await report.query('SELECT 1 FROM pg_class LIMIT 1');
    const reading = await xminHorizon({ ...HOUR, ageSeconds: 0.001 }, NOBODY).measure(gauge);
    expect(reading.pressure).toBeGreaterThanOrEqual(1);
    expect(reading.unseen).toBeNull();
    expect(reading.detail.replace(/[\d.]+ (ms|s)/g, 'N ms')).toBe(
      `backend ${report.backendPid} (monthly report), idle in transaction, holds the xmin horizon for N ms, 0 transactions back; limit N ms or 10 M transactions`,
    );
    expect((await xminHorizon(HOUR, NOBODY).measure(gauge)).pressure).toBeLessThan(0.5);
    const own = { pid: report.backendPid };
    expect(await xminHorizon({ ...HOUR, ageSeconds: 0.001 }, own).measure(gauge)).toMatchObject({ pressure: 0 });
    await report.query('COMMIT');
    expect(await xminHorizon({ ...HOUR, ageSeconds: 0.001 }, NOBODY).measure(gauge)).toMatchObject({ pressure: 0 });
  });

  it('counts transactions since then, and those that are prepared and forgotten', async () => {
    const session = await open();
    await session.script("BEGIN; CREATE TABLE pond (n int); PREPARE TRANSACTION 'forgotten'");
    for (let n = 0; n < 5; n += 1) await session.query('SELECT pg_current_xact_id()');
    const reading = await xminHorizon({ ...HOUR, ageTransactions: 5 }, NOBODY).measure(gaugeOn(session));
    await session.query("ROLLBACK PREPARED 'forgotten'");
    expect(reading.pressure).toBeGreaterThanOrEqual(1);
    expect(reading.detail).toMatch(/^prepared transaction forgotten of \w+ holds .*, \d transactions back/);
  });

  it('passes over snapshots of other databases, which keep nothing alive here', async () => {
    const session = await open();
    await session.query('CREATE DATABASE other');
    const elsewhere = await open('elsewhere', 'other');
    await elsewhere.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
    await elsewhere.query('SELECT 1 FROM pg_class LIMIT 1');
    expect(await xminHorizon({ ...HOUR, ageSeconds: 0.001 }, NOBODY).measure(gaugeOn(session))).toMatchObject({
      pressure: 0,
    });
  });

  it('counts transactions alone where the role may not see times, and says so', async () => {
    const owner = await open('monthly report');
    await owner.query('CREATE ROLE nobody_special LOGIN');
    await owner.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
    await owner.query('SELECT 1 FROM pg_class LIMIT 1');
    const session = await open('pgsteward', 'postgres', 'nobody_special');
    const reading = await xminHorizon({ ...HOUR, ageSeconds: 0.001 }, NOBODY).measure(gaugeOn(session));
    expect(reading).toMatchObject({ pressure: 0, unseen: expect.stringContaining('GRANT pg_monitor') });
    expect(reading.detail).toContain('(monthly report) holds the xmin horizon 0 transactions back');
  });
});

async function open(applicationName = 'pgsteward', database = 'postgres', user?: string): Promise<Session> {
  const url = new URL(server.url(database));
  if (user !== undefined) url.username = user;
  const session = await openSession(url.href, { applicationName });
  sessions.push(session);
  return session;
}
