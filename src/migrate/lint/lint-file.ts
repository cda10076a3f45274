import type { Node } from '@pgsql/types';
import { StewardError } from '../../errors.js';
import type { Migration, MigrationDirection, MigrationScript, UnrecognisedFile } from '../../model/migration.js';
import { parseStatements } from '../../sql/parse.js';
import { ParseFailure } from '../../sql/parse-failure.js';
import { checksumOf, listMigrationFiles, type NamedFile, ORPHAN_REASON } from '../files.js';
import { explainParseFailure, type ScriptFault } from '../script.js';
import { readScript } from '../script-file.js';
import { runsOutsideTransaction } from '../statement-kind.js';
import { compareVersions } from '../version.js';

/** Files as they lie there: also such as no runner would take. */
export interface LintSet {
  readonly dirs: readonly string[];
  /** In the order in which they run. */
  readonly files: readonly LintFile[];
  readonly unrecognised: readonly UnrecognisedFile[];
}

/** One direction of a migration; the linter judges the way up. */
export interface LintFile {
  readonly path: string;
  readonly version: string;
  readonly name: string;
  readonly checksum: string;
  readonly script: MigrationScript;
  readonly down: MigrationScript | null;
  /** Why it cannot be taken back, by directive; null where nothing is said. */
  readonly irreversible: string | null;
  readonly statements: readonly LintStatement[];
  /** Why it is no SQL, and where; null where it is. */
  readonly fault: ScriptFault | null;
  /** The directive that its statements run and commit one by one. */
  readonly withoutTransaction: boolean;
  /** False where its statements run and commit one by one, by directive or because one of them needs it. */
  readonly transactional: boolean;
}

export interface LintStatement {
  readonly path: string;
  readonly tree: Node;
  readonly text: string;
  readonly line: number;
  readonly column: number;
}

/** Reads the files of folders; a StewardError names a folder or file that cannot be read, or folders without any. */
export async function readLintSet(dirs: readonly string[]): Promise<LintSet> {
  const { named, unrecognised } = await listMigrationFiles(dirs);
  if (named.length + unrecognised.length === 0) {
    throw new StewardError('configuration', `${dirs.join(', ')} holds no .sql file`, {
      hint: 'pass the folder that holds the migrations with --dir',
    });
  }
  const ups = named.filter(({ direction }) => direction === 'up').sort(inOrder);
  const downs = named.filter(({ direction }) => direction === 'down');
  const downOf = ({ version, name }: NamedFile) => downs.find((down) => down.version === version && down.name === name);
  const orphans = downs
    .filter((down) => !ups.some((up) => downOf(up) === down))
    .map(({ path }) => ({ path, reason: ORPHAN_REASON }));
  const files: LintFile[] = [];
  for (const up of ups) files.push(await readLintFile(up, downOf(up)));
  return { dirs, files, unrecognised: [...unrecognised, ...orphans] };
}

function inOrder(left: NamedFile, right: NamedFile): number {
  return compareVersions(left.version, right.version) || (left.path < right.path ? -1 : 1);
}

async function readLintFile(upFile: NamedFile, downFile: NamedFile | undefined): Promise<LintFile> {
  const up = await readScript(upFile.path);
  const down = downFile === undefined ? null : await readScript(downFile.path);
  const directives = [...up.directives, ...(down?.directives ?? [])];
  const irreversible = directives.flatMap((each) => (each.kind === 'irreversible' ? each.reason : []))[0] ?? null;
  return lintFileOf({ ...upFile, up, down, irreversible, checksum: checksumOf(up, down) }, 'up');
}

/** Takes one direction of a migration apart. */
export function lintFileOf(migration: Omit<Migration, 'description'>, direction: MigrationDirection): LintFile {
  const { version, name, checksum, irreversible, up, down } = migration;
  const script = direction === 'down' && down !== null ? down : up;
  const { statements, fault } = parse(script);
  const withoutTransaction = script.directives.some(({ kind }) => kind === 'no-transaction');
  return {
    ...{
      path: script.path,
      version,
      name,
      checksum,
      script,
      down,
      irreversible,
      statements,
      fault,
      withoutTransaction,
    },
    transactional: !withoutTransaction && !statements.some(({ tree }) => runsOutsideTransaction(tree)),
  };
}

function parse(script: MigrationScript): Pick<LintFile, 'statements' | 'fault'> {
  try {
    const parsed = parseStatements(script.text);
    const statements = parsed.map(({ tree, text, line, column }) => ({ path: script.path, tree, text, line, column }));
    return { statements, fault: null };
  } catch (error) {
    if (!(error instanceof ParseFailure)) throw error;
    return { statements: [], fault: explainParseFailure(script, error) };
  }
}
