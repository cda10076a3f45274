import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { statfsSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { StewardError } from '../errors.js';
import type { PrivateFolder } from './private-folder.js';
import type { RunnableBinaries } from './runnable.js';

export interface ClusterRequest {
  readonly binaries: RunnableBinaries;
  readonly folder: PrivateFolder;
  /** Told of each initdb before it is waited for, so that it can be ended. */
  onProcess(child: ChildProcess): void;
}

/** In order of preference: C.UTF-8 knows letters beyond ASCII and is missing on older systems. */
const LOCALES = ['C.UTF-8', 'C'];

/** A new data folder with its write-ahead log and its first checkpoint; with 46 MB the checkpoint fails. */
const ROOM_MEGABYTES = 64;

/** Runs initdb: UTF-8, byte order, no passwords, nothing synced; a StewardError tells its complaint. */
export async function createCluster(request: ClusterRequest): Promise<void> {
  if (freeMegabytes(request.folder.path) < ROOM_MEGABYTES) throw noRoom(request);
  let complaint = '';
  for (const locale of LOCALES) {
    const outcome = await initdb(request, locale);
    if (outcome.status === 0) return;
    complaint = outcome.complaint;
    if (!complaint.includes('invalid locale')) break;
  }
  throw explain(request, complaint);
}

async function initdb(request: ClusterRequest, locale: string): Promise<{ status: number | null; complaint: string }> {
  const { binaries, folder } = request;
  const options = ['--username=postgres', '--auth=trust', '--encoding=UTF8', `--locale=${locale}`];
  // Checksums became the default in 18; the older initdb has no such option and no checksums.
  const checksums = Number.parseInt(binaries.version, 10) >= 18 ? ['--no-data-checksums'] : [];
  const child = spawn(
    join(binaries.binDirectory, 'initdb'),
    [...options, ...checksums, '--no-sync', '--no-instructions', `--pgdata=${folder.dataDirectory}`],
    {
      cwd: folder.dataDirectory,
      // A group of its own: Ctrl-C in a terminal must reach this program alone, which then ends its children.
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe'],
      ...(binaries.account ?? {}),
      env: { ...process.env, LC_ALL: 'C', ...binaries.environment },
    },
  );
  request.onProcess(child);
  const [complaint, [status]] = await Promise.all([textOf(child.stderr), once(child, 'close')]);
  return { status, complaint };
}

async function textOf(stream: Readable): Promise<string> {
  let text = '';
  for await (const part of stream.setEncoding('utf8')) text += part;
  return text.trim();
}

function explain({ binaries, folder }: ClusterRequest, complaint: string): StewardError {
  if (/no space left|disk quota/i.test(complaint)) return noRoom({ binaries, folder });
  return new StewardError('runtime', `initdb of PostgreSQL ${binaries.version} ended with an error: ${complaint}`, {
    hint: "the message is initdb's own; TMPDIR names another place for the folder",
  });
}

function noRoom({ binaries, folder }: Pick<ClusterRequest, 'binaries' | 'folder'>): StewardError {
  return new StewardError(
    'runtime',
    `no room for a private PostgreSQL ${binaries.version} in ${folder.path}: ${freeMegabytes(folder.path)} MB are free, a new server takes about ${ROOM_MEGABYTES} MB`,
    { hint: 'free some room, or point TMPDIR at a folder that has it' },
  );
}

function freeMegabytes(path: string): number {
  const { bavail, blocks, bsize } = statfsSync(path);
  // Some file systems do not count their blocks.
  if (blocks === 0) return Number.POSITIVE_INFINITY;
  return Math.floor((bavail * bsize) / 1_000_000);
}
