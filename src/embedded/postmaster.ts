import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { StewardError } from '../errors.js';
import type { PrivateFolder } from './private-folder.js';
import type { RunnableBinaries } from './runnable.js';

export interface PostmasterRequest {
  readonly binaries: RunnableBinaries;
  readonly folder: PrivateFolder;
  readonly settings: Readonly<Record<string, string>>;
  /** Told of the server's process before it is waited for, so that it can be ended. */
  onProcess(child: ChildProcess): void;
}

/** A start takes 60 ms on an idle machine; a busy one gets a thousand times that. */
const START_DEADLINE_MS = 60_000;
const POLL_MS = 5;
const LOG_TAIL_LINES = 5;

/** Starts the server as a child of this program and waits until it takes connections. */
export async function startPostmaster(request: PostmasterRequest): Promise<ChildProcess> {
  const child = spawnPostmaster(request);
  request.onProcess(child);
  const deadline = Date.now() + START_DEADLINE_MS;
  let failure: Error | null = null;
  child.once('error', (error) => {
    failure = error;
  });
  while (!isReady(request.folder.dataDirectory)) {
    if (failure !== null || hasExited(child)) throw explain(request, 'ended before it took connections', failure);
    if (Date.now() > deadline) throw explain(request, `took no connections within ${START_DEADLINE_MS} ms`, null);
    await delay(POLL_MS);
  }
  // The program may end without stopping the server; its exit handler does it then.
  child.unref();
  return child;
}

/** Says whether a child has ended, by itself or by a signal. */
export function hasExited(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

/** Gives the process id in a data directory's lock file, or null when no server holds it. */
export function lockHolder(dataDirectory: string): number | null {
  const pid = Number(lockFileLines(dataDirectory)[0]);
  return Number.isInteger(pid) && pid > 1 ? pid : null;
}

function spawnPostmaster({ binaries, folder, settings }: PostmasterRequest): ChildProcess {
  const log = openSync(folder.logFile, 'a');
  try {
    return spawn(
      join(binaries.binDirectory, 'postgres'),
      ['-D', folder.dataDirectory, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
      {
        cwd: folder.dataDirectory,
        // A session of its own: Ctrl-C in a terminal must not stop the server under the program's hands.
        detached: true,
        stdio: ['ignore', log, log],
        ...(binaries.account ?? {}),
        env: { ...process.env, LC_ALL: 'C', ...binaries.environment },
      },
    );
  } finally {
    closeSync(log);
  }
}

/** The last line of the lock file is what pg_ctl waits for (src/include/utils/pidfile.h). */
function isReady(dataDirectory: string): boolean {
  return lockFileLines(dataDirectory)[7]?.trim() === 'ready';
}

function lockFileLines(dataDirectory: string): readonly string[] {
  try {
    return readFileSync(join(dataDirectory, 'postmaster.pid'), 'utf8').split('\n');
  } catch {
    return [];
  }
}

function explain({ binaries, folder }: PostmasterRequest, what: string, cause: Error | null): StewardError {
  const log = existsSync(folder.logFile) ? readFileSync(folder.logFile, 'utf8') : '';
  const tail = log.trim().split('\n').slice(-LOG_TAIL_LINES).join(' | ');
  const hint = /no space left/i.test(tail)
    ? 'free some room, or point TMPDIR at a folder that has it'
    : /could not (map|create|resize) .*shared memory/i.test(tail)
      ? 'give the machine more memory, or lower shared_buffers'
      : "the message is the server's own; a setting it refuses is the usual cause";
  return new StewardError(
    'runtime',
    `the private PostgreSQL ${binaries.version} in ${folder.path} ${what}: ${cause?.message ?? tail}`,
    { hint, cause },
  );
}
