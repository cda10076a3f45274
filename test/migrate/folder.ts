import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readMigrations } from '../../src/migrate/files.js';
import type { MigrationFolder } from '../../src/model/migration.js';
import { afterFile } from '../per-file.js';

/** Makes a folder that holds these files; it is removed after the test file. */
export async function folderWith(files: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'pgsteward-migrations-'));
  afterFile(() => rm(dir, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) await writeFile(join(dir, name), content);
  return dir;
}

/** Reads migrations that are made of these files. */
export async function migrationsWith(files: Readonly<Record<string, string>>): Promise<MigrationFolder> {
  return readMigrations([await folderWith(files)]);
}
