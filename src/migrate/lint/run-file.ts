import type { Session } from '../../postgres/session.js';
import { quoteIdentifier } from '../../sql/quote.js';
import { bodyOf } from '../../sql/walk.js';
import { mayCommit, runsOutsideTransaction, transactionControlOf } from '../statement-kind.js';
import { lockedOf, lockedSql, readRowsScanned } from './catalog-state.js';
import { deadReasonOf } from './dead-write.js';
import { effectsOf, type Standing } from './effects.js';
import { emptyFor } from './empty-tables.js';
import { writesLedger } from './ledger-writes.js';
import type { LintFile, LintStatement } from './lint-file.js';
import { blank, type Effects, type LintRelation, type Observed, type StatementError } from './observation.js';
import { passesBy } from './own-names.js';
import { runBare } from './run-bare.js';
import type { ReplaySessions } from './sessions.js';
import { isDataError, missingExtensionOf, missingRoleOf, statementErrorOf } from './statement-error.js';

/** What failed before, so that its consequences are not told as failures of their own. */
export interface Knowledge {
  /** Statements that failed or were passed by, in lower case. */
  readonly failedTexts: string[];
  /** Extensions that the server does not have. */
  readonly unavailable: string[];
}

export interface FileRun {
  readonly file: LintFile;
  readonly relations: ReadonlyMap<number, LintRelation>;
  readonly knowledge: Knowledge;
}

/** Runs a file statement by statement and says what each did. What fails is left out, and the rest goes on. */
export async function runFile(sessions: ReplaySessions, run: FileRun): Promise<readonly Observed[]> {
  const { main } = sessions;
  const { file } = run;
  const newestOid = [...run.relations.keys()].reduce((newest, oid) => Math.max(newest, oid), 0);
  const { relations } = run;
  let standing: Standing = { newestOid, relations, locks: [], rowsScanned: new Map(), known: new Set() };
  const observed: Observed[] = [];
  if (file.transactional) standing = await begin(main, standing);
  for (const statement of file.statements) {
    const alone = !file.transactional && (runsOutsideTransaction(statement.tree) || mayCommit(statement.tree));
    const passed = passedBy(statement);
    if (passed !== null) observed.push({ ...blank(statement), outcome: 'passed by', reason: passed });
    else if (alone) {
      const { result, after } = await runBare(sessions, statement, { ...standing, locks: [] });
      standing = after;
      observed.push(result);
    } else {
      if (!file.transactional) standing = await begin(main, standing);
      const attempt = await runWatched(main, statement, { standing, knowledge: run.knowledge });
      observed.push(attempt.observed);
      standing = attempt.after;
      if (!file.transactional) {
        await main.query('COMMIT');
      }
    }
    const last = observed.at(-1);
    if (last !== undefined && last.outcome !== 'done') run.knowledge.failedTexts.push(statement.text.toLowerCase());
  }
  return file.transactional ? commit(main, observed) : observed;
}

/** Stands before each statement, so that one that fails takes nothing else along. */
const SAVEPOINT = 'pgsteward_statement';
const RENEWED = `RELEASE SAVEPOINT ${SAVEPOINT}; SAVEPOINT ${SAVEPOINT}`;

async function begin(main: Session, standing: Standing): Promise<Standing> {
  await main.script(`BEGIN; SAVEPOINT ${SAVEPOINT}`);
  return { ...standing, locks: [], rowsScanned: await readRowsScanned(main) };
}

/** Names why a statement is not run here at all, or gives null. */
function passedBy({ tree }: LintStatement): string | null {
  const control = transactionControlOf(tree);
  if (control !== null) return `${control} is the runner's to give`;
  if (bodyOf(tree, 'CreateTableSpaceStmt') !== null) return 'a tablespace needs a folder of its server';
  const copy = bodyOf(tree, 'CopyStmt');
  if (copy !== null && copy.filename === undefined) return 'rows for COPY are not in the file';
  return null;
}

interface Around {
  readonly standing: Standing;
  readonly knowledge: Knowledge;
}

interface Attempt {
  readonly observed: Observed;
  readonly after: Standing;
}

async function runWatched(main: Session, statement: LintStatement, around: Around): Promise<Attempt> {
  const missingRoles: string[] = [];
  let dataError: StatementError | null = null;
  for (;;) {
    const tried = await tryStatement(main, statement, around.standing);
    if (tried.error === null) {
      const { effects, after } = effectsOf(around.standing, tried.locked, statement);
      const deadReason = tried.rowsAffected === 0 ? await deadReasonOf(main, statement, after) : null;
      const { rowsAffected, durationMs } = tried;
      const seen = dataError === null ? effects : withoutRows(effects);
      return {
        observed: { ...blank(statement), dataError, missingRoles, rowsAffected, durationMs, effects: seen, deadReason },
        after,
      };
    }
    const role = missingRoleOf(tried.error);
    if (role !== null && !missingRoles.includes(role)) {
      missingRoles.push(role);
      // What runs as a role which the file takes is to fail for no want of rights that nobody can know here.
      const rights = 'VariableSetStmt' in statement.tree ? ' SUPERUSER' : '';
      await main.script(`CREATE ROLE ${quoteIdentifier(role)}${rights}; ${RENEWED}`);
      continue;
    }
    if (
      dataError === null &&
      isDataError(tried.error) &&
      (await emptyFor(main, { statement, error: tried.error }, around.standing))
    ) {
      dataError = tried.error;
      await main.script(RENEWED);
      continue;
    }
    // Without the rows it fails as well, so they are not what stands in its way.
    const error = dataError ?? tried.error;
    return { observed: failed(statement, error, { missingRoles, around }), after: around.standing };
  }
}

/** A table from which the rows were taken out before looks truncated when it is written anew. */
function withoutRows(effects: Effects): Effects {
  return { ...effects, rewrites: [...effects.rewrites, ...effects.truncated], truncated: [] };
}

type Tried =
  | { readonly error: StatementError }
  | {
      readonly error: null;
      readonly locked: ReturnType<typeof lockedOf>;
      readonly rowsAffected: number;
      readonly durationMs: number;
    };

async function tryStatement(main: Session, statement: LintStatement, standing: Standing): Promise<Tried> {
  // A savepoint of the file's own has to be the last one when it is gone back to.
  const own = 'TransactionStmt' in statement.tree;
  if (own) await main.query(`RELEASE SAVEPOINT ${SAVEPOINT}`);
  const startedAt = performance.now();
  try {
    const { rowCount } = await main.query(statement.text);
    const durationMs = performance.now() - startedAt;
    const asked = passesBy(statement, standing.relations) ? [] : [lockedSql(standing.newestOid)];
    const renewed = own ? `SAVEPOINT ${SAVEPOINT}` : RENEWED;
    const results = await main.script([renewed, ...asked].join('; '));
    const locked = asked.length === 0 ? [] : lockedOf(results.at(-1)?.rows ?? []);
    return { error: null, locked, rowsAffected: rowCount, durationMs };
  } catch (thrown) {
    const error = statementErrorOf(thrown);
    await main.script(own ? `ROLLBACK; BEGIN; SAVEPOINT ${SAVEPOINT}` : `ROLLBACK TO SAVEPOINT ${SAVEPOINT}`);
    return { error };
  }
}

interface FailureAround {
  readonly missingRoles: readonly string[];
  readonly around: Around;
}

function failed(statement: LintStatement, error: StatementError, { missingRoles, around }: FailureAround): Observed {
  const reason = excuse(statement, error, around.knowledge);
  const outcome = reason === null ? 'failed' : 'passed by';
  return { ...blank(statement), outcome, reason: reason ?? error.message, error, missingRoles };
}

/** States that say that an object is not there. */
const NOT_THERE = new Set(['42P01', '42703', '42704', '42883', '3F000', '42P02', '42P10', '42830']);

/** Says whose consequence a failure is, or gives null where it is one of its own. */
function excuse(
  statement: LintStatement,
  error: StatementError,
  { failedTexts, unavailable }: Knowledge,
): string | null {
  const extension = missingExtensionOf(error);
  if (extension !== null) {
    unavailable.push(extension);
    return `the private server does not have the extension ${extension}`;
  }
  if (error.sqlState === '57014') return 'it took longer than a minute';
  if (!NOT_THERE.has(error.sqlState)) return null;
  if (unavailable.length > 0) return `it may need the extension ${unavailable.join(', ')}, which is not there`;
  if (writesLedger(statement.tree, 'steward').length > 0) return 'there is no ledger on the private server';
  const missing = /"([^"]+)"|(?:function|operator) ([\w.]+)/.exec(error.message);
  const name = (missing?.[1] ?? missing?.[2] ?? '').toLowerCase().split('.').at(-1) ?? '';
  const cause = failedTexts.find((text) => text.match(/[\w$]+/g)?.includes(name));
  return cause === undefined ? null : 'what it needs should have come from a statement that failed';
}

async function commit(main: Session, observed: readonly Observed[]): Promise<readonly Observed[]> {
  try {
    await main.query('COMMIT');
    return observed;
  } catch (thrown) {
    const error = statementErrorOf(thrown);
    await main.query('ROLLBACK');
    const last = observed.at(-1);
    if (last === undefined) return observed;
    return [...observed.slice(0, -1), { ...last, outcome: 'failed', reason: `at COMMIT: ${error.message}`, error }];
  }
}
