import type { Migration, MigrationDirection } from '../model/migration.js';
import type { Session } from '../postgres/session.js';
import type { Actor } from './ledger.js';
import type { OwnTables } from './own-tables.js';

type AttemptEvent = 'started' | 'succeeded' | 'failed' | 'skipped' | 'rolled_back' | 'repaired';

/** One line of the history of what was tried. */
export interface Attempt {
  readonly migration: Pick<Migration, 'version' | 'name' | 'checksum'>;
  readonly direction: MigrationDirection;
  readonly event: AttemptEvent;
  readonly durationMs?: number;
  /** Statements of the file that stay done. */
  readonly statementsDone?: number;
  readonly failure?: AttemptFailure;
  /** Why a person has put the ledger right; of the event `repaired` alone. */
  readonly reason?: string;
}

export interface AttemptFailure {
  readonly line: number | null;
  /** The statement as the file has it, or null where none failed. */
  readonly statement: string | null;
  readonly sqlState: string | null;
  readonly message: string;
}

/** The end of the history of one version. */
export interface LastAttempt {
  readonly version: string;
  readonly direction: MigrationDirection;
  readonly event: AttemptEvent;
  readonly error: string | null;
  /** Whether the run that wrote it holds the lease still. */
  readonly running: boolean;
}

/** A statement longer than this is cut: the file has the rest. */
const STATEMENT_CHARACTERS_MAX = 10_000;

/** Adds a line to the history. Failures go through a session of their own, so that no rollback takes them away. */
export async function recordAttempt(session: Session, tables: OwnTables, written: { attempt: Attempt; actor: Actor }) {
  const { attempt, actor } = written;
  const { migration, direction, event, failure } = attempt;
  await session.query(
    `INSERT INTO ${tables.attempts}
       (run_id, version, name, direction, event, attempted_by, tool_version, checksum, duration_ms, statements_done,
        statement_line, statement, sql_state, error, reason)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
    [
      ...[actor.runId, migration.version, migration.name, direction, event, actor.name, actor.toolVersion],
      ...[migration.checksum, attempt.durationMs === undefined ? null : Math.round(attempt.durationMs)],
      ...[attempt.statementsDone ?? null, failure?.line ?? null],
      ...[failure?.statement?.slice(0, STATEMENT_CHARACTERS_MAX) ?? null, failure?.sqlState ?? null],
      ...[failure?.message ?? null, attempt.reason ?? null],
    ],
  );
}

/** Reads how each version's history ends; skips count for nothing. */
export async function readLastAttempts(session: Session, tables: OwnTables): Promise<readonly LastAttempt[]> {
  const read = await session.query<LastAttempt>(
    `SELECT DISTINCT ON (attempt.version) attempt.version, attempt.direction, attempt.event, attempt.error,
            lease.run_id IS NOT NULL AS running
     FROM ${tables.attempts} AS attempt
     -- Only the run that holds an unlapsed lease can still be at work.
     LEFT JOIN ${tables.leases} AS lease
       ON lease.name = 'migrate' AND lease.run_id = attempt.run_id
      AND lease.lease_until > pg_catalog.clock_timestamp()
     WHERE attempt.event <> 'skipped'
     ORDER BY attempt.version, attempt.attempt_id DESC`,
  );
  return read.rows;
}
