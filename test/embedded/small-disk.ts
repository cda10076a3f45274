import { spawnSync } from 'node:child_process';
import { statfsSync } from 'node:fs';
import type { TestContext } from 'vitest';
import { startServer } from '../../src/embedded/server.js';
import { openSession, type Session } from '../../src/postgres/session.js';
import { mountedDirectory } from './places.js';

/** A server of its own with a tablespace `small`, which lies on a disk of its own. */
export interface SmallDisk {
  readonly url: string;
  /** An open session of the superuser. */
  readonly session: Session;
  /** Leaves that disk with so many bytes free. */
  leave(freeBytes: number): void;
}

/** Starts the server; it ends with the test, which is skipped where no file system can be mounted. */
export async function serverWithSmallDisk(context: TestContext): Promise<SmallDisk> {
  const server = await startServer();
  context.onTestFinished(() => server.stop());
  const url = server.url('postgres');
  const session = await openSession(url);
  context.onTestFinished(() => session.close());
  const owner = server.owner === null ? '' : `,uid=${server.owner.uid}`;
  const directory = mountedDirectory(context, `size=64m,mode=0700${owner}`);
  await session.query(`CREATE TABLESPACE small LOCATION '${directory}'`);
  return {
    ...{ url, session },
    leave: (freeBytes) => {
      const { blocks, bfree, bsize } = statfsSync(directory);
      const size = (blocks - bfree) * bsize + freeBytes;
      const { status, stderr } = spawnSync('mount', ['-o', `remount,size=${size}`, directory]);
      if (status !== 0) throw new Error(`the disk cannot be made smaller: ${String(stderr)}`);
    },
  };
}
