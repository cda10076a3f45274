import { messageOf, sqlStateOf } from '../errors.js';
import type { MigrationDirection } from '../model/migration.js';
import type { Session } from '../postgres/session.js';
import { cutOff, type Limits } from './cut-off.js';
import type { Lease } from './lease.js';
import type { Actor } from './ledger.js';
import type { LockPatience } from './lock-slices.js';
import type { OwnTables } from './own-tables.js';
import type { RunnableScript, RunnableStatement } from './script.js';
import { type Blocker, describeBlockers, watchStatement } from './statement-watch.js';

/** A run that holds the lease, with what its files need to be applied. */
export interface Run {
  readonly tables: OwnTables;
  readonly actor: Actor;
  readonly lease: Lease;
  /** Runs the files. */
  readonly main: Session;
  /** Looks at what `main` waits for, and writes what must survive its rollbacks. */
  readonly control: Session;
  readonly patience: LockPatience;
  /** 0 for none. */
  readonly statementTimeoutMs: number;
  readonly onEvent: (event: MigrateEvent) => void;
  /** A pooler stands in between: what `main` SETs for its session stays with a connection that is anybody's. */
  readonly pooled: boolean;
}

/** What happens during a run, for progress and logs. */
export type MigrateEvent =
  | { readonly kind: 'lease awaited'; readonly holder: string }
  | {
      readonly kind: 'started';
      readonly version: string;
      readonly name: string;
      readonly direction: MigrationDirection;
    }
  | { readonly kind: 'lock awaited'; readonly version: string; readonly blockers: string }
  | { readonly kind: 'index build'; readonly version: string; readonly phase: string }
  | { readonly kind: 'invalid index dropped'; readonly version: string; readonly index: string }
  | { readonly kind: 'done'; readonly version: string; readonly durationMs: number };

/** A statement of a file did not succeed. */
export class StatementFailed extends Error {
  readonly statement: RunnableStatement;
  /** Of the error in the file, from 1. */
  readonly line: number;
  /** SQLSTATE, or the empty string where the server gave none. */
  readonly code: string;
  readonly blockers: readonly Blocker[];

  constructor(statement: RunnableStatement, cause: unknown, blockers: readonly Blocker[]) {
    super(messageOf(cause), { cause });
    this.name = 'StatementFailed';
    this.statement = statement;
    this.line = statement.line + linesBefore(statement.text, cause);
    this.code = sqlStateOf(cause) ?? '';
    this.blockers = blockers;
  }
}

/** Gives the name under which the session that runs a file is seen; it fits into the 63 bytes PostgreSQL keeps. */
export function applicationNameOf(run: Run, { migration }: RunnableScript): string {
  return `pgsteward migrate ${migration.version.slice(0, 30)} ${run.actor.runId.slice(0, 8)}`;
}

/** One statement of a file. */
export interface Execution {
  readonly script: RunnableScript;
  readonly statement: RunnableStatement;
  /** Limits to keep it to from outside; where not given, the session it runs in has them. */
  readonly limits?: Limits;
}

/** Runs one statement of a file and tells what it waits for; a StatementFailed where it does not succeed. */
export async function execute(run: Run, { script, statement, limits }: Execution): Promise<void> {
  run.lease.assertHeld();
  const { signal } = run.patience;
  signal?.throwIfAborted();
  const { version } = script.migration;
  const name = applicationNameOf(run, script);
  const limited = limits === undefined ? null : cutOff(run.control, name, limits);
  const watch = watchStatement(run.control, name, ({ blockers, phase }) => {
    if (blockers.length > 0) run.onEvent({ kind: 'lock awaited', version, blockers: describeBlockers(blockers) });
    if (phase !== null) run.onEvent({ kind: 'index build', version, phase });
  });
  const cancel = () => watch.cancel();
  signal?.addEventListener('abort', cancel);
  let failure: unknown = null;
  try {
    await run.main.query(statement.text);
  } catch (error) {
    failure = error;
  }
  signal?.removeEventListener('abort', cancel);
  await watch.stop();
  if (limited !== null) failure = await limited.end(failure);
  if (failure !== null) throw new StatementFailed(statement, failure, watch.blockers());
}

/** PostgreSQL gives the place of an error in code points from the statement's first, from 1. */
function linesBefore(text: string, cause: unknown): number {
  const position = cause instanceof Error && 'position' in cause ? Number(cause.position) : Number.NaN;
  if (!Number.isInteger(position)) return 0;
  return Array.from(text)
    .slice(0, position - 1)
    .filter((character) => character === '\n').length;
}
