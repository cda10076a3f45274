import { readdir, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { StewardError } from '../errors.js';

/** Gives the .sql files of a file, a folder and all below it, or a pattern with `*`, `**` and `?`; in byte order. */
export async function findSqlFiles(path: string): Promise<readonly string[]> {
  const kind = await kindOf(path);
  if (kind === 'file') return [path];
  if (kind === 'folder') {
    const files = (await filesBelow(path)).filter((file) => file.endsWith('.sql'));
    if (files.length > 0) return files;
    throw new StewardError('usage', `the folder ${path} holds no .sql file`, {
      hint: 'put statements into .sql files there, or name another folder with --workload sql:PATH',
    });
  }
  return /[*?]/.test(path) ? filesLike(path) : missing(path);
}

function missing(path: string): never {
  throw new StewardError('usage', `there is no file or folder ${path}`, {
    hint: 'name a .sql file, a folder of them or a pattern with --workload sql:PATH',
  });
}

async function filesLike(pattern: string): Promise<readonly string[]> {
  const fixed = pattern.slice(0, pattern.search(/[*?]/)).replace(/[^/\\]*$/, '');
  const root = fixed === '' ? '.' : fixed;
  if ((await kindOf(root)) !== 'folder') missing(root);
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
  const files = entries.filter((entry) => !entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name));
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
