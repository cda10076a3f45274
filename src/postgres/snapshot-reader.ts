import { type Progress, silentProgress } from '../model/progress.js';
import type { Snapshot } from '../model/snapshot.js';
import { readCatalog } from './catalog.js';
import type { Session } from './session.js';
import { readStatistics } from './statistics.js';

/**
 * Reads schema and statistics of a database in one read-only transaction with one snapshot, so that they agree.
 * What the role may not see stands in `statistics.unreadable`, what the model does not describe in
 * `catalog.unsupported`. The session must not be inside a transaction.
 */
export async function readSnapshot(session: Session, progress: Progress = silentProgress): Promise<Snapshot> {
  await session.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
  try {
    const catalog = await readCatalog(session, progress);
    const statistics = await readStatistics(session, catalog, progress);
    return { catalog, statistics };
  } finally {
    // Nothing was written: the end of the transaction only gives the snapshot and the SET LOCALs back.
    await session.query('ROLLBACK');
  }
}
