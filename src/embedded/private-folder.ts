import { chmodSync, chownSync, mkdirSync, mkdtempSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { messageOf, StewardError } from '../errors.js';
import type { Account } from './account.js';
import { thisProgram } from './living.js';

const FOLDER_PREFIX = 'pgsteward-pg-';
/** The whole name of a private folder; one that is being removed bears the number of the program that does it. */
export const FOLDER_NAME = /^pgsteward-pg-[A-Za-z0-9]{6}(\.\d+)?$/;
/** Everything that a private folder may hold besides its owner's name. */
export const FOLDER_PARTS: readonly string[] = ['data', 's', 'lib', 'postgresql', 'server.log'];
/** File in a private folder that names the program it belongs to. */
export const OWNER_FILE = 'owner.json';

/** A server's own folder: the program's own, with parts that belong to the account the server runs as. */
export interface PrivateFolder {
  readonly path: string;
  readonly dataDirectory: string;
  readonly socketDirectory: string;
  readonly logFile: string;
}

/** Bytes that a socket's path may have: 104 on macOS, 108 on Linux, with the closing zero. */
const SOCKET_PATH_BYTES_MAX = 103;
const SOCKET_NAME = '.s.PGSQL.5432';

/** Gives the folders in which private folders are made, in order of preference. */
export function parentFolders(wanted?: string): readonly string[] {
  return wanted === undefined ? [...new Set([tmpdir(), '/tmp', '/var/tmp'])] : [wanted];
}

/** Makes a server's folder in the first parent that is fit for it; a StewardError says why none is. */
export function createPrivateFolder(account: Account | null, wanted?: string): PrivateFolder {
  const reasons: string[] = [];
  for (const parent of parentFolders(wanted)) {
    const obstacle = obstacleOf(parent, account);
    if (obstacle !== null) {
      reasons.push(obstacle);
      continue;
    }
    try {
      return layOut(mkdtempSync(join(realpathSync(parent), FOLDER_PREFIX)), account);
    } catch (error) {
      reasons.push(`${parent}: ${messageOf(error)}`);
    }
  }
  throw new StewardError('runtime', `there is no place for a private PostgreSQL server: ${reasons.join('; ')}`, {
    hint: 'point TMPDIR at a short path with room that every user may enter, such as /tmp',
  });
}

function layOut(path: string, account: Account | null): PrivateFolder {
  try {
    writeFileSync(join(path, OWNER_FILE), JSON.stringify(thisProgram()));
    const parts = { dataDirectory: join(path, 'data'), socketDirectory: join(path, 's') };
    // The server's account has to pass through, and may see nothing but its own parts.
    chmodSync(path, account === null ? 0o700 : 0o711);
    for (const part of Object.values(parts)) {
      mkdirSync(part, { mode: 0o700 });
      if (account !== null) chownSync(part, account.uid, account.gid);
    }
    return { path, ...parts, logFile: join(path, 'server.log') };
  } catch (error) {
    rmSync(path, { recursive: true, force: true });
    throw error;
  }
}

function obstacleOf(parent: string, account: Account | null): string | null {
  const socketBytes = Buffer.byteLength(join(parent, `${FOLDER_PREFIX}XXXXXX`, 's', SOCKET_NAME));
  if (socketBytes > SOCKET_PATH_BYTES_MAX) {
    return `${parent}: a socket's path there has ${socketBytes} bytes, ${SOCKET_PATH_BYTES_MAX} is the limit`;
  }
  const closed = account === null ? null : closedFolder(parent, account);
  return closed === null ? null : `${parent}: the user that the server runs as may not enter ${closed}`;
}

/** Gives the first folder on the way to `path` that an account may not pass, or null; access lists are not looked at. */
function closedFolder(path: string, account: Account): string | null {
  const up = dirname(path);
  const above = up === path ? null : closedFolder(up, account);
  if (above !== null) return above;
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return null;
  const bit = stat.uid === account.uid ? 0o100 : stat.gid === account.gid ? 0o010 : 0o001;
  return (stat.mode & bit) === 0 ? path : null;
}
