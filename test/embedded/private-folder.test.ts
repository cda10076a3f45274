import { chmodSync, existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { serverAccount } from '../../src/embedded/account.js';
import { createPrivateFolder } from '../../src/embedded/private-folder.js';
import { ownDirectory } from './places.js';

const asRoot = process.getuid?.() === 0;

describe('a private folder', () => {
  it('keeps its data from all others', () => {
    const { path, dataDirectory, socketDirectory } = createPrivateFolder(serverAccount(), ownDirectory());
    expect(statSync(path).mode & 0o066).toBe(0);
    for (const part of [dataDirectory, socketDirectory]) expect(statSync(part).mode & 0o777).toBe(0o700);
  });

  it('is refused where the path of a socket would be too long', () => {
    const directory = join(ownDirectory(), 'x'.repeat(80));
    mkdirSync(directory);
    expect(() => createPrivateFolder(null, directory)).toThrow(/a socket's path there has \d+ bytes, 103 is the limit/);
  });

  it('is refused where the folder is not there', () => {
    const directory = join(ownDirectory(), 'absent');
    expect(() => createPrivateFolder(null, directory)).toThrow(/no place for a private PostgreSQL server: .*absent/);
    expect(existsSync(directory)).toBe(false);
  });

  it('is refused where the account of the server may not enter', ({ skip }) => {
    if (!asRoot) skip('only root runs a server under another account');
    const directory = join(ownDirectory(), 'closed', 'open');
    mkdirSync(directory, { recursive: true });
    chmodSync(dirname(directory), 0o700);
    expect(() => createPrivateFolder(serverAccount(), directory)).toThrow(
      `the user that the server runs as may not enter ${dirname(directory)}`,
    );
    expect(readdirSync(directory)).toEqual([]);
  });
});
