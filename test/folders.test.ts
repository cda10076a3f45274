import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { makeFolder } from '../src/folders.js';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'pgsteward-folders-'));
});

afterEach(() => rmSync(root, { recursive: true }));

it('makes a folder with those above it, and takes one that is there', async () => {
  const path = join(root, 'a', 'b', 'c');
  await makeFolder(path);
  await makeFolder(path);
  expect(statSync(path).isDirectory()).toBe(true);
});

it('refuses a file in the way', async () => {
  writeFileSync(join(root, 'file'), '');
  await expect(makeFolder(join(root, 'file'))).rejects.toThrow('EEXIST');
  await expect(makeFolder(join(root, 'file', 'below'))).rejects.toThrow('ENOTDIR');
});

it.runIf(process.platform === 'linux')('ends where a file system takes no folders', async () => {
  await expect(makeFolder('/proc/pgsteward/below')).rejects.toThrow('ENOENT');
});
