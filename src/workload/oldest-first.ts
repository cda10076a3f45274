/** Gives files by the time of what stands first in them: rotated files are named in many ways. */
export async function oldestFirst(
  files: readonly string[],
  firstTime: (file: string) => Promise<number | null>,
): Promise<readonly string[]> {
  if (files.length === 1) return files;
  const dated = await Promise.all(files.map(async (file, index) => ({ file, index, atMs: await firstTime(file) })));
  dated.sort((one, other) => (one.atMs ?? 0) - (other.atMs ?? 0) || one.index - other.index);
  return dated.map(({ file }) => file);
}
