import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from '../folders.js';
import type { Finding, FixStatement } from '../model/finding.js';
import type { Migration, MigrationFolder } from '../model/migration.js';
import { scanMigrations } from './files.js';
import { type IndexMigration, identityLines, type Origin, writeIndexMigration } from './index-migration.js';
import { nextVersions } from './numbering.js';
import { explainFileError } from './script-file.js';
import { compareVersions } from './version.js';

export interface WriteOptions extends Origin {
  /** The set that the new files join, where it is not the folder itself alone; its numbering is taken up. */
  readonly existing?: MigrationFolder | null;
}

/**
 * Writes an up and a down file for each index that the findings propose to build or to drop, notes left out, numbered
 * behind the set's last version in the set's own style, and gives the findings back with the paths in `fix.files`. A
 * finding whose key stands in a migration already gets that migration's paths, and nothing is written for it.
 */
export async function writeIndexMigrations(
  dir: string,
  findings: readonly Finding[],
  options: WriteOptions,
): Promise<readonly Finding[]> {
  const wanted = findings.flatMap(indexMigrationsOf);
  if (wanted.length === 0) return findings;
  const known = await knownMigrations(dir, options.existing ?? null);
  const paths = new Map<IndexMigration, readonly string[]>();
  for (const each of wanted) {
    const found = known.find((migration) => isFor(migration, each));
    if (found !== undefined) paths.set(each, pathsOf(found));
  }
  const missing = wanted.filter((each) => !paths.has(each) && sameAs(each, wanted) === each);
  const versions = nextVersions(
    known.map(({ version }) => version),
    missing.length,
    options.now,
  );
  const separator = separatorOf(known);
  for (const [index, each] of missing.entries()) {
    const written = writeIndexMigration(each, options);
    const stem = join(dir, `${versions[index]}_${written.words.join(separator)}`);
    paths.set(each, await writePair(stem, written));
  }
  for (const each of wanted) paths.set(each, paths.get(sameAs(each, wanted)) ?? []);
  return findings.map((finding) =>
    withFiles(
      finding,
      wanted.filter((each) => each.finding === finding).flatMap((each) => paths.get(each) ?? []),
    ),
  );
}

/** The first that builds or drops the same: two findings may propose one index. */
function sameAs(migration: IndexMigration, wanted: readonly IndexMigration[]): IndexMigration {
  return wanted.find(({ statement }) => statement.sql === migration.statement.sql) ?? migration;
}

function indexMigrationsOf(finding: Finding): readonly IndexMigration[] {
  // A note is for a person to weigh first.
  if (finding.fix === null || finding.severity === 'info') return [];
  const { kind, sql, undo } = finding.fix;
  if (kind === 'drop-index') return dropOf(finding, sql, undo);
  if (kind !== 'create-index') return [];
  const indexes = sql.filter(isIndex);
  return indexes.map((statement, index) => {
    const from = index === 0 ? 0 : sql.indexOf(indexes[index - 1] ?? statement) + 1;
    const before = sql.slice(from, sql.indexOf(statement)).filter((each) => !isAnalyze(each));
    const next = sql.indexOf(indexes[index + 1] ?? statement, sql.indexOf(statement) + 1);
    const after = sql.slice(sql.indexOf(statement) + 1, next === -1 ? undefined : next).filter(isAnalyze);
    return { finding, statement, before, after, part: index + 1, parts: indexes.length };
  });
}

/** What has no undo is nothing that a migration could take back. */
function dropOf(
  finding: Finding,
  [statement]: readonly FixStatement[],
  [undo]: readonly string[],
): readonly IndexMigration[] {
  return statement === undefined || undo === undefined ? [] : [{ finding, statement, undo, part: 1, parts: 1 }];
}

/** Anything else, such as CREATE EXTENSION, prepares the index behind it. */
function isIndex({ sql }: FixStatement): boolean {
  return /^\s*CREATE\s+(UNIQUE\s+)?INDEX\b/i.test(sql);
}

/** It belongs to the index before it. */
function isAnalyze({ sql }: FixStatement): boolean {
  return /^\s*ANALYZE\b/i.test(sql);
}

/** Gives the migrations of a folder, which is made where it is not there, and of the set that was given. */
export async function knownMigrations(dir: string, existing: MigrationFolder | null): Promise<readonly Migration[]> {
  try {
    await makeFolder(dir);
  } catch (error) {
    throw explainFileError(dir, error, 'written');
  }
  const { migrations } = await scanMigrations([dir, ...(existing?.dirs ?? [])]);
  return [...migrations].sort((left, right) => compareVersions(left.version, right.version));
}

function isFor({ up }: Migration, wanted: IndexMigration): boolean {
  const lines = new Set(up.text.split('\n').map((line) => line.trimEnd()));
  return identityLines(wanted).every((line) => lines.has(line));
}

function pathsOf({ up, down }: Migration): readonly string[] {
  return down === null ? [up.path] : [up.path, down.path];
}

/** Gives what joins words: as the set's names join theirs. */
export function separatorOf(known: readonly Migration[]): string {
  const dashed = known.filter(({ name }) => name.includes('-') && !name.includes('_')).length;
  const underscored = known.filter(({ name }) => name.includes('_')).length;
  return dashed > underscored ? '-' : '_';
}

/** Writes a version’s two files, neither over one that is there; the down file first, so that no up file stands alone. */
export async function writePair(stem: string, text: { up: string; down: string }): Promise<readonly string[]> {
  const [up, down] = [`${stem}.up.sql`, `${stem}.down.sql`];
  await writeNew(down, text.down);
  try {
    await writeNew(up, text.up);
  } catch (error) {
    await rm(down, { force: true });
    throw error;
  }
  return [up, down];
}

async function writeNew(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text, { flag: 'wx' });
  } catch (error) {
    throw explainFileError(path, error, 'written');
  }
}

function withFiles(finding: Finding, files: readonly string[]): Finding {
  return finding.fix === null || files.length === 0 ? finding : { ...finding, fix: { ...finding.fix, files } };
}
