import type { Counts } from '../../model/job.js';
import type { Session } from '../../postgres/session.js';
import { quoteIdentifier, quoteLiteral } from '../../sql/quote.js';
import type { BatchSizes } from '../job.js';
import type { PurgeRun } from './purge-run.js';
import type { PurgeTask } from './task.js';

/** Where a walk along an index goes on. */
export interface KeysetCursor {
  readonly strategy: 'keyset';
  /** OID of the table and column whose keys these are. */
  readonly leaf: number;
  readonly column: string;
  /** The last batch's last key as text, at which the next one begins; null at the beginning. */
  readonly after: string | null;
  /** Whether it begins behind that key: more rows have it than fit into a batch, and none of them could be had. */
  readonly isPast: boolean;
}

/** Rows a batch. */
const SIZES: BatchSizes = { first: 500, least: 1, most: 20_000 };

/** Walks an index on the age from its oldest end, as long as there are dead rows: reads nothing else. */
export async function walkKeys(run: PurgeRun, from: KeysetCursor): Promise<void> {
  let cursor = from;
  for (let isOver = false; !isOver; ) {
    let step: KeyStep = { cursor, isLast: true };
    await run.context.batch(async (session, size) => {
      const done = await deleteKeys(session, run, { cursor, size });
      step = done.step;
      return { counts: done.counts, cursor: run.cursorOf(step.cursor) };
    }, SIZES);
    cursor = step.cursor;
    isOver = step.isLast;
  }
}

interface KeyStep {
  readonly cursor: KeysetCursor;
  readonly isLast: boolean;
}

async function deleteKeys(
  session: Session,
  { task, deleter }: Pick<PurgeRun, 'task' | 'deleter'>,
  { cursor, size }: { readonly cursor: KeysetCursor; readonly size: number },
): Promise<{ readonly counts: Counts; readonly step: KeyStep }> {
  const { alias, table } = task;
  const key = `${alias}.${quoteIdentifier(cursor.column)}`;
  const rows = nextRows(task, key, cursor);
  const ahead = await session.query<{ seen: number; last: string | null }>(
    `SELECT pg_catalog.count(*)::float8 AS seen, pg_catalog.max(ahead.key)::text AS last
     FROM (SELECT ${key} AS key ${rows} LIMIT ${size}) AS ahead`,
  );
  const { seen = 0, last = null } = ahead.rows[0] ?? {};
  if (seen === 0) return { counts: { deleted: 0 }, step: { cursor, isLast: true } };
  const counts = await deleter.delete(session, {
    task,
    leaf: table.sql,
    chosen: (lock) =>
      `${alias}.ctid = ANY (ARRAY(SELECT ${alias}.ctid ${rows} LIMIT ${size} ${lock})) AND ${task.deletable}`,
  });
  // Rows that somebody holds, or that a trigger keeps, would otherwise be met for ever.
  const isPast = counts['deleted'] === 0 && last === cursor.after;
  return { counts, step: { cursor: { ...cursor, after: last, isPast }, isLast: seen < size } };
}

function nextRows({ alias, table, deletable }: PurgeTask, key: string, { after, isPast }: KeysetCursor): string {
  const beyond = after === null ? '' : `${key} ${isPast ? '>' : '>='} ${quoteLiteral(after)} AND `;
  return `FROM ONLY ${table.sql} AS ${alias} WHERE ${beyond}${deletable} ORDER BY ${key}`;
}
