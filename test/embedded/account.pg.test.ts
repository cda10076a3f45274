import { accessSync, chownSync, constants } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { serverAccount } from '../../src/embedded/account.js';
import { ownDirectory } from './places.js';
import { leftOf, runProgram, spawnProgram } from './programs.js';

const asRoot = process.getuid?.() === 0;
const NOBODY = { uid: 65534, gid: 65534 };
const NAMELESS = { uid: 54_321, gid: 54_321 };

describe('the account of a server', () => {
  it('is the own one unless that is root', () => {
    expect(serverAccount() === null).toBe(!asRoot);
  });

  it('says what is missing where root has nobody to run it as', ({ skip }) => {
    if (!asRoot) skip('only root runs a server under another account');
    expect(() => serverAccount(['no-such-user'])).toThrow(
      'PostgreSQL refuses to run as root, and this system has no user no-such-user to run it as',
    );
  });

  it('is that of an ordinary user who starts the program', async ({ skip }) => {
    if (!asRoot) skip('every test runs as an ordinary user here');
    if (!readableForAll()) skip('other users may not read this repository');
    const directory = ownDirectory();
    chownSync(directory, NOBODY.uid, NOBODY.gid);
    const program = await runProgram('stops', { directory }, NOBODY);
    expect(await program.ended()).toEqual({ code: 0, signal: null });
    expect(leftOf(program)).toEqual([]);
  });

  it('has to have a name', async ({ skip }) => {
    if (!asRoot) skip('only root can start a program as somebody without a name');
    if (!readableForAll()) skip('other users may not read this repository');
    const { nextLine } = spawnProgram('stops', { directory: ownDirectory() }, NAMELESS);
    await expect(nextLine()).rejects.toThrow(/the user with the id 54321 has no name on this system/);
  });
});

function readableForAll(): boolean {
  const euid = process.geteuid?.() ?? 0;
  process.seteuid?.(NOBODY.uid);
  try {
    accessSync(new URL('program.ts', import.meta.url), constants.R_OK);
    return true;
  } catch {
    return false;
  } finally {
    process.seteuid?.(euid);
  }
}
