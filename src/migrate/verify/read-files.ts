import type { Finding } from '../../model/finding.js';
import type { Migration, MigrationFolder } from '../../model/migration.js';
import { listMigrationFiles, readMigrationFile, readMigrations } from '../files.js';
import { compareVersions } from '../version.js';

export interface FilesToVerify {
  readonly folder: MigrationFolder;
  /** Versions that several files claim: the runner takes such a folder as a whole for an error. */
  readonly duplicates: readonly Finding[];
}

/** Reads folders in which versions may be claimed twice: files that share one follow each other by name. */
export async function readForVerify(dirs: readonly string[]): Promise<FilesToVerify> {
  const { named, unrecognised } = await listMigrationFiles(dirs);
  const ups = named
    .filter(({ direction }) => direction === 'up')
    .sort((left, right) => compareVersions(left.version, right.version) || (left.name < right.name ? -1 : 1));
  const shared = ups.flatMap((file, place) => {
    const before = ups[place - 1];
    return before?.version === file.version ? [{ file, before }] : [];
  });
  if (shared.length === 0) return { folder: await readMigrations(dirs), duplicates: [] };
  const migrations: Migration[] = [];
  for (const { path } of ups) migrations.push(...(await readMigrationFile(path)).migrations);
  return {
    folder: { dirs, migrations, unrecognised },
    duplicates: shared.map(({ file, before }) => claimedTwice(file, before)),
  };
}

interface Claim {
  readonly version: string;
  readonly name: string;
  readonly path: string;
}

function claimedTwice(file: Claim, before: Claim): Finding {
  return {
    ...{ ruleId: 'duplicate-version', class: null, severity: 'error' },
    key: `duplicate-version:${file.version}_${file.name}:${before.name}`,
    title: `Version ${file.version} is claimed twice`,
    message: `${before.path} and ${file.path} have one version, so that the runner refuses the folder. Give the one that is applied nowhere yet a version behind all others.`,
    location: { file: file.path, line: 1, column: 1 },
    ...{ relations: [], queries: [], evidence: [], fix: null },
    proof: { grade: 'counted', method: 'read from the files', detail: 'the names of the files' },
  };
}
