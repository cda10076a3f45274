import { accessSync, constants, mkdtempSync, rmdirSync, type Stats, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { messageOf, StewardError } from '../errors.js';

/** A place that a flag names to be written to. */
interface Destination {
  readonly path: string;
  /** `--output`. */
  readonly flag: string;
}

/** Refuses a file that cannot be written, before the work that is to end in it begins. */
export function requireWritableFile({ path, flag }: Destination): void {
  const advice = `name another file with ${flag}`;
  try {
    const stat = statOf(path);
    if (stat === null) tryFolder(dirname(resolve(path)));
    // A pipe or a device is not looked into.
    else if (stat.isFile()) accessSync(path, constants.W_OK);
    else if (stat.isDirectory()) throw new StewardError('usage', `${path} is a folder`, { hint: advice });
  } catch (error) {
    throw refusal(path, error, advice);
  }
}

/** Refuses a folder that neither can be written to nor made, before the work that is to fill it begins. */
export function requireWritableFolder({ path, flag }: Destination): void {
  try {
    tryFolder(nearestFolder(resolve(path)));
  } catch (error) {
    throw refusal(path, error, `name another folder with ${flag}`);
  }
}

/** Only a write tells: the superuser passes every check of rights, even on a disk that is read-only. */
function tryFolder(folder: string): void {
  rmdirSync(mkdtempSync(join(folder, '.pgsteward-')));
}

function nearestFolder(path: string): string {
  const stat = statOf(path);
  if (stat !== null) return path;
  return nearestFolder(dirname(path));
}

function statOf(path: string): Stats | null {
  try {
    return statSync(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return null;
    throw error;
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'its folder is not there or takes no files',
  ENOTDIR: 'what is there is a file, not a folder',
  EACCES: 'you may not write there',
  EPERM: 'you may not write there',
  EROFS: 'that file system is read-only',
  ENOSPC: 'there is no room left',
};

function refusal(path: string, error: unknown, hint: string): StewardError {
  if (error instanceof StewardError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const reason = REASONS[code] ?? messageOf(error);
  return new StewardError('usage', `${path} cannot be written: ${reason}`, { hint, cause: error });
}
