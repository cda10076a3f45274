import type { MigrateResult, MigrationDirection, MigrationFolder } from '../model/migration.js';
import { type Progress, silentProgress } from '../model/progress.js';
import { openSession, type Session } from '../postgres/session.js';
import { currentActor } from './actor.js';
import { applyStatements, firstToRun } from './apply-statements.js';
import { applyInTransaction } from './apply-transaction.js';
import { recordAttempt } from './attempts.js';
import { explainDatabaseError } from './database-error.js';
import { type Draft, draftRun, resultOf, unfinishedOf } from './draft.js';
import { attemptFailureOf, type Ended, migrateFailed } from './failure.js';
import { type Actor, type LedgerState, readLedger } from './ledger.js';
import { ensureOwnTables, type OwnTables, ownTables } from './own-tables.js';
import { type PlannedScript, warningsOf } from './plan.js';
import type { MigrateEvent, Run } from './run.js';
import { showRun } from './run-progress.js';
import type { RunnableScript } from './script.js';
import { LEASE_MS, underLease } from './under-lease.js';

export interface MigrateOptions {
  /** Says what would be done, and does nothing. */
  readonly dryRun?: boolean;
  /** Schema of the ledger; `steward` where not given. */
  readonly schema?: string;
  /** How long a file may be held up by other sessions' locks; 60,000 where not given. */
  readonly lockTimeoutMs?: number;
  /** Longest time for one statement; none where not given. */
  readonly statementTimeoutMs?: number;
  /** After how long a runner that died is taken for dead; 15,000 where not given. */
  readonly leaseMs?: number;
  /** Cancels the statement under way, which is then undone, and ends the run. */
  readonly signal?: AbortSignal;
  readonly progress?: Progress;
  readonly onEvent?: (event: MigrateEvent) => void;
  /** Gives numbers from 0 to 1 that spread retries. */
  readonly random?: () => number;
}

/** A run in one direction; `plan` is asked before the lease is taken and again under it. */
export interface MigrateJob {
  readonly url: string;
  readonly folder: MigrationFolder;
  readonly direction: MigrationDirection;
  readonly options: MigrateOptions;
  readonly plan: (ledger: LedgerState) => readonly PlannedScript[];
  /** Throws where other runners have done what is planned, and gives warnings of theirs; not asked where not given. */
  readonly takenByOthers?: (session: Session, ledger: LedgerState) => Promise<readonly string[]>;
}

const LOCK_TIMEOUT_MS = 60_000;

/** Plans without a lock, waits for the lease where there is work, plans again, and does it file by file. */
export async function runMigrations(job: MigrateJob): Promise<MigrateResult> {
  const { direction, folder, options } = job;
  const tables = ownTables(options.schema ?? 'steward');
  const dryRun = options.dryRun === true;
  const main = await openSession(job.url, { applicationName: 'pgsteward migrate' });
  try {
    const ledger = await readLedger(main, tables);
    const planned = job.plan(ledger);
    const others = planned.length === 0 ? [] : await job.takenByOthers?.(main, ledger);
    const warnings = [...(others ?? []), ...warningsOf(folder)];
    const { draft, fault } = draftRun(planned, ledger, { direction, dryRun, warnings });
    const idle = dryRun || draft.planned.length === 0;
    if (fault === null && idle) return resultOf(draft, null);
    if (!idle) await ensureOwnTables(main, tables);
    const stage: Stage = { job, draft, tables, main, actor: currentActor() };
    if (fault === null) return await withLease(stage);
    // A file that cannot run ends the run before anything is applied, and stands in the history all the same.
    if (!dryRun) await writeFailure(main, stage, fault);
    throw migrateFailed(fault, resultOf(draft, fault));
  } catch (error) {
    throw explainDatabaseError(error, tables);
  } finally {
    await main.close();
  }
}

interface Stage {
  readonly job: MigrateJob;
  readonly draft: Draft;
  readonly tables: OwnTables;
  readonly main: Session;
  readonly actor: Actor;
}

async function withLease(stage: Stage): Promise<MigrateResult> {
  const control = await openSession(stage.job.url, { applicationName: 'pgsteward migrate watch' });
  try {
    await runUnderLease(stage, control);
    return resultOf(stage.draft, null);
  } finally {
    await control.close();
  }
}

async function runUnderLease(stage: Stage, control: Session): Promise<void> {
  const { job, draft, tables, main, actor } = stage;
  const { options } = job;
  const signal = options.signal ?? null;
  const random = options.random ?? Math.random;
  const shown = showRun(options.progress ?? silentProgress, draft.planned.length);
  const onEvent = (event: MigrateEvent) => {
    shown.tell(event);
    options.onEvent?.(event);
  };
  try {
    const terms = {
      ...{ actor, random, signal, leaseMs: options.leaseMs ?? LEASE_MS },
      onWait: (holder: string) => onEvent({ kind: 'lease awaited', holder }),
    };
    await underLease(job.url, { tables, terms }, async (lease) => {
      const patience = { budgetMs: Math.max(1, options.lockTimeoutMs ?? LOCK_TIMEOUT_MS), random, signal };
      const statementTimeoutMs = options.statementTimeoutMs ?? 0;
      const pooled = await isPooled(main);
      await runAll({ tables, actor, lease, main, control, patience, statementTimeoutMs, onEvent, pooled }, stage);
    });
  } finally {
    shown.end(`${draft.done.length} of ${draft.planned.length} done`);
  }
}

/** A pooler gives its clients process numbers of its own. */
async function isPooled(session: Session): Promise<boolean> {
  const { rows } = await session.query<{ pid: number }>('SELECT pg_catalog.pg_backend_pid() AS pid');
  return rows[0]?.pid !== session.backendPid;
}

/** Only what was planned at the start is done, and of that only what another runner has not done meanwhile. */
async function runAll(run: Run, { job, draft }: Stage): Promise<void> {
  const ledger = await readLedger(run.main, run.tables);
  const still = new Map(job.plan(ledger).map((planned) => [planned.migration.version, planned]));
  for (const { migration } of draft.planned) {
    const planned = still.get(migration.version);
    const script = draft.scripts.get(migration.version);
    if (planned !== undefined && script !== undefined) await runOne(run, draft, { planned, script, ledger });
    else {
      draft.skipped.push(migration.version);
      const attempt = { migration, direction: draft.direction, event: 'skipped' } as const;
      await recordAttempt(run.control, run.tables, { attempt, actor: run.actor });
    }
  }
}

interface Turn {
  readonly planned: PlannedScript;
  readonly script: RunnableScript;
  readonly ledger: LedgerState;
}

async function runOne(run: Run, draft: Draft, turn: Turn): Promise<void> {
  const { planned, script, ledger } = turn;
  const { migration, outOfOrder } = planned;
  const { version, name } = migration;
  const { direction } = draft;
  const unfinished = script.transactional ? null : unfinishedOf(ledger.unfinished, script);
  let statementsDone = 0;
  run.onEvent({ kind: 'started', version, name, direction });
  await recordAttempt(run.control, run.tables, {
    attempt: { migration, direction, event: 'started' },
    actor: run.actor,
  });
  try {
    statementsDone = firstToRun(script, unfinished);
    const onStatement = (done: number) => {
      statementsDone = done;
    };
    const { durationMs, lockRetries } = script.transactional
      ? await applyInTransaction(run, script, outOfOrder)
      : await applyStatements(run, script, { unfinished, outOfOrder, onStatement });
    const statements = script.statements.length;
    draft.done.push({ version, name, path: script.path, durationMs, statements, lockRetries });
    run.onEvent({ kind: 'done', version, durationMs });
  } catch (error) {
    const ended: Ended = { planned, error, statementsDone };
    // The server may be gone; what was tried then shows as a start without an end.
    await writeFailure(run.control, { draft, tables: run.tables, actor: run.actor }, ended).catch(() => undefined);
    throw migrateFailed(ended, resultOf(draft, ended));
  }
}

type Author = Pick<Stage, 'draft' | 'tables' | 'actor'>;

async function writeFailure(session: Session, { draft, tables, actor }: Author, ended: Ended): Promise<void> {
  const { migration } = ended.planned;
  const failure = attemptFailureOf(ended.error);
  const { statementsDone } = ended;
  const attempt = { migration, direction: draft.direction, event: 'failed', statementsDone, failure } as const;
  await recordAttempt(session, tables, { attempt, actor });
}
