import type { Migration, MigrationFolder } from '../../model/migration.js';
import { readMigrationFile, readMigrations } from '../files.js';
import { type LintSet, readLintSet } from '../lint/lint-file.js';
import { duplicateVersion } from '../rules/duplicate-version.js';

export interface FilesToVerify {
  readonly folder: MigrationFolder;
  /** The same files as they lie there. */
  readonly set: LintSet;
}

/** Reads folders in which versions may be claimed twice: files that share one follow each other by name. */
export async function readForVerify(dirs: readonly string[]): Promise<FilesToVerify> {
  const set = await readLintSet(dirs);
  // The runner takes a folder in which two files share a version as a whole for an error.
  if (duplicateVersion.check({ set }).length === 0) return { folder: await readMigrations(dirs), set };
  const migrations: Migration[] = [];
  for (const { path } of set.files) migrations.push(...(await readMigrationFile(path)).migrations);
  return { folder: { dirs, migrations, unrecognised: set.unrecognised }, set };
}
