import { spawnSync } from 'node:child_process';
import { userInfo } from 'node:os';
import { messageOf, StewardError } from '../errors.js';

/** An operating-system account by its numbers. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/** Accounts that a server may run as when the program runs as root, in order of preference. */
const UNPRIVILEGED_NAMES = ['postgres', 'nobody'];

/**
 * Gives the account that a server must run as, or null when that is the program's own.
 * PostgreSQL refuses to run as root, and initdb refuses a user that has no name.
 */
export function serverAccount(names: readonly string[] = UNPRIVILEGED_NAMES): Account | null {
  if (process.getuid?.() !== 0) {
    requireNamedUser();
    return null;
  }
  for (const name of names) {
    const account = lookUp(name);
    if (account !== null) return account;
  }
  throw new StewardError(
    'runtime',
    `PostgreSQL refuses to run as root, and this system has no user ${names.join(' and no user ')} to run it as`,
    { hint: 'create one with useradd --system postgres, or run the command as an ordinary user' },
  );
}

function requireNamedUser(): void {
  try {
    userInfo();
  } catch (error) {
    throw new StewardError(
      'runtime',
      `the user with the id ${process.getuid?.() ?? 'unknown'} has no name on this system, and PostgreSQL's initdb asks for one: ${messageOf(error)}`,
      { hint: 'add the user to /etc/passwd, or run the command as a user that stands there', cause: error },
    );
  }
}

function lookUp(name: string): Account | null {
  const uid = numberFrom(['-u', name]);
  const gid = numberFrom(['-g', name]);
  return uid === null || gid === null || uid === 0 ? null : { uid, gid };
}

function numberFrom(args: readonly string[]): number | null {
  const { status, stdout } = spawnSync('id', args, { encoding: 'utf8' });
  return status === 0 && /^\d+$/.test(stdout.trim()) ? Number(stdout) : null;
}
