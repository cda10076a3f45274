import { pino } from 'pino';
import { afterEach, expect, it, onTestFinished } from 'vitest';
import { startServer } from '../../src/embedded/server.js';
import { readMigrations } from '../../src/migrate/files.js';
import { migrateUp } from '../../src/migrate/up.js';
import type { GateSettings } from '../../src/worker/start-gate.js';
import { Worker } from '../../src/worker/worker.js';
import { folderWith } from '../migrate/folder.js';
import { testDatabase } from '../postgres.js';
import { startReplica } from '../replica.js';
import { callJob } from './by-hand.js';

const FILES = { '0001_make_parts.up.sql': 'CREATE TABLE parts (id int PRIMARY KEY);\n' };
const ALLOWED = { object: 'public.parts.price', until: '2999-01-01', reason: 'its migration comes next week' };
const workers: Worker[] = [];

afterEach(async () => {
  for (const worker of workers) worker.drain('the end of the test');
  await Promise.all(workers.splice(0).map((worker) => worker.stop(10)));
});

/** Starts a worker that has no job, and says what stands in its way. */
async function obstaclesOf(url: string, gate: GateSettings): Promise<readonly string[]> {
  const worker = new Worker({
    ...{ jobs: [], targets: [{ name: 'home', url, isHome: true }], homeUrl: url, ownSchema: 'steward', gate },
    ...{ leaseSeconds: 30, timezone: 'UTC', concurrency: 2, log: pino({ level: 'silent' }), onEvent: () => undefined },
  });
  workers.push(worker);
  await worker.start();
  return worker.obstacles();
}

it('stays closed while the schema is not what the migrations make, where that is asked for', async () => {
  const { url, session } = await testDatabase();
  const dirs = [await folderWith(FILES)];
  await migrateUp(url, await readMigrations(dirs), { schema: 'steward' });
  await session.query('ALTER TABLE parts ADD COLUMN price numeric');
  const gate: GateSettings = { dirs, gate: 'require' };
  expect(await obstaclesOf(url, gate)).toEqual([]);
  const closed = ['home: column public.parts.price is in no migration'];
  expect(await obstaclesOf(url, { ...gate, allowedDrift: [] })).toEqual(closed);
  expect(await obstaclesOf(url, { ...gate, allowedDrift: [ALLOWED] })).toEqual([]);
});

it('stays closed on a standby, where a run by hand is refused too', async () => {
  const primary = await startServer();
  onTestFinished(() => primary.stop());
  const standby = await startReplica(primary);
  onTestFinished(() => standby.stop());
  const url = standby.url('postgres');
  expect(await obstaclesOf(url, { dirs: [], gate: 'require' })).toEqual([
    'home: the server is a standby, which takes no writes; name its primary',
  ]);
  await expect(callJob({ url, name: 'time-out-commands' })).rejects.toThrow('in a read-only transaction');
});
