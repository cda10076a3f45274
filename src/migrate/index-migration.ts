import type { IndexStmt, Node } from '@pgsql/types';
import { StewardError } from '../errors.js';
import type { Finding, FixStatement } from '../model/finding.js';
import { parseStatement } from '../sql/parse.js';
import { quoteIdentifier } from '../sql/quote.js';
import { bodyOf } from '../sql/walk.js';

/** One index of a finding, to be built or dropped by a migration of its own. */
export interface IndexMigration {
  readonly finding: Finding;
  readonly statement: FixStatement;
  /** For an index that is to be dropped, the statement that builds it again. */
  readonly undo?: string;
  /** What must be run before it; stays when the index goes. */
  readonly before?: readonly FixStatement[];
  /** What is to be run once it stands. */
  readonly after?: readonly FixStatement[];
  /** Among the indexes of the finding, from 1. */
  readonly part: number;
  readonly parts: number;
}

export interface Written {
  /** In words that are joined in a file's name: `add`, `orders`, `created`, `at`, `index`. */
  readonly words: readonly string[];
  readonly up: string;
  readonly down: string;
}

export interface Origin {
  readonly toolVersion: string;
  readonly now: Date;
}

/**
 * A concurrent build waits for every transaction that is older than itself, and that wait counts against
 * lock_timeout, stops no reader and no writer, and leaves an INVALID index when it is broken off. So it may be long.
 */
const PATIENT_LOCK_TIMEOUT_MS = 600_000;
const NAME_LENGTH_MAX = 80;

/** Writes the two files of an index. Nothing of a statement's text is in them: it may hold people's data. */
export function writeIndexMigration(migration: IndexMigration, origin: Origin): Written {
  const { statement, undo } = migration;
  const create = withoutSemicolon(undo ?? statement.sql);
  const index = indexOf(create);
  const name = indexNameOf(index);
  const adding = [`-- Adds the index ${oneLine(name)} on ${oneLine(tableOf(index))}.`, ...directives(statement)];
  const dropping = [`-- Drops the index ${oneLine(name)}.`, ...directives(statement)];
  const note = statement.transactional ? [] : leftOverNote(name);
  const built = surroundedByTimeouts(statement, `${create};`);
  const evidence = evidenceOf(migration, origin);
  const text = (...parts: (readonly string[])[]) => `${parts.flat().join('\n')}\n`;
  if (undo !== undefined) {
    const dropped = surroundedByTimeouts(statement, `${withoutSemicolon(statement.sql)};`);
    return {
      words: wordsOfDrop(index),
      up: text(dropping, ['--'], evidence, [''], dropped),
      down: text(adding, note, [''], built),
    };
  }
  const [before, after] = [withHazards(migration.before), withHazards(migration.after)];
  const concurrently = statement.transactional ? '' : 'CONCURRENTLY ';
  return {
    words: wordsOf(index),
    up: text(adding, ['--'], evidence, note, [''], before, built, after),
    down: text(dropping, [''], surroundedByTimeouts(statement, `DROP INDEX ${concurrently}IF EXISTS ${name};`)),
  };
}

function withHazards(statements: readonly FixStatement[] = []): readonly string[] {
  return statements.flatMap(({ hazards, sql }) => [...hazards.map(comment), `${sql};`]);
}

function withoutSemicolon(sql: string): string {
  return sql.trim().replace(/;+$/, '');
}

function directives({ transactional }: FixStatement): readonly string[] {
  return transactional ? [] : ['-- pgsteward: no-transaction'];
}

/** Gives the header lines by which a written migration is known again. */
export function identityLines({ finding, part, parts }: IndexMigration): readonly string[] {
  return [`-- key: ${oneLine(finding.key)}`, ...(parts === 1 ? [] : [`-- part: ${part} of ${parts}`])];
}

/** Puts a text on one line without control characters, so that it cannot leave its comment. */
function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
}

function comment(text: string): string {
  return `-- ${oneLine(text)}`;
}

function indexOf(sql: string): IndexStmt {
  const index = bodyOf(parseStatement(sql).tree, 'IndexStmt');
  if (index?.idxname !== undefined) return index;
  throw new StewardError('runtime', `an index migration needs a CREATE INDEX with a name, not: ${sql}`);
}

function tableOf({ relation }: IndexStmt): string {
  return [relation?.schemaname, relation?.relname].flatMap((part) => part ?? []).join('.');
}

function indexNameOf({ relation, idxname }: IndexStmt): string {
  return [relation?.schemaname, idxname].flatMap((part) => (part === undefined ? [] : quoteIdentifier(part))).join('.');
}

function evidenceOf(migration: IndexMigration, { toolVersion, now }: Origin): readonly string[] {
  const { finding } = migration;
  const { proof } = finding;
  return [
    ...identityLines(migration),
    `-- rule: ${oneLine(finding.ruleId)}`,
    `-- proof: ${proof.grade}, by ${oneLine(proof.method)}`,
    ...finding.queries.map(({ fingerprint, calls, costBefore, costAfter }) => {
      const cost =
        costBefore === null || costAfter === null ? '' : `, planner cost ${round(costBefore)} -> ${round(costAfter)}`;
      return `-- statement ${oneLine(fingerprint)}: ${calls} calls${cost}`;
    }),
    ...finding.evidence.map(
      ({ name, value, unit, source }) => `-- ${oneLine(name)}: ${round(value)} ${unit} (${oneLine(source)})`,
    ),
    `-- written by pgsteward ${oneLine(toolVersion)}, ${now.toISOString()}`,
  ];
}

function leftOverNote(name: string): readonly string[] {
  return [
    '--',
    '-- A build that is broken off leaves an INVALID index of this name. pgsteward migrate up drops and rebuilds it;',
    '-- elsewhere the statement below stops with "already exists", and this is to be run first:',
    `--   DROP INDEX CONCURRENTLY IF EXISTS ${oneLine(name)};`,
  ];
}

function surroundedByTimeouts({ transactional, lockTimeoutMs }: FixStatement, sql: string): readonly string[] {
  if (transactional) return [`SET LOCAL lock_timeout = '${lockTimeoutMs}ms';`, sql];
  return [
    '-- The wait for older transactions stops nobody; a build that is broken off has to begin again.',
    `SET lock_timeout = '${Math.max(lockTimeoutMs, PATIENT_LOCK_TIMEOUT_MS)}ms';`,
    'SET statement_timeout = 0;',
    sql,
    'RESET statement_timeout;',
    'RESET lock_timeout;',
  ];
}

function wordsOf(index: IndexStmt): readonly string[] {
  const columns = (index.indexParams ?? []).map(columnOf);
  const partial = index.whereClause === undefined ? [] : ['partial'];
  return [...nameWords(['add', index.relation?.relname ?? '', ...columns, ...partial]), 'index'];
}

function wordsOfDrop({ idxname = '' }: IndexStmt): readonly string[] {
  const words = nameWords(['drop', idxname]);
  return words.some((word) => word === 'idx' || word === 'index') ? words : [...words, 'index'];
}

function nameWords(parts: readonly string[]): readonly string[] {
  const words = parts
    .join('_')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
  while (words.join('_').length > NAME_LENGTH_MAX) words.pop();
  return words;
}

function columnOf(param: Node): string {
  return bodyOf(param, 'IndexElem')?.name ?? 'expression';
}

function round(value: number): string {
  return String(Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(3)));
}
