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
    // Nothing was written: the end of the transaction only gives the snapshot and the SET LOCALs back.
    await session.query('ROLLBACK');
    return { catalog, statistics };
  } catch (error) {
    // Where the connection is gone, that the transaction cannot be ended says less than what ended it.
    await session.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}
