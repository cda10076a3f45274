import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, it, vi } from 'vitest';
import { readMigrations } from '../../src/migrate/files.js';
import { migrateUp } from '../../src/migrate/up.js';
import type { ObservedSchema } from '../../src/model/drift.js';
import { seededRandom } from '../../src/random.js';
import { hasPooler, NO_POOLER, startPooler } from '../pooler.js';
import { type TestDatabase, testDatabase } from '../postgres.js';
import { chainFiles, faultsOf, schemaOf } from './chain.js';
import { folderWith } from './folder.js';

vi.setConfig({ testTimeout: 120_000 });

const SEED = 7;
const RUN_UP = fileURLToPath(new URL('./run-up.ts', import.meta.url));
let reference: Promise<ObservedSchema> | null = null;

async function undisturbed(): Promise<ObservedSchema> {
  const { url, session } = await testDatabase();
  await migrateUp(url, await readMigrations([await folderWith(chainFiles())]));
  return schemaOf(session);
}

async function expectWhole({ session }: TestDatabase): Promise<void> {
  reference ??= undisturbed();
  expect(await faultsOf(session, await reference), `seed ${SEED}`).toEqual([]);
}

/** Files of one transaction, and such as run statement by statement; all have marked that they began when they sleep. */
const STRUCK = ['0003', '0007', '0012', '0014', '0021', '0028'];

it('a chain whose connections are ended in the middle of files is as if nothing had happened once it is through', async () => {
  const random = seededRandom(SEED);
  const database = await testDatabase();
  const { url, session } = database;
  const folder = await readMigrations([await folderWith(chainFiles(STRUCK))]);
  const end = (where: string) =>
    session.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND application_name LIKE 'pgsteward migrate%' ${where}`,
    );
  for (const version of STRUCK) {
    let ended: unknown = null;
    const run = migrateUp(url, folder, { leaseMs: 300 }).then(
      () => (ended = 'it came through'),
      (error: unknown) => (ended = error),
    );
    const asleep = `AND wait_event = 'PgSleep' AND application_name LIKE 'pgsteward migrate ${version} %'`;
    while ((await end(asleep)).rowCount === 0) expect(ended, `ended before it slept in ${version}`).toBeNull();
    await run;
    const again = migrateUp(url, folder, { leaseMs: 300, to: version });
    await Promise.allSettled([again, pause(random() * 100).then(() => end(''))]);
  }
  await migrateUp(url, folder, { leaseMs: 300 });
  await expectWhole(database);
});

it('a chain whose process is killed is as if nothing had happened once another is through', async () => {
  const database = await testDatabase();
  const dir = await folderWith(chainFiles());
  for (const afterMs of [20, 150]) {
    const child = spawn(process.execPath, ['--import', 'tsx', RUN_UP, database.url, dir, '300'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const ended = once(child, 'exit');
    await once(child.stdout, 'data');
    await pause(afterMs);
    child.kill('SIGKILL');
    await ended;
  }
  await migrateUp(database.url, await readMigrations([dir]), { leaseMs: 300 });
  await expectWhole(database);
});

it('eight runners behind PgBouncer in transaction mode make one chain', async ({ skip }) => {
  if (!hasPooler) skip(NO_POOLER);
  const database = await testDatabase();
  const folder = await readMigrations([await folderWith(chainFiles())]);
  const pooler = await startPooler(database.url, { connections: 10 });
  const results = await Promise.all(Array.from({ length: 8 }, () => migrateUp(pooler.url, folder)));
  await pooler.stop();
  const done = results.flatMap(({ done }) => done.map(({ version }) => version));
  expect(done.sort()).toEqual(folder.migrations.map(({ version }) => version));
  await expectWhole(database);
});
