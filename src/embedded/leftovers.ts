import { lstatSync, readdirSync, readFileSync, realpathSync, renameSync, type Stats } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { hasEnded, type Living, sendSignal, worksIn } from './living.js';
import { lockHolder } from './postmaster.js';
import { FOLDER_NAME, FOLDER_PARTS, OWNER_FILE } from './private-folder.js';

/** A folder without an owner's name is one that was being made or removed when its program ended. */
const NAMELESS_AGE_MS = 600_000;
/** A postmaster kills its own stubborn children after 5 s. */
const QUIT_DEADLINE_MS = 7_000;
const POLL_MS = 20;

/** Ends the servers and removes the folders of programs of this user that were killed before they could. */
export async function endLeftovers(parents: readonly string[]): Promise<void> {
  // What cannot be removed now is tried again at the next start; it must not stand in the way of this one.
  await Promise.allSettled(parents.flatMap(leftoversIn).map(endLeftover));
}

function leftoversIn(parent: string): string[] {
  return namesIn(parent)
    .filter((name) => FOLDER_NAME.test(name))
    .map((name) => join(realpathSync(parent), name))
    .filter(isLeftover);
}

function isLeftover(folder: string): boolean {
  const stat = lstatSync(folder, { throwIfNoEntry: false });
  // What another user laid out here is neither ours to end nor to be believed.
  if (stat === undefined || !isOurs(stat)) return false;
  const owner = ownerOf(folder);
  if (owner !== null) return hasEnded(owner);
  return Date.now() - stat.mtimeMs > NAMELESS_AGE_MS && namesIn(folder).every((name) => FOLDER_PARTS.includes(name));
}

function isOurs(stat: Stats): boolean {
  return stat.isDirectory() && stat.uid === process.getuid?.();
}

async function endLeftover(folder: string): Promise<void> {
  const dataDirectory = join(folder, 'data');
  const pid = lockHolder(dataDirectory);
  if (pid !== null) await endServer(pid, dataDirectory);
  // Of two programs that clean up at once, the one whose renaming succeeds removes the folder.
  const condemned = `${folder}.${process.pid}`;
  try {
    renameSync(folder, condemned);
  } catch {
    return;
  }
  await rm(condemned, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
}

async function endServer(pid: number, dataDirectory: string): Promise<void> {
  for (const signal of ['SIGQUIT', 'SIGKILL'] as const) {
    const deadline = Date.now() + QUIT_DEADLINE_MS;
    // The process id may by now be somebody else's: only a process that works in the data directory is its server.
    if (!worksIn(pid, dataDirectory)) return;
    sendSignal(pid, signal);
    while (worksIn(pid, dataDirectory) && Date.now() < deadline) await delay(POLL_MS);
  }
}

function ownerOf(folder: string): Living | null {
  try {
    return JSON.parse(readFileSync(join(folder, OWNER_FILE), 'utf8')) as Living;
  } catch {
    return null;
  }
}

function namesIn(parent: string): readonly string[] {
  try {
    return readdirSync(parent);
  } catch {
    return [];
  }
}
