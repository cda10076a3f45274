import { describe, expect, it } from 'vitest';
import { openSession, type Session } from '../../../src/postgres/session.js';
import { autovacuum } from '../../../src/worker/pace/autovacuum.js';
import { testDatabase } from '../../postgres.js';
import { gaugeOn } from './gauge.js';

const LIMITS = { underVacuum: 'slow', deadRatio: 10, deadTuplesLeast: 100 } as const;
const TABLES = ['"we;ird"."ta.ble"', 'app.parts', 'no_such_table'];

/** A table of 20,000 rows with a name that needs quotes, and a partitioned one. */
const database = () =>
  testDatabase({
    template: 'vacuumed',
    prepare: (session) =>
      session.script(`CREATE SCHEMA "we;ird"; CREATE SCHEMA app;
        CREATE TABLE "we;ird"."ta.ble" WITH (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 0)
          AS SELECT n, repeat('x', 100) AS filler FROM generate_series(1, 20000) AS n;
        ANALYZE "we;ird"."ta.ble";
        CREATE TABLE app.parts (n int) PARTITION BY RANGE (n);
        CREATE TABLE app.parts_low PARTITION OF app.parts FOR VALUES FROM (0) TO (1000) WITH (autovacuum_enabled = off)`),
  });

describe('the brake autovacuum', () => {
  it('slows a run whose table is being vacuumed, or holds it where that is wished, and names who does it', async () => {
    const { url, session } = await database();
    const gauge = gaugeOn(session);
    await whileVacuuming(url, async (pid) => {
      const vacuumed = () => autovacuum(LIMITS, TABLES).measure(gauge);
      await expect.poll(async () => (await vacuumed()).pressure).toBe(0.75);
      expect((await vacuumed()).detail.replace(/[\d.]+( m?s| %)/g, 'N$1')).toBe(
        `process ${pid} (client backend) has been vacuuming "we;ird"."ta.ble" for N ms, N % scanned`,
      );
      expect((await autovacuum({ ...LIMITS, underVacuum: 'hold' }, TABLES).measure(gauge)).pressure).toBe(1);
      expect((await autovacuum(LIMITS, ['app.parts']).measure(gauge)).pressure).toBe(0);
    });
    await expect.poll(async () => (await autovacuum(LIMITS, TABLES).measure(gauge)).pressure).toBe(0);
  });

  it('holds while dead tuples are far beyond what autovacuum waits for, and lets go after a vacuum', async () => {
    const { session } = await database();
    const brake = autovacuum(LIMITS, TABLES);
    await session.query('DELETE FROM "we;ird"."ta.ble" WHERE n <= 3000');
    await session.query('SELECT pg_stat_force_next_flush()');
    const reading = await brake.measure(gaugeOn(session));
    expect(reading.detail).toBe(
      '"we;ird"."ta.ble" has 3,000 dead tuples, 15 times its autovacuum threshold; limit 2,000',
    );
    expect(reading.pressure).toBe(1.5);
    await session.query('VACUUM "we;ird"."ta.ble"');
    await session.query('SELECT pg_stat_force_next_flush()');
    expect((await brake.measure(gaugeOn(session))).pressure).toBeLessThan(0.5);
  });

  it('does not wait for an autovacuum that is switched off, and says so, for partitions too', async () => {
    const { session } = await database();
    await session.script('INSERT INTO app.parts SELECT generate_series(0, 999); DELETE FROM app.parts');
    await session.query('SELECT pg_stat_force_next_flush()');
    const reading = await autovacuum(LIMITS, ['app.parts']).measure(gaugeOn(session));
    const unseen = 'autovacuum is off for app.parts_low: dead tuples there are not waited for';
    expect(reading).toMatchObject({ pressure: 0, unseen });
  });
});

async function whileVacuuming(url: string, work: (pid: number | null) => Promise<void>): Promise<void> {
  const vacuuming: Session = await openSession(url);
  await vacuuming.script('SET vacuum_cost_delay = 100; SET vacuum_cost_limit = 1');
  const vacuum = vacuuming.query('VACUUM "we;ird"."ta.ble"').catch((error: Error) => error.message);
  const { backendPid } = vacuuming;
  const other = await openSession(url);
  try {
    await work(backendPid);
  } finally {
    await other.query('SELECT pg_cancel_backend($1)', [backendPid]);
    await vacuum;
    await Promise.all([vacuuming.close(), other.close()]);
  }
}
