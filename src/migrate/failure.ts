import { messageOf, StewardError, sqlStateOf } from '../errors.js';
import type { MigrateResult, MigrationFailure } from '../model/migration.js';
import type { AttemptFailure } from './attempts.js';
import type { PlannedScript } from './plan.js';
import { StatementFailed } from './run.js';
import { ScriptFault } from './script.js';
import { describeBlockers } from './statement-watch.js';

/** A run that ended at a file which could not be applied; `result.failure` names it, `result.done` what went before. */
export class MigrateFailed extends StewardError {
  readonly result: MigrateResult;

  constructor(message: string, options: { hint: string; cause: unknown; result: MigrateResult }) {
    super('database', message, options);
    this.name = 'MigrateFailed';
    this.result = options.result;
  }
}

export interface Ended {
  readonly planned: PlannedScript;
  readonly error: unknown;
  /** Statements of the file that stay done. */
  readonly statementsDone: number;
}

/** Says what ended a run, for its result. */
export function failureOf({ planned, error, statementsDone }: Ended): MigrationFailure {
  const { version, name } = planned.migration;
  const { line, sqlState, message } = attemptFailureOf(error);
  return { version, name, path: planned.script.path, line, sqlState, message, statementsDone };
}

/** Says what ended a run, for the history. */
export function attemptFailureOf(error: unknown): AttemptFailure {
  if (error instanceof ScriptFault) {
    return { line: error.line, statement: null, sqlState: error.sqlState, message: error.message };
  }
  if (error instanceof StatementFailed) {
    const blocked = error.blockers.length === 0 ? '' : `, held by ${describeBlockers(error.blockers)}`;
    const message = error.code === '55P03' ? `the lock it needs is not to be had${blocked}` : error.message;
    const sqlState = error.code === '' ? null : error.code;
    return { line: error.line, statement: error.statement.text, sqlState, message };
  }
  return { line: null, statement: null, sqlState: sqlStateOf(error), message: messageOf(error) };
}

/** Makes the error that a user sees: file, line, reason, SQLSTATE, and what of the file is done. */
export function migrateFailed(ended: Ended, result: MigrateResult): MigrateFailed {
  const { path, line, message, sqlState, statementsDone } = failureOf(ended);
  const place = line === null ? path : `${path}:${line}`;
  const state = sqlState === null ? '' : ` (SQLSTATE ${sqlState})`;
  return new MigrateFailed(`${place}: ${message}${state}; ${whatStays(statementsDone, result)}`, {
    hint: hintFor(ended.error, result),
    cause: ended.error,
    result,
  });
}

function whatStays(statementsDone: number, { direction, done }: MigrateResult): string {
  const word = direction === 'up' ? 'applied' : 'taken back';
  const ofFile =
    statementsDone === 0
      ? `nothing of this file is ${word}`
      : `${statementsDone} of its statements are done and stay, and the next run goes on behind them`;
  if (done.length === 0) return ofFile;
  return `${ofFile}; ${done.length} before it ${done.length === 1 ? 'is' : 'are'} ${word}`;
}

function hintFor(error: unknown, { direction }: MigrateResult): string {
  if (error instanceof ScriptFault) return error.hint;
  if (error instanceof StewardError && error.hint !== null) return error.hint;
  if (error instanceof StatementFailed && error.code === '55P03') {
    return `wait until it is released, or end the session that holds it, then run pgsteward migrate ${direction} again`;
  }
  return `correct the file or the database, then run pgsteward migrate ${direction} again`;
}
