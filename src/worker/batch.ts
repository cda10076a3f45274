import { setTimeout as pause } from 'node:timers/promises';
import { sqlStateOf } from '../errors.js';
import type { BatchOutcome, BatchWork } from '../jobs/job.js';
import type { Session } from '../postgres/session.js';
import type { BatchTime } from './pace/batch-sizer.js';
import { leaseLost } from './run-end.js';
import type { Claim, RunStore } from './run-store.js';

export interface BatchSetting {
  readonly session: Session;
  readonly store: RunStore;
  readonly claim: Claim;
  readonly leaseSeconds: number;
  /** Told which backend does the batch, at the beginning of each try: behind a pooler no other way says so. */
  readonly onBegin: (backendPid: number) => void;
  /** Once it is aborted nothing is tried again: what was cut short is to end. */
  readonly signal: AbortSignal;
}

/** A batch that is committed. */
export interface BatchDone {
  readonly outcome: BatchOutcome;
  /** Of the try that went through, and of that alone. */
  readonly time: BatchTime;
}

/** How long a batch may wait for somebody's lock: shorter than anyone behind it would notice. */
const LOCK_TIMEOUT_MS = 100;
/** A batch is meant to take 50 ms; one that takes this long is cut off and tried again smaller. */
const STATEMENT_TIMEOUT_MS = 10_000;
const TRIES = 6;
/** Bytes of WAL that the server has written so far; a standby writes none. */
const WAL_POSITION = `CASE WHEN pg_catalog.pg_is_in_recovery() THEN 0
  ELSE pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_current_wal_insert_lsn(), '0/0')::float8 END`;
/** Serialisation failure, deadlock, lock timeout, statement timeout: the batch is undone and may be tried again. */
const RETRIED = new Set(['40001', '40P01', '55P03', '57014']);

/**
 * Does one batch and writes its counts and cursor under the claim's fence, all in one transaction: either both are
 * there or none. Every setting is the transaction's own, so that a pooler may hand the connection on.
 */
export async function runBatch(setting: BatchSetting, work: BatchWork, size: number): Promise<BatchDone> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await tryBatch(setting, work, Math.max(1, Math.ceil(size / 2 ** (attempt - 1))));
    } catch (error) {
      await setting.session.query('ROLLBACK').catch(() => undefined);
      if (attempt === TRIES || setting.signal.aborted || !RETRIED.has(sqlStateOf(error) ?? '')) throw error;
      await pause(LOCK_TIMEOUT_MS * attempt);
    }
  }
}

async function tryBatch(setting: BatchSetting, work: BatchWork, size: number): Promise<BatchDone> {
  const { session, store, claim, leaseSeconds } = setting;
  const startedAt = performance.now();
  // A worker that is stopped in the middle must not keep its locks longer than its lease. Compiling a statement takes
  // longer than a batch may last.
  const begun = await session.script(
    `BEGIN; SET LOCAL lock_timeout = ${LOCK_TIMEOUT_MS}; SET LOCAL statement_timeout = ${STATEMENT_TIMEOUT_MS};
     SET LOCAL jit = off; SET LOCAL idle_in_transaction_session_timeout = ${leaseSeconds * 1000};
     SELECT pg_catalog.pg_backend_pid() AS pid, ${WAL_POSITION} AS wal`,
  );
  const roundTripMs = performance.now() - startedAt;
  const [first] = begun.at(-1)?.rows ?? [];
  setting.onBegin(Number(first?.['pid']));
  const outcome = await work(session, size);
  if (!(await store.advance(session, claim, outcome))) throw leaseLost();
  const ended = await session.script(`COMMIT; SELECT ${WAL_POSITION} AS wal`);
  const walBytes = Number(ended.at(-1)?.rows[0]?.['wal']) - Number(first?.['wal']);
  return { outcome, time: { size, durationMs: performance.now() - startedAt, roundTripMs, walBytes } };
}
