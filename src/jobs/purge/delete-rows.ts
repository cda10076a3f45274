import { sqlStateOf } from '../../errors.js';
import type { Counts } from '../../model/job.js';
import type { QueryResult } from '../../postgres/query-result.js';
import type { Session } from '../../postgres/session.js';
import type { PurgeTask } from './task.js';

/** Rows of one table that are deleted together. */
export interface Deletion {
  readonly task: PurgeTask;
  /** The table that holds them, as SQL. */
  readonly leaf: string;
  /** SQL that chooses the rows; it differs by whether they are to be locked first, without waiting. */
  readonly chosen: (lock: string) => string;
}

/** A row lock that was waited for too long, and a child row that came meanwhile. */
const IN_THE_WAY = new Set(['55P03', '23503']);
/**
 * The batch's COMMIT does not flush what it wrote, for whose end others who commit would wait. Where the server crashes
 * within the next half second, rows, cursor and counts are all as they were before the batch, and the next one does it
 * again; whoever closes the run flushes everything before that.
 */
const LAZILY = 'SET LOCAL synchronous_commit = off';
/** As many batches lock before they delete after one has met somebody: who works on dead rows does so for a while. */
const CAREFUL_BATCHES = 16;

/**
 * Deletes rows, at first as one DELETE does. Locking them beforehand writes a tenth more WAL and takes twice the time,
 * and hardly anyone works on dead rows: only where somebody does are they locked first, and those of others skipped.
 */
export class RowDeleter {
  private carefulFor = 0;

  async delete(session: Session, deletion: Deletion): Promise<Counts> {
    const { task } = deletion;
    // Otherwise a row that is referred to would make the COMMIT fail, and not the statement.
    if (task.references.some((reference) => reference.isDeferred)) await session.query('SET CONSTRAINTS ALL IMMEDIATE');
    if (this.carefulFor === 0) {
      const counts = await tryDelete(session, deletion);
      if (counts !== null) return counts;
      this.carefulFor = CAREFUL_BATCHES;
    }
    this.carefulFor -= 1;
    await session.query(LAZILY);
    return countsOf(task, await session.query(statementOf(deletion, 'FOR UPDATE SKIP LOCKED')));
  }
}

/** Null where somebody is in the way; nothing is deleted then. */
async function tryDelete(session: Session, deletion: Deletion): Promise<Counts | null> {
  try {
    const results = await session.script(`${LAZILY}; SAVEPOINT before_purge; ${statementOf(deletion, '')}`);
    return countsOf(deletion.task, results.at(-1));
  } catch (error) {
    if (!IN_THE_WAY.has(sqlStateOf(error) ?? '')) throw error;
    await session.query('ROLLBACK TO SAVEPOINT before_purge');
    return null;
  }
}

function statementOf({ task, leaf, chosen }: Deletion, lock: string): string {
  const { alias, rules } = task;
  const statement = `DELETE FROM ONLY ${leaf} AS ${alias} WHERE ${chosen(lock)}`;
  if (rules.length === 1) return statement;
  // The condition has been checked again by then: a row that meets no rule any more is not among them.
  return `WITH gone AS (${statement} RETURNING ${reasonOf(task)} AS reason)
    SELECT reason, pg_catalog.count(*)::float8 AS rows FROM gone GROUP BY reason`;
}

/** Gives SQL for the reason why a row goes. */
function reasonOf({ rules }: PurgeTask): string {
  return `CASE ${rules.map(({ reason, sql }) => `WHEN ${sql} THEN '${reason}'`).join(' ')} END`;
}

function countsOf({ rules }: PurgeTask, result: QueryResult | undefined): Counts {
  const [only, second] = rules;
  if (only !== undefined && second === undefined) return nonZero(only.reason, result?.rowCount ?? 0);
  const counts: Record<string, number> = { deleted: 0 };
  for (const { reason, rows } of (result?.rows ?? []) as unknown as readonly { reason: string; rows: number }[]) {
    counts[reason] = (counts[reason] ?? 0) + rows;
    counts['deleted'] = (counts['deleted'] ?? 0) + rows;
  }
  return counts;
}

function nonZero(reason: string, rows: number): Counts {
  return rows === 0 ? { deleted: 0 } : { deleted: rows, [reason]: rows };
}
