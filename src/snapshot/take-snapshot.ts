import { messageOf, StewardError, sqlStateOf } from '../errors.js';
import type { Progress } from '../model/progress.js';
import { openSession, type Session } from '../postgres/session.js';
import { readSnapshot } from '../postgres/snapshot-reader.js';
import { readPgStatStatements } from '../workload/pg-stat-statements.js';
import type { SnapshotDocument, SnapshotWorkload } from './format.js';
import { type Redacted, redact } from './redact/redact.js';

export interface SnapshotRequest {
  readonly url: string;
  /** False to leave pg_stat_statements alone. */
  readonly withWorkload: boolean;
  readonly redact: boolean;
  readonly statementTimeoutMs: number;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/** A target is only looked at: it must not wait behind somebody's lock. */
const LOCK_TIMEOUT_MS = 2000;

/** Reads a snapshot of a database in read-only transactions; `redaction` is null where it was not asked for. */
export async function takeSnapshot(request: SnapshotRequest): Promise<Redacted> {
  const { url, statementTimeoutMs, progress, signal } = request;
  const session = await openSession(url, { readOnly: true, statementTimeoutMs, lockTimeoutMs: LOCK_TIMEOUT_MS });
  const close = () => void session.close();
  signal.addEventListener('abort', close, { once: true });
  try {
    signal.throwIfAborted();
    const { rows } = await session.query<{ role: string }>('SELECT current_user AS role');
    // The workload first: reading the catalog leaves statements of its own in pg_stat_statements.
    const workload = request.withWorkload ? await readWorkload(session) : withoutWorkload('it was left out');
    const snapshot = await readSnapshot(session, progress);
    const document = { snapshot, workload, role: rows[0]?.role ?? '', redacted: false };
    return request.redact ? await redact(document, session, progress) : { document, dropped: [] };
  } finally {
    signal.removeEventListener('abort', close);
    await session.close();
  }
}

/** A database without pg_stat_statements has a snapshot all the same. */
async function readWorkload(session: Session): Promise<SnapshotWorkload> {
  try {
    return { ...(await readPgStatStatements(session)), unavailable: null };
  } catch (error) {
    if (!(error instanceof StewardError) && sqlStateOf(error) === null) throw error;
    return withoutWorkload(messageOf(error));
  }
}

function withoutWorkload(reason: string): SnapshotDocument['workload'] {
  return { statements: [], skipped: [], unavailable: reason };
}
