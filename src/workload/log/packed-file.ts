import type { FileHandle } from 'node:fs/promises';

/** How a packed file begins; gzip is the one that is read. */
const PACKINGS: readonly (readonly [name: string, beginning: string])[] = [
  ['gzip', '1f8b'],
  ['zstd', '28b52ffd'],
  ['xz', 'fd377a58'],
  ['bzip2', '425a68'],
  ['lz4', '04224d18'],
  ['zip', '504b0304'],
];

/** Gives how a file is packed, by its first bytes and not by its name; null for one that is not, and for a pipe. */
export async function packingOf(handle: FileHandle): Promise<string | null> {
  if (!(await handle.stat()).isFile()) return null;
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(4), 0, 4, 0);
  const begun = buffer.toString('hex', 0, bytesRead);
  return PACKINGS.find(([, beginning]) => begun.startsWith(beginning))?.[0] ?? null;
}
