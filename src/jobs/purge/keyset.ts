import type { Counts } from '../../model/job.js';
import type { Session } from '../../postgres/session.js';
import { quoteIdentifier, quoteLiteral } from '../../sql/quote.js';
import type { BatchSizes } from '../job.js';
import type { PurgeRun } from './purge-run.js';
import type { Age } from './rules.js';
import type { PurgeTask } from './task.js';

/** Where a walk along an index goes on. */
export interface KeysetCursor {
  readonly strategy: 'keyset';
  /** The last batch's last key as text; null at the beginning. */
  readonly after: string | null;
}

/** Rows a batch. */
const SIZES: BatchSizes = { first: 500, least: 1, most: 20_000 };

/** Walks an index on the age from its oldest end, as long as there are dead rows: reads nothing else. */
export async function walkKeys(run: PurgeRun, age: Age, from: KeysetCursor): Promise<void> {
  let { after } = from;
  for (let isOver = false; !isOver; ) {
    let step: KeyStep = { after, isLast: true };
    await run.context.batch(async (session, size) => {
      const done = await deleteKeys(session, run, { age, after, size });
      step = done.step;
      return { counts: done.counts, cursor: run.cursorOf({ strategy: 'keyset', after: step.after }) };
    }, SIZES);
    after = step.after;
    isOver = step.isLast;
  }
}

interface KeyStep {
  readonly after: string | null;
  readonly isLast: boolean;
}

interface Keys {
  readonly age: Age;
  readonly after: string | null;
  readonly size: number;
}

async function deleteKeys(
  session: Session,
  { task, deleter }: Pick<PurgeRun, 'task' | 'deleter'>,
  { age, after, size }: Keys,
): Promise<{ readonly counts: Counts; readonly step: KeyStep }> {
  const { alias, table } = task;
  const rows = nextRows(task, age, after);
  const ahead = await session.query<{ seen: number; last: string | null }>(
    `SELECT pg_catalog.count(*)::float8 AS seen, pg_catalog.max(ahead.key)::text AS last
     FROM (SELECT ${alias}.${quoteIdentifier(age.column)} AS key ${rows} LIMIT ${size}) AS ahead`,
  );
  const { seen = 0, last = null } = ahead.rows[0] ?? {};
  if (seen === 0) return { counts: { deleted: 0 }, step: { after, isLast: true } };
  const counts = await deleter.delete(session, {
    task,
    leaf: table.sql,
    chosen: (lock) =>
      `${alias}.ctid = ANY (ARRAY(SELECT ${alias}.ctid ${rows} LIMIT ${size} ${lock})) AND ${task.deletable}`,
  });
  // Rows that somebody holds, or that a trigger keeps, would otherwise be met for ever.
  const stands = counts['deleted'] === 0 && last === after;
  return { counts, step: { after: last, isLast: seen < size || stands } };
}

function nextRows({ alias, table, deletable }: PurgeTask, { column }: Age, after: string | null): string {
  const key = `${alias}.${quoteIdentifier(column)}`;
  const beyond = after === null ? '' : `${key} >= ${quoteLiteral(after)} AND `;
  return `FROM ONLY ${table.sql} AS ${alias} WHERE ${beyond}${deletable} ORDER BY ${key}`;
}
