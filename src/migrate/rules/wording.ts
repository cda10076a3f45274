import type { Fix, Proof } from '../../model/finding.js';
import type { SourceLocation } from '../../model/workload.js';
import { quoteRelation } from '../../sql/quote.js';
import type { LintStatement } from '../lint/lint-file.js';
import type { HeldLock, LintContext, LintRelation, Observed } from '../lint/observation.js';

export { listed } from '../../sql/listed.js';

/** Every statement that was observed, with what it did. */
export function observedOf({ replayed }: LintContext): readonly Observed[] {
  return replayed.flatMap(({ observed }) => observed);
}

/** Every statement of the files, run or not. */
export function statementsOf({ set }: LintContext): readonly LintStatement[] {
  return set.files.flatMap(({ statements }) => statements);
}

export function locationOf({ path, line, column }: LintStatement): SourceLocation {
  return { file: path, line, column };
}

/** The beginning of a file, for what concerns it as a whole. */
export function startOf(path: string): SourceLocation {
  return { file: path, line: 1, column: 1 };
}

/** What was seen while the statement ran. */
export function seen({ serverVersion }: LintContext, detail: string): Proof {
  return { grade: 'executed', method: `replayed on PostgreSQL ${serverVersion} with made-up rows`, detail };
}

/** What the text says by itself. */
export function read(detail: string): Proof {
  return { grade: 'counted', method: 'read from the files', detail };
}

export function names(relations: readonly LintRelation[]): readonly string[] {
  return [...new Set(relations.map(quoteRelation))];
}

/** What a lock stops, in words. */
export function stops({ mode }: Pick<HeldLock, 'mode'>): string {
  return mode === 'AccessExclusiveLock' ? 'every reader and writer' : 'every writer';
}

/** The lock by its mode, as the manual writes it: `an ACCESS EXCLUSIVE lock`. */
export function lockWords({ mode }: Pick<HeldLock, 'mode'>): string {
  const words = mode.replace(/Lock$/, '').replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ');
  return `${/^[AE]/.test(words) ? 'an' : 'a'} ${words.toUpperCase()} lock`;
}

/** Gives a sentence its capital. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A fix that a migration of its own brings; statements that need to be outside of a transaction say so. */
export function migrationFix(statements: readonly string[], hazards: readonly string[] = []): Fix {
  return {
    kind: 'migration',
    sql: statements.map((sql) => ({
      sql,
      transactional: !/\bCONCURRENTLY\b/i.test(sql),
      lockTimeoutMs: 3000,
      hazards,
    })),
    undo: [],
    rewrittenQuery: null,
    files: [],
  };
}

/** The locks that a statement needs while it works: strongest for each table. */
export function lockOn({ effects }: Observed, relation: LintRelation): HeldLock | undefined {
  return effects.locks.filter((lock) => lock.relation.oid === relation.oid).at(-1);
}

/** Says when a lock was taken, if not by the statement itself. */
export function since(lock: HeldLock, statement: LintStatement): string {
  return lock.by === statement ? '' : `, held since line ${lock.by.line},`;
}

/**
 * Where an object of the finished schema comes from: the last statement that makes or alters something and names all of
 * these words, or the beginning of the first file where none does.
 */
export function originOf(context: LintContext, words: readonly string[]): SourceLocation {
  const lower = words.map((word) => word.toLowerCase());
  const maker = statementsOf(context)
    .filter(({ tree, text }) => {
      const [kind = ''] = Object.keys(tree);
      const isMaker = /^(Create|Alter|View|Index|Do|Rename)/.test(kind);
      return isMaker && lower.every((word) => text.toLowerCase().includes(word));
    })
    .at(-1);
  return maker === undefined ? startOf(context.set.files[0]?.path ?? '') : locationOf(maker);
}

/** The last part of a name, as a statement is sure to have it. */
export function lastPart(name: string): string {
  return (name.split('.').at(-1) ?? name).replaceAll('"', '');
}

/** What the catalog said when all files had run. */
export function finished(context: LintContext): Proof {
  return seen(context, 'the catalog of the finished schema');
}
