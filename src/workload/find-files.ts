import { readdir, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { StewardError } from '../errors.js';

/** What files are looked for, and by which SPEC. */
interface Wanted {
  /** `sql`, as in `--workload sql:PATH`. */
  readonly spec: string;
  /** `.sql`; null for any. */
  readonly extension: string | null;
}

/** Gives the files of a path, of a folder and all below it, or of a pattern with `*`, `**` and `?`; in byte order. */
export async function findFiles(path: string, wanted: Wanted): Promise<readonly string[]> {
  const kind = await kindOf(path);
  if (kind === 'file') return [path];
  if (kind === 'folder') {
    const { extension, spec } = wanted;
    const files = (await filesBelow(path)).filter((file) => extension === null || file.endsWith(extension));
    if (files.length > 0) return files;
    throw new StewardError('usage', `the folder ${path} holds no ${extension === null ? '' : `${extension} `}file`, {
      hint: `name another folder, or a file, with --workload ${spec}:PATH`,
    });
  }
  return /[*?]/.test(path) ? filesLike(path, wanted) : missing(path, wanted);
}

function missing(path: string, { spec }: Wanted): never {
  throw new StewardError('usage', `there is no file or folder ${path}`, {
    hint: `name a file, a folder of them or a pattern with --workload ${spec}:PATH`,
  });
}

async function filesLike(pattern: string, wanted: Wanted): Promise<readonly string[]> {
  const fixed = pattern.slice(0, pattern.search(/[*?]/)).replace(/[^/\\]*$/, '');
  const root = fixed === '' ? '.' : fixed;
  if ((await kindOf(root)) !== 'folder') missing(root, wanted);
  const matcher = matcherOf(pattern);
  const files = (await filesBelow(root)).filter((file) => matcher.test(file.split(sep).join('/')));
  if (files.length > 0) return files;
  throw new StewardError('usage', `no file matches ${pattern}`, {
    hint: `look at what stands below ${root}; ** matches folders of any depth`,
  });
}

function matcherOf(pattern: string): RegExp {
  const words = join(pattern)
    .split(sep)
    .join('/')
    .split(/(\*\*\/|\*\*|\*|\?)/);
  const source = words.map((word) => WILDCARDS[word] ?? word.replace(/[.+^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${source.join('')}$`);
}

const WILDCARDS: Readonly<Record<string, string>> = { '**/': '(?:.*/)?', '**': '.*', '*': '[^/]*', '?': '[^/]' };

async function filesBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files: string[] = [];
  for (const entry of entries) {
    const file = join(entry.parentPath, entry.name);
    // Pipes and sockets would be waited for, and a link may lead to a folder or to nothing.
    if (entry.isFile() || (entry.isSymbolicLink() && (await stat(file).catch(() => null))?.isFile() === true))
      files.push(file);
  }
  return files.sort((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)));
}

async function kindOf(path: string): Promise<'file' | 'folder' | null> {
  try {
    return (await stat(path)).isDirectory() ? 'folder' : 'file';
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return null;
    throw error;
  }
}
