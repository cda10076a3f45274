import { spawnSync } from 'node:child_process';
import { chownSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { findBinaries } from '../src/embedded/binaries.js';
import { startPostmaster } from '../src/embedded/postmaster.js';
import { createPrivateFolder } from '../src/embedded/private-folder.js';
import { makeRunnable } from '../src/embedded/runnable.js';
import type { EmbeddedServer } from '../src/embedded/server.js';
import { ServerLife } from '../src/embedded/server-life.js';
import { serverSettings } from '../src/embedded/settings.js';
import { openSession } from '../src/postgres/session.js';

/** A streaming replica of a private server, which takes reading connections. */
export interface Replica {
  /** URL of one of its databases, for the superuser `postgres`. */
  url(database: string): string;
  readonly dataDirectory: string;
  /** Waits until the replica has replayed all that the primary has committed by now. */
  catchUp(): Promise<void>;
  stop(): Promise<void>;
}

const CATCH_UP_DEADLINE_MS = 20_000;
const POLL_MS = 5;

/**
 * Starts a hot standby of a running private server from a copy of its data folder; it streams over the primary's Unix
 * socket as `name`, which pg_stat_replication shows. Where the primary has more connections or workers than
 * a private server has by itself, `settings` has to give the replica as many.
 */
export async function startReplica(
  primary: EmbeddedServer,
  { name = 'replica', settings = {} }: { name?: string; settings?: Readonly<Record<string, string>> } = {},
): Promise<Replica> {
  const life = new ServerLife();
  try {
    const folder = life.own(createPrivateFolder(primary.owner));
    const binaries = makeRunnable(findBinaries(primary.major), folder, primary.owner);
    await copyRunning(primary, folder.dataDirectory);
    const standby = { hot_standby: 'on', primary_conninfo: conninfo(primary, name), ...settings };
    await startPostmaster({
      binaries,
      folder,
      settings: serverSettings(folder.socketDirectory, standby),
      onProcess: (child) => life.adopt(child, { signal: 'SIGQUIT', group: false }),
    });
    const url = (database: string) => urlOn(primary.url(database), folder.socketDirectory);
    return { url, dataDirectory: folder.dataDirectory, catchUp: () => catchUp(primary, url), stop: () => life.end() };
  } catch (error) {
    await life.end();
    throw error;
  }
}

function conninfo(primary: EmbeddedServer, name: string): string {
  const { username, port, searchParams } = new URL(primary.url('postgres'));
  return `host=${searchParams.get('host')} port=${port} user=${username} application_name=${name}`;
}

function urlOn(primaryUrl: string, socketDirectory: string): string {
  const url = new URL(primaryUrl);
  url.searchParams.set('host', socketDirectory);
  return url.href;
}

/** What belongs to the running primary alone. */
const LEFT_OUT = new Set(['postmaster.pid', 'postmaster.opts', 'pg_wal', 'pg_replslot']);

/** A base backup by hand: the server programs at hand have no pg_basebackup. */
async function copyRunning(primary: EmbeddedServer, target: string): Promise<void> {
  const session = await openSession(primary.url('postgres'));
  try {
    // The replica asks for all that was written since the copy began, long after the primary's next checkpoint.
    await session.query("ALTER SYSTEM SET wal_keep_size = '1GB'");
    await session.query('SELECT pg_catalog.pg_reload_conf()');
    await session.query("SELECT pg_catalog.pg_backup_start('replica', true)");
    const parts = readdirSync(primary.dataDirectory).filter((part) => !LEFT_OUT.has(part));
    const sources = parts.map((part) => join(primary.dataDirectory, part));
    const { status, stderr } = spawnSync('cp', ['-a', ...sources, target], { encoding: 'utf8' });
    if (status !== 0) throw new Error(`the primary's data folder was not copied: ${stderr}`);
    const { rows } = await session.query<{ label: string }>(
      'SELECT labelfile AS label FROM pg_catalog.pg_backup_stop(false)',
    );
    complete(target, { owner: primary.owner, label: rows[0]?.label ?? '' });
  } finally {
    await session.close();
  }
}

function complete(
  target: string,
  { owner, label }: { readonly owner: EmbeddedServer['owner']; readonly label: string },
): void {
  const folders = ['pg_wal', 'pg_replslot'].map((folder) => join(target, folder));
  for (const folder of folders) mkdirSync(folder, { mode: 0o700 });
  const files = [join(target, 'backup_label'), join(target, 'standby.signal')];
  writeFileSync(files[0] ?? '', label);
  writeFileSync(files[1] ?? '', '');
  if (owner !== null) for (const path of [...folders, ...files]) chownSync(path, owner.uid, owner.gid);
}

async function catchUp(primary: EmbeddedServer, url: Replica['url']): Promise<void> {
  const position = await committedPosition(primary);
  const session = await openSession(url('postgres'));
  const deadline = Date.now() + CATCH_UP_DEADLINE_MS;
  try {
    while (Date.now() < deadline) {
      const { rows } = await session.query<{ reached: boolean }>(
        'SELECT pg_catalog.pg_last_wal_replay_lsn() >= $1::pg_lsn AS reached',
        [position],
      );
      if (rows[0]?.reached === true) return;
      await delay(POLL_MS);
    }
    throw new Error(`the replica did not reach ${position} within ${CATCH_UP_DEADLINE_MS} ms`);
  } finally {
    await session.close();
  }
}

/** Gives a position behind all that is committed, and has it written: scratch servers commit asynchronously. */
async function committedPosition(primary: EmbeddedServer): Promise<string> {
  const session = await openSession(primary.url('postgres'));
  try {
    await session.query('SET synchronous_commit = on');
    const { rows } = await session.query<{ position: string }>(
      "SELECT pg_catalog.pg_logical_emit_message(true, 'replica', '')::text AS position",
    );
    return rows[0]?.position ?? '';
  } finally {
    await session.close();
  }
}
