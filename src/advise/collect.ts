import type { Progress } from '../model/progress.js';
import type { Snapshot } from '../model/snapshot.js';
import type { Workload } from '../model/workload.js';
import { openSession } from '../postgres/session.js';
import { readSnapshot } from '../postgres/snapshot-reader.js';
import { readWorkload } from '../workload/read-workload.js';

export interface CollectRequest {
  readonly url: string;
  readonly workload: readonly string[];
  readonly statementTimeoutMs: number;
  readonly progress: Progress;
}

/** What was read of a target. */
export interface Collected {
  readonly snapshot: Snapshot;
  readonly workload: Workload;
}

/** A target is only looked at: it must not wait behind somebody's lock. */
const LOCK_TIMEOUT_MS = 2000;

/** Reads workload, schema and statistics of a target in read-only transactions with timeouts. */
export async function collect({ url, workload, statementTimeoutMs, progress }: CollectRequest): Promise<Collected> {
  const session = await openSession(url, { readOnly: true, statementTimeoutMs, lockTimeoutMs: LOCK_TIMEOUT_MS });
  try {
    // The workload first: reading the catalog leaves statements of its own in pg_stat_statements.
    const statements = await readWorkload(workload, { session });
    return { workload: statements, snapshot: await readSnapshot(session, progress) };
  } finally {
    await session.close();
  }
}
