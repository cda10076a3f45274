import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { StewardError } from '../errors.js';
import type { Migration, MigrationFolder, MigrationScript, UnrecognisedFile } from '../model/migration.js';
import { explainFileError, readScript } from './script-file.js';
import { compareVersions, digitsOf, type MigrationFileName, parseFileName } from './version.js';

const NAMING = 'name migrations <version>_<name>.up.sql and <version>_<name>.down.sql, such as 0001_add_users.up.sql';

/**
 * Reads the migrations of one or several folders. A StewardError of code `configuration` names the folder or the
 * files where a folder is missing or holds no migration, where a file cannot be read, and where two files claim one
 * version.
 */
export async function readMigrations(dirs: readonly string[]): Promise<MigrationFolder> {
  const folder = await scanMigrations(dirs);
  if (folder.migrations.length === 0) throw noMigration(folder);
  return folder;
}

/** Reads one file as a set of its own, whatever its name; `0001_a.up.sql` brings its down file along. */
export async function readMigrationFile(path: string): Promise<MigrationFolder> {
  const dir = dirname(path);
  const parts = parseFileName(basename(path)) ?? { version: '0', name: basename(path, '.sql'), direction: 'up' };
  const downPath = path.replace(/\.up\.sql$/, '.down.sql');
  const siblings = downPath === path ? [] : await sqlFilesOf(dir);
  const down = siblings.some(({ fileName }) => fileName === basename(downPath));
  const migration = await readMigration({ ...parts, path }, down ? { ...parts, path: downPath } : undefined);
  return { dirs: [dir], migrations: [migration], unrecognised: [] };
}

/** Reads like `readMigrations`, and takes folders without a migration for what they are. */
export async function scanMigrations(dirs: readonly string[]): Promise<MigrationFolder> {
  const { named, unrecognised } = await listMigrationFiles(dirs);
  const ups = named.filter((file) => file.direction === 'up').sort((a, b) => compareVersions(a.version, b.version));
  refuseDuplicates(ups);
  refuseUnclearOrder(ups);
  const { downs, orphans } = pairDowns(ups, named);
  const migrations: Migration[] = [];
  for (const up of ups) migrations.push(await readMigration(up, downs.get(up.version)));
  return { dirs, migrations, unrecognised: [...unrecognised, ...orphans] };
}

/** The `.sql` files of folders, before anything is made of them. */
export interface MigrationFiles {
  readonly named: readonly NamedFile[];
  readonly unrecognised: readonly UnrecognisedFile[];
}

/** Lists the files of one or several folders by name; a StewardError names a folder that cannot be read. */
export async function listMigrationFiles(dirs: readonly string[]): Promise<MigrationFiles> {
  // One folder may be named in two ways.
  const distinct = [...new Map(dirs.map((dir) => [resolve(dir), dir])).values()];
  const names = (await Promise.all(distinct.map(sqlFilesOf))).flat();
  const named: NamedFile[] = [];
  const unrecognised: UnrecognisedFile[] = [];
  for (const { dir, fileName } of names) {
    const path = join(dir, fileName);
    const parts = parseFileName(fileName);
    if (parts === null) unrecognised.push({ path, reason: 'its name is not <version>_<name>.up.sql or .down.sql' });
    else named.push({ path, ...parts });
  }
  return { named, unrecognised };
}

/** A file whose name is one of a migration. */
export interface NamedFile extends MigrationFileName {
  readonly path: string;
}

interface FileOfFolder {
  readonly dir: string;
  readonly fileName: string;
}

async function sqlFilesOf(dir: string): Promise<FileOfFolder[]> {
  try {
    const names = await readdir(dir);
    const sql = names.filter((name) => /\.sql$/i.test(name) && !name.startsWith('.'));
    return sql.sort().map((fileName) => ({ dir, fileName }));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOTDIR') throw notAFolder(dir);
    throw explainFileError(dir, error);
  }
}

function notAFolder(dir: string): StewardError {
  return new StewardError('configuration', `${dir} is a file, not a folder of migrations`, {
    hint: 'pass the folder that holds it with --dir',
  });
}

function noMigration({ dirs, unrecognised }: MigrationFolder): StewardError {
  const seen = unrecognised.slice(0, 5).map(({ path }) => path);
  const more = unrecognised.length > seen.length ? ` and ${unrecognised.length - seen.length} more` : '';
  const found = seen.length === 0 ? 'no .sql file at all' : `only ${seen.join(', ')}${more}`;
  return new StewardError('configuration', `${dirs.join(', ')} holds no migration: ${found}`, { hint: NAMING });
}

function refuseDuplicates(ups: readonly NamedFile[]): void {
  for (const [index, file] of ups.entries()) {
    const before = ups[index - 1];
    if (before?.version === file.version) throw claimedTwice(before, file);
  }
}

function claimedTwice(first: NamedFile, second: NamedFile): StewardError {
  return new StewardError(
    'configuration',
    `version ${first.version} is claimed twice, by ${first.path} and ${second.path}`,
    {
      hint: 'give the one that is applied nowhere yet a version of its own, behind all others',
    },
  );
}

interface Downs {
  readonly downs: ReadonlyMap<string, NamedFile>;
  readonly orphans: readonly UnrecognisedFile[];
}

/** Why a down file alone is no migration. */
export const ORPHAN_REASON = 'there is no up file of this version and name';

function pairDowns(ups: readonly NamedFile[], named: readonly NamedFile[]): Downs {
  const nameOf = new Map(ups.map(({ version, name }) => [version, name]));
  const downs = new Map<string, NamedFile>();
  const orphans: UnrecognisedFile[] = [];
  for (const down of named.filter((file) => file.direction === 'down')) {
    const other = downs.get(down.version);
    if (nameOf.get(down.version) !== down.name) {
      orphans.push({ path: down.path, reason: ORPHAN_REASON });
    } else if (other === undefined) downs.set(down.version, down);
    else throw claimedTwice(other, down);
  }
  return { downs, orphans };
}

/** `099` and `100` have an order, `001` and `0002` do not: a zero in front says that all versions have one width. */
function refuseUnclearOrder(ups: readonly NamedFile[]): void {
  const [narrow] = ups;
  const padded = ups.find((file) => file.version.startsWith('0') && widthOf(file) > widthOf(narrow));
  if (narrow === undefined || padded === undefined) return;
  const widths = `${widthOf(narrow)} and ${widthOf(padded)}`;
  throw new StewardError(
    'configuration',
    `the versions of ${narrow.path} and ${padded.path} have ${widths} digits, so their order is not clear`,
    { hint: 'give all versions the same number of digits' },
  );
}

function widthOf(file: NamedFile | undefined): number {
  return digitsOf(file?.version ?? '').length;
}

async function readMigration(upFile: NamedFile, downFile: NamedFile | undefined): Promise<Migration> {
  const [up, down] = await Promise.all([
    readScript(upFile.path),
    downFile === undefined ? null : readScript(downFile.path),
  ]);
  const { version, name } = upFile;
  return {
    ...{ version, name, up, down },
    description: name.replaceAll(/[_-]+/g, ' ').trim(),
    checksum: checksumOf(up, down),
    irreversible: reasonAgainstDown(up) ?? (down === null ? null : reasonAgainstDown(down)),
  };
}

/** Each text is led by its length, so that no two pairs of texts give the same bytes; a missing file by -1. */
export function checksumOf(up: MigrationScript, down: MigrationScript | null): string {
  const hash = createHash('sha256');
  for (const text of [up.text, down?.text ?? null]) {
    hash.update(text === null ? '-1\n' : `${Buffer.byteLength(text)}\n${text}`);
  }
  return hash.digest('hex');
}

function reasonAgainstDown(script: MigrationScript): string | null {
  for (const directive of script.directives) if (directive.kind === 'irreversible') return directive.reason;
  return null;
}
