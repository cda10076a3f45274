import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Account } from './account.js';
import { type BundledBinaries, bundledBinariesIn } from './bundled-binaries.js';
import { linkInPlace } from './library-links.js';

/**
 * Gives the folders a copy of bundled binaries may lie in, in order: the cache, which later servers use again, then
 * the server's own folder, which goes with it. The cache is nothing that another user could have laid out.
 */
export function copyTargets(bundled: BundledBinaries, privateFolder: string, account: Account | null): string[] {
  const [forAll, below] =
    process.platform === 'darwin' ? ['/Library/Caches', 'Library/Caches'] : ['/var/cache', '.cache'];
  const cache = account === null ? join(homedir(), below) : forAll;
  const name = `postgresql-${bundled.packageVersion}-${process.platform}-${process.arch}`;
  return [join(cache, 'pgsteward', name), join(privateFolder, 'postgresql')];
}

/** Copies the package to a folder unless a copy stands there, and gives its bin folder. */
export function copyTo(target: string, bundled: BundledBinaries): string {
  if (!existsSync(target)) copyWhole(target, bundled);
  return join(target, 'native', 'bin');
}

function copyWhole(target: string, bundled: BundledBinaries): void {
  mkdirSync(dirname(target), { recursive: true, mode: 0o755 });
  // Several programs may do this at once: each copies for itself, and the first one's rename wins.
  const unfinished = `${target}.${process.pid}`;
  try {
    cpSync(bundled.root, join(unfinished, 'native'), { recursive: true, verbatimSymlinks: true });
    cpSync(join(dirname(bundled.root), 'package.json'), join(unfinished, 'package.json'));
    openToAll(unfinished);
    const copy = bundledBinariesIn(unfinished, bundled.major);
    if (copy !== null) linkInPlace(copy);
    if (!existsSync(target)) renameSync(unfinished, target);
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
}

function openToAll(root: string): void {
  chmodSync(root, 0o755);
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    const program = entry.isDirectory() || entry.parentPath.endsWith('/bin');
    if (!entry.isSymbolicLink()) chmodSync(join(entry.parentPath, entry.name), program ? 0o755 : 0o644);
  }
}
