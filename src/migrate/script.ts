import type { IndexStmt } from '@pgsql/types';
import type { Migration, MigrationDirection, MigrationScript } from '../model/migration.js';
import { type ParsedStatement, parseStatements } from '../sql/parse.js';
import { ParseFailure } from '../sql/parse-failure.js';
import { bodyOf } from '../sql/walk.js';
import {
  concurrentIndexOf,
  mayCommit,
  runsOutsideTransaction,
  type SettingChange,
  settingOf,
  transactionControlOf,
  waitsWithoutBlocking,
} from './statement-kind.js';

/** One direction of a migration, taken apart and ready to run. */
export interface RunnableScript {
  readonly migration: Migration;
  readonly direction: MigrationDirection;
  readonly path: string;
  /** False where its statements run and commit one by one: by directive, or because a statement needs it. */
  readonly transactional: boolean;
  readonly statements: readonly RunnableStatement[];
}

export interface RunnableStatement {
  readonly text: string;
  /** From 1. */
  readonly line: number;
  /** PostgreSQL refuses it inside a transaction block, or it may end transactions itself. */
  readonly bare: boolean;
  /** Its waits for a lock stop nobody else, and breaking it off leaves something behind. */
  readonly patient: boolean;
  /** The session setting that it changes, or null. */
  readonly setting: SettingChange | null;
  /** The tree of CREATE INDEX CONCURRENTLY, or null. */
  readonly concurrentIndex: IndexStmt | null;
}

/** Says why the runner does not run a file, and where. */
export class ScriptFault extends Error {
  readonly path: string;
  /** From 1. */
  readonly line: number;
  readonly hint: string;
  readonly sqlState: string | null;

  constructor(message: string, fault: { path: string; line: number; hint: string; sqlState?: string }) {
    super(message);
    this.name = 'ScriptFault';
    this.path = fault.path;
    this.line = fault.line;
    this.hint = fault.hint;
    this.sqlState = fault.sqlState ?? null;
  }
}

/** Takes a script apart; a ScriptFault where it is no SQL, holds none, or ends the transaction that is around it. */
export function parseScript(
  migration: Migration,
  direction: MigrationDirection,
  script: MigrationScript,
): RunnableScript {
  const { path } = script;
  const parsed = parseOrFault(script);
  if (parsed.length === 0) throw empty(path);
  for (const statement of parsed) refuse(path, statement);
  const directed = script.directives.some(({ kind }) => kind === 'no-transaction');
  const transactional = !directed && !parsed.some(({ tree }) => runsOutsideTransaction(tree));
  return { migration, direction, path, transactional, statements: parsed.map(toRunnable) };
}

function toRunnable({ tree, text, line }: ParsedStatement): RunnableStatement {
  return {
    text,
    line,
    bare: runsOutsideTransaction(tree) || mayCommit(tree),
    patient: waitsWithoutBlocking(tree),
    setting: settingOf(tree),
    concurrentIndex: concurrentIndexOf(tree),
  };
}

function parseOrFault(script: MigrationScript): readonly ParsedStatement[] {
  try {
    return parseStatements(script.text);
  } catch (error) {
    if (!(error instanceof ParseFailure)) throw error;
    throw explainParseFailure(script, error);
  }
}

/** Says why a script is no SQL: a command of psql, rows for COPY, or what the parser says. */
export function explainParseFailure({ path, text }: MigrationScript, failure: ParseFailure): ScriptFault {
  const lines = text.split('\n').slice(0, failure.line);
  const copy = lines.findIndex((line) => /^\s*copy\b.*\bfrom\s+stdin\b/i.test(line));
  if (copy >= 0) return copyFault(path, copy + 1);
  const command = lines.findIndex((line) => /^\s*\\[a-z!?;]/i.test(line));
  if (command >= 0) {
    const word = /\\\S+/.exec(lines[command] ?? '')?.[0] ?? '\\';
    return new ScriptFault(`${word} is a command of psql, not SQL`, {
      ...{ path, line: command + 1, sqlState: '42601' },
      hint: 'write what it does as SQL, or leave it out',
    });
  }
  const hint = 'correct the statement, then run the command again';
  return new ScriptFault(failure.message, { path, line: failure.line, hint, sqlState: '42601' });
}

function refuse(path: string, { tree, line }: ParsedStatement): void {
  const control = transactionControlOf(tree);
  if (control !== null) {
    throw new ScriptFault(
      `${control} in a migration would end or split the transaction that keeps file and ledger equal`,
      {
        ...{ path, line },
        hint: `leave ${control} out: each file runs in a transaction of its own; for statements that cannot, write "-- pgsteward: no-transaction"`,
      },
    );
  }
  const copy = bodyOf(tree, 'CopyStmt');
  if (copy !== null && copy.filename === undefined) throw copyFault(path, line);
}

function copyFault(path: string, line: number): ScriptFault {
  return new ScriptFault('COPY with data in the file, or to the client, does not run here', {
    ...{ path, line },
    hint: 'write the rows as INSERT ... VALUES, or load them outside of the migrations',
  });
}

function empty(path: string): ScriptFault {
  return new ScriptFault('the file holds no statement', {
    ...{ path, line: 1 },
    hint: 'write the migration, or delete the file; a down file that cannot exist is replaced by "-- pgsteward: irreversible <reason>" in the up file',
  });
}
