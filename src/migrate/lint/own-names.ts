import type { LintFile, LintStatement } from './lint-file.js';
import type { LintRelation } from './observation.js';

/** Statements that lock, read and change only relations that their text names. */
const NAMES_ALL: ReadonlySet<string> = new Set([
  ...[
    'CreateStmt',
    'IndexStmt',
    'AlterTableStmt',
    'RenameStmt',
    'ViewStmt',
    'CreateTrigStmt',
    'CommentStmt',
    'GrantStmt',
  ],
  ...['InsertStmt', 'UpdateStmt', 'DeleteStmt', 'CreateSeqStmt', 'AlterSeqStmt', 'CreateStatsStmt', 'CreatePolicyStmt'],
  ...['CreateFunctionStmt', 'CreateEnumStmt', 'CompositeTypeStmt', 'CreateDomainStmt', 'CreateSchemaStmt'],
]);

const WORD = /[\w$\u0080-\uffff]+/g;

/** Names of relations, to be looked for in texts. */
interface Names {
  readonly plain: ReadonlySet<string>;
  /** Names that are not one word. */
  readonly odd: readonly string[];
}

const known = new WeakMap<ReadonlyMap<number, LintRelation>, Names>();

/**
 * Tells whether a statement can touch none of these relations, since it is of a kind that touches only what it names and
 * names none of them. A file of thousands of statements about its own tables is then not asked for its locks each time.
 */
export function passesBy({ tree, text }: LintStatement, relations: ReadonlyMap<number, LintRelation>): boolean {
  if (relations.size === 0) return true;
  const [kind = ''] = Object.keys(tree);
  if (!NAMES_ALL.has(kind) || /\bU&"/i.test(text)) return false;
  const { plain, odd } = namesOf(relations);
  const lower = text.toLowerCase();
  return !(lower.match(WORD) ?? []).some((word) => plain.has(word)) && !odd.some((name) => lower.includes(name));
}

/** Statements among them that change a table which leads to another one, or a type that tables use, without its name. */
const REACHES_FURTHER = /\bcascade\b|\brename\b|\balter\s+type\b|\bdetach\b|\battach\b|\bu&"/i;

/** Tells whether no table has other columns or constraints after a file than before but those that it makes or names. */
export function changesOnlyWhatItNames({ statements, transactional }: LintFile): boolean {
  return (
    transactional &&
    statements.every(({ tree, text }) => {
      const [kind = ''] = Object.keys(tree);
      return NAMES_ALL.has(kind) && kind !== 'RenameStmt' && !REACHES_FURTHER.test(text);
    })
  );
}

function namesOf(relations: ReadonlyMap<number, LintRelation>): Names {
  const before = known.get(relations);
  if (before !== undefined) return before;
  const all = [...relations.values()].map(({ name }) => name.toLowerCase());
  const isPlain = (name: string) => /^[\w$\u0080-\uffff]+$/.test(name);
  const names = { plain: new Set(all.filter(isPlain)), odd: all.filter((name) => !isPlain(name)) };
  known.set(relations, names);
  return names;
}
