import type { RunContext } from '../job.js';
import type { RowDeleter } from './delete-rows.js';
import type { PurgeTask } from './task.js';

/** A purge under way. */
export interface PurgeRun {
  readonly context: RunContext;
  readonly task: PurgeTask;
  readonly deleter: RowDeleter;
  /** Gives what the ledger keeps for a place in this table's purge. */
  readonly cursorOf: (place: unknown) => unknown;
}
