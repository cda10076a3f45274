import { createHash } from 'node:crypto';
import type { IndexStmt } from '@pgsql/types';
import { StewardError, sqlStateOf } from '../errors.js';
import type { Session } from '../postgres/session.js';
import { quoteLiteral, quoteRelation } from '../sql/quote.js';
import type { Applied } from './apply-transaction.js';
import { dropInvalidIndex, findStandingIndex, foreignInvalidIndex, hasDefinitionOf } from './invalid-index.js';
import { type UnfinishedRow, writeUnfinished } from './ledger.js';
import { inLockSlices, type Sliced } from './lock-slices.js';
import { assertFence, recordDone } from './record-done.js';
import { applicationNameOf, execute, type Run, StatementFailed } from './run.js';
import { type RunnableScript, type RunnableStatement, ScriptFault } from './script.js';

export interface StatementsOptions {
  /** Where an earlier attempt was broken off, or null. */
  readonly unfinished: UnfinishedRow | null;
  readonly outOfOrder: boolean;
  /** Told after each statement how many are done. */
  readonly onStatement: (done: number) => void;
}

/** States of an error that say that a statement's work is there already, or that what it drops is gone. */
const ALREADY_DONE = new Set(['42P04', '42P07', '42710', '42704', '3D000']);

/**
 * Runs a file that cannot be one transaction, statement by statement, from the one at which an earlier attempt was
 * broken off. What can run in a transaction commits together with the note of how far the file has come.
 */
export async function applyStatements(run: Run, script: RunnableScript, options: StatementsOptions): Promise<Applied> {
  const startedAt = performance.now();
  if (run.pooled) refuseSettings(script);
  const first = firstToRun(script, options.unfinished);
  let lockRetries = 0;
  for (const [index, statement] of script.statements.entries()) {
    const step: Step = { run, script, index, statement, inDoubt: index === first && wasRunning(statement, options) };
    // Settings that later statements rely on went with the session that was broken off.
    if (index < first && statement.setting === null) continue;
    const { retries } = await runStep(step);
    lockRetries += retries;
    if (index >= first) options.onStatement(index + 1);
  }
  const durationMs = performance.now() - startedAt;
  await inTransaction(run, () => recordDone(run, script, { durationMs, outOfOrder: options.outOfOrder }));
  if (!run.pooled) await run.main.script('RESET ALL');
  return { durationMs, lockRetries };
}

/** Gives the number of statements that are done already; throws where the file was changed in that part. */
export function firstToRun(script: RunnableScript, unfinished: UnfinishedRow | null): number {
  if (unfinished === null) return 0;
  const { statementsDone, doneDigest } = unfinished;
  if (digestOf(script.statements.slice(0, statementsDone)) === doneDigest) return statementsDone;
  throw new StewardError(
    'configuration',
    `the first ${statementsDone} statements of ${script.path} ran in an attempt that was broken off, and have been edited since`,
    { hint: 'put these statements back as they were; what follows them may be changed' },
  );
}

interface Step {
  readonly run: Run;
  readonly script: RunnableScript;
  readonly index: number;
  readonly statement: RunnableStatement;
  /** It was under way when an earlier attempt died: nobody knows whether it is done. */
  readonly inDoubt: boolean;
}

function wasRunning(statement: RunnableStatement, { unfinished }: StatementsOptions): boolean {
  return unfinished?.runningDigest === digestOf([statement]);
}

async function runStep(step: Step): Promise<Sliced<void>> {
  const { run, script, statement, index } = step;
  const { concurrentIndex } = statement;
  if (statement.setting !== null) {
    await execute(run, { script, statement });
    return { value: undefined, retries: 0 };
  }
  let ours = step.inDoubt;
  return inLockSlices(run.patience, async (sliceMs) => {
    const lockTimeoutMs = statement.patient ? run.patience.budgetMs : sliceMs;
    await prepareSession(step, lockTimeoutMs);
    if (!statement.bare) return runInTransaction(step, lockTimeoutMs);
    if (concurrentIndex !== null && (await clearTheWay(step, concurrentIndex, ours)) === 'built') {
      return note(step, run.control, { statementsDone: index + 1 });
    }
    await assertFence(run, run.control);
    await note(step, run.control, { statementsDone: index, running: statement });
    ours = true;
    await runBare(step, lockTimeoutMs);
    if (concurrentIndex !== null) await assertBuilt(step, concurrentIndex);
    await note(step, run.control, { statementsDone: index + 1 });
  });
}

async function runBare(step: Step, lockTimeoutMs: number): Promise<void> {
  const { run, script, statement, index, inDoubt } = step;
  const limits = { lockTimeoutMs, statementTimeoutMs: run.statementTimeoutMs };
  try {
    await execute(run, { script, statement, ...(run.pooled ? { limits } : {}) });
  } catch (error) {
    const state = sqlStateOf(error);
    if (inDoubt && ALREADY_DONE.has(state ?? '')) return;
    // The server says that it did not happen, so it is in doubt no more. An index build may have left its half.
    if (state !== null && statement.concurrentIndex === null) {
      await note(step, run.control, { statementsDone: index });
    }
    throw error;
  }
}

async function runInTransaction(step: Step, lockTimeoutMs: number): Promise<void> {
  const { run, script, statement } = step;
  await inTransaction(run, async () => {
    if (run.pooled) await run.main.script(`SET LOCAL ${timeoutsSql(run, lockTimeoutMs).join('; SET LOCAL ')}`);
    await execute(run, { script, statement });
    // The file may have taken a role that has no right to the runner's tables.
    await run.main.script('SET LOCAL SESSION AUTHORIZATION DEFAULT; SET LOCAL ROLE NONE');
    await assertFence(run, run.main);
    await note(step, run.main, { statementsDone: step.index + 1 });
  });
}

async function inTransaction(run: Run, work: () => Promise<void>): Promise<void> {
  await run.main.query('BEGIN');
  try {
    await work();
    await run.main.query('COMMIT');
  } catch (error) {
    // A connection that is gone has rolled back by itself, and its own error says more.
    await run.main.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

/**
 * Sets the runner's timeouts, except those that the file has set for itself. Poolers carry the application name along
 * with their client; any other setting would stay with a connection that somebody else gets next.
 */
async function prepareSession({ run, script, index }: Step, lockTimeoutMs: number): Promise<void> {
  const before = script.statements.slice(0, index);
  const timeouts = timeoutsSql(run, lockTimeoutMs).filter((sql) => !isSetByFile(before, sql.split(' ')[0] ?? ''));
  const name = `application_name = ${quoteLiteral(applicationNameOf(run, script))}`;
  await run.main.script(`SET ${[name, ...(run.pooled ? [] : timeouts)].join('; SET ')}`);
}

function timeoutsSql(run: Run, lockTimeoutMs: number): readonly string[] {
  return [`lock_timeout = ${lockTimeoutMs}`, `statement_timeout = ${run.statementTimeoutMs}`];
}

/** Behind a pooler no SET reaches the statement behind it, and RESET ALL may reach another connection than it did. */
function refuseSettings({ path, statements }: RunnableScript): void {
  const changing = statements.find(({ setting }) => setting !== null);
  if (changing === undefined) return;
  throw new ScriptFault('a SET outside of a transaction does not reach the next statement through a pooler', {
    ...{ path, line: changing.line },
    hint: 'let --database-url name the server itself for this file, or take the SET out of it',
  });
}

function isSetByFile(statements: readonly RunnableStatement[], name: string): boolean {
  const changes = statements.flatMap(({ setting }) => setting ?? []);
  const last = changes.filter((change) => change.name === name || change.name === 'all').at(-1);
  return last !== undefined && !last.reset;
}

/** Tells that the index is there already, or drops the INVALID half of an earlier build. */
async function clearTheWay(step: Step, index: IndexStmt, ours: boolean): Promise<'built' | 'clear'> {
  const { main, onEvent } = step.run;
  const standing = await findStandingIndex(main, index);
  if (standing === null) return 'clear';
  // Only a build of our own that finished unseen is taken for the work; anybody else's index is the server's to refuse.
  if (standing.valid) return ours && hasDefinitionOf(standing, index) ? 'built' : 'clear';
  if (!ours && !hasDefinitionOf(standing, index)) throw foreignInvalidIndex(standing);
  await dropInvalidIndex(main, standing);
  onEvent({ kind: 'invalid index dropped', version: step.script.migration.version, index: quoteRelation(standing) });
  return 'clear';
}

async function assertBuilt({ run, statement }: Step, index: IndexStmt): Promise<void> {
  const standing = await findStandingIndex(run.main, index);
  if (standing === null || standing.valid) return;
  const invalid = new StewardError('database', `the index ${quoteRelation(standing)} is INVALID after its build`);
  throw new StatementFailed(statement, invalid, []);
}

interface Note {
  readonly statementsDone: number;
  readonly running?: RunnableStatement;
}

async function note({ run, script }: Step, session: Session, { statementsDone, running }: Note): Promise<void> {
  const doneDigest = digestOf(script.statements.slice(0, statementsDone));
  const runningDigest = running === undefined ? null : digestOf([running]);
  const { migration, direction } = script;
  const row = { version: migration.version, direction, statementsDone, doneDigest, runningDigest };
  await writeUnfinished(session, run.tables, row);
}

function digestOf(statements: readonly RunnableStatement[]): string {
  const hash = createHash('sha256');
  for (const { text } of statements) hash.update(`${Buffer.byteLength(text)}\n${text}`);
  return hash.digest('hex');
}
