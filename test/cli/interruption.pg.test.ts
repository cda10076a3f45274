import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { isRunning } from '../../src/embedded/living.js';
import { StewardError } from '../../src/errors.js';
import { openSession, type Session } from '../../src/postgres/session.js';
import {
  expectRefusal,
  foldersOf,
  type PrivateServer,
  place,
  privateServerOf,
  runProgram,
  startProgram,
} from '../program.js';
import { BY_CUSTOMER, shopDatabase } from './shop.js';

// Programs are started here, each with a server of its own; on a busy machine that takes its time.
vi.setConfig({ testTimeout: 120_000 });

let url: string;
let session: Session;
let spec: string;

beforeAll(async () => {
  ({ url, session } = await shopDatabase());
  const folder = place();
  writeFileSync(join(folder, 'a.sql'), BY_CUSTOMER);
  spec = `sql:${folder}`;
});

describe('a program that is stopped', () => {
  it('in advise ends its server with it', async () => {
    const running = startProgram(['advise', '--database-url', url, '--workload', spec]);
    const server = await privateServerOf(running);
    running.child.kill('SIGINT');
    const ended = await running.ended;
    expect(ended).toEqual({ status: 3, signal: null, stdout: '', stderr: 'pgsteward: stopped by SIGINT\n' });
    expect({ server: isRunning(server.pid), folders: foldersOf(running.pid) }).toEqual({ server: false, folders: [] });
  });

  it('in demo leaves neither server nor output behind', async () => {
    const output = join(place(), 'demo');
    const running = startProgram(['demo', '--output', output]);
    const server = await privateServerOf(running);
    await whenFilling(server);
    running.child.kill('SIGTERM');
    expect(await running.ended).toMatchObject({ status: 3, stdout: '', stderr: 'pgsteward: stopped by SIGTERM\n' });
    expect({ server: isRunning(server.pid), output: existsSync(output) }).toEqual({ server: false, output: false });
  });

  it('before it could clean up is cleaned up after by the next one', async () => {
    const tmpdir = join(place(), 'tmp');
    mkdirSync(tmpdir, { mode: 0o755 });
    const killed = startProgram(['advise', '--database-url', url, '--workload', spec], { tmpdir });
    const server = await privateServerOf(killed, tmpdir);
    killed.child.kill('SIGKILL');
    await killed.ended;
    expect(foldersOf(killed.pid, tmpdir)).toEqual([server.folder]);
    expect(await runProgram(['advise', '--database-url', url, '--workload', spec], { tmpdir })).toMatchObject({
      status: 0,
    });
    expect({ server: isRunning(server.pid), folder: existsSync(server.folder) }).toEqual({
      server: false,
      folder: false,
    });
  });
});

/** Waits until the demo fills its tables. */
async function whenFilling({ folder }: PrivateServer): Promise<void> {
  const socket = encodeURIComponent(join(folder, 's'));
  for (;;) {
    try {
      const fleet = await openSession(`postgres://postgres@localhost:5432/fleet?host=${socket}&sslmode=disable`);
      const { rows } = await fleet.query<{ there: boolean }>(
        "SELECT to_regclass('public.update_logs') IS NOT NULL AS there",
      );
      await fleet.close();
      if (rows[0]?.there === true) return;
    } catch (error) {
      // The server does not answer yet, or the database is not there yet.
      if (!(error instanceof StewardError)) throw error;
    }
  }
}

it('a lock on an advised table is waited for only a while', async () => {
  await session.script('BEGIN; LOCK TABLE orders IN ACCESS EXCLUSIVE MODE');
  try {
    const ended = await runProgram(['advise', '--database-url', url, '--workload', spec]);
    expect(expectRefusal(ended, 3)).toMatch(
      /says: canceling statement due to lock timeout\n {2}pg_stat_activity shows who holds the lock/,
    );
  } finally {
    await session.query('ROLLBACK');
  }
});
