import { spawn, spawnSync } from 'node:child_process';
import { chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { serverAccount } from '../src/embedded/account.js';
import { openSession } from '../src/postgres/session.js';

/** A PgBouncer in front of a database. */
export interface Pooler {
  readonly url: string;
  stop(): Promise<void>;
}

/** True where PgBouncer is installed. */
export const hasPooler = spawnSync('pgbouncer', ['--version']).status === 0;

/** What a test says that is skipped for want of one. */
export const NO_POOLER = 'no PgBouncer here: apt-get install pgbouncer';

const READY_TRIES = 100;

interface PoolerOptions {
  /** Connections to the database. */
  readonly connections?: number;
  /** Whether a client keeps its connection for a transaction, or for as long as it stays. */
  readonly mode?: 'transaction' | 'session';
}

/** Starts a PgBouncer that hands each transaction to any of three connections to the database, if nothing else is said. */
export async function startPooler(
  databaseUrl: string,
  { connections = 3, mode = 'transaction' }: PoolerOptions = {},
): Promise<Pooler> {
  const { pathname, port, username, searchParams } = new URL(databaseUrl);
  const name = pathname.slice(1);
  const folder = mkdtempSync(join(tmpdir(), 'pooler-'));
  const account = serverAccount();
  const file = join(folder, 'pgbouncer.ini');
  writeFileSync(
    file,
    `[databases]
${name} = host=${searchParams.get('host')} port=${port || 5432} dbname=${name} user=${username}
[pgbouncer]
listen_addr =
unix_socket_dir = ${folder}
listen_port = 5432
auth_type = any
pool_mode = ${mode}
default_pool_size = ${connections}
`,
  );
  if (account !== null) for (const path of [folder, file]) chownSync(path, account.uid, account.gid);
  const child = spawn('pgbouncer', ['--quiet', file], { stdio: 'ignore', ...account });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const url = `postgres://${username}@localhost/${name}?host=${encodeURIComponent(folder)}&sslmode=disable`;
  await ready(url);
  return {
    url,
    stop: async () => {
      child.kill('SIGINT');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function ready(url: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const session = await openSession(url);
      await session.close();
      return;
    } catch (error) {
      if (attempt === READY_TRIES) throw error;
      await delay(50);
    }
  }
}
