import { existsSync, lstatSync, mkdirSync, symlinkSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type BundledBinaries, libraryLinksOf } from './bundled-binaries.js';

/**
 * Makes up for library links that npm could not carry and whose making (a postinstall script) npm may hold back.
 * Gives the environment under which the loader finds the libraries, or null where only links inside the package's
 * own folder would do and that folder cannot be written.
 */
export function linkLibraries(bundled: BundledBinaries, folder: string): Readonly<Record<string, string>> | null {
  const packageRoot = dirname(bundled.root);
  const missing = libraryLinksOf(bundled.root)
    .map(({ source, target }) => ({ source: join(packageRoot, source), target: join(packageRoot, target) }))
    .filter(({ source, target }) => !existsSync(target) && existsSync(source));
  if (missing.length === 0) return {};
  // macOS strips DYLD_LIBRARY_PATH from the shell through which initdb starts the server.
  if (process.platform === 'darwin') return linkInPlace(bundled) ? {} : null;
  const links = join(folder, 'lib');
  mkdirSync(links, { recursive: true, mode: 0o755 });
  for (const { source, target } of missing) link(source, join(links, basename(target)));
  // A library reached through a link looks for its own needs beside the link, so the package's folder follows.
  return { LD_LIBRARY_PATH: `${links}:${join(bundled.root, 'lib')}` };
}

/** Makes every link inside the package's folder; false where that may not be written. */
export function linkInPlace(bundled: BundledBinaries): boolean {
  const packageRoot = dirname(bundled.root);
  try {
    for (const { source, target } of libraryLinksOf(bundled.root)) {
      if (existsSync(join(packageRoot, source))) link(basename(source), join(packageRoot, target));
    }
    return true;
  } catch {
    return false;
  }
}

function link(source: string, target: string): void {
  if (lstatSync(target, { throwIfNoEntry: false }) === undefined) symlinkSync(source, target);
}
