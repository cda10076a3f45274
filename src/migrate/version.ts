const FILE_NAME = /^(\d+[A-Za-z]?)_(.+)\.(up|down)\.sql$/;

/** A file name of the pattern `<version>_<name>.up.sql`, taken apart. */
export interface MigrationFileName {
  readonly version: string;
  readonly name: string;
  readonly direction: 'up' | 'down';
}

/** Takes a file name apart, or gives null where it does not follow the pattern. */
export function parseFileName(fileName: string): MigrationFileName | null {
  const [, version, name, direction] = FILE_NAME.exec(fileName) ?? [];
  if (version === undefined || name === undefined) return null;
  return { version, name, direction: direction === 'down' ? 'down' : 'up' };
}

/**
 * Orders versions: fewer digits first, then byte by byte, never by locale. Within one width that is the order of the
 * bytes; `999` stands before `1000`, `012` before `012b`.
 */
export function compareVersions(left: string, right: string): number {
  const byWidth = digitsOf(left).length - digitsOf(right).length;
  if (byWidth !== 0) return byWidth;
  return left < right ? -1 : Number(left > right);
}

/** Gives the digits of a version, without its letter. */
export function digitsOf(version: string): string {
  return version.replace(/[A-Za-z]$/, '');
}
