import { z } from 'zod';
import type { Session } from '../../postgres/session.js';
import { quoteRelation } from '../../sql/quote.js';
import type { RunContext } from '../job.js';
import type { Leaf } from './leaves.js';
import type { PurgeRun } from './purge-run.js';
import type { PurgeTask } from './task.js';

/** The partition that is being detached and dropped. */
export type DetachCursor = z.infer<typeof detachCursorSchema>;

/** The ledger's word for it. */
export const detachCursorSchema = z.object({
  strategy: z.literal('detach-partition'),
  partition: z.number(),
  sql: z.string(),
});

/** Detaching and dropping do not come in sizes. */
const ONE = { first: 1, least: 1, most: 1 };

/**
 * Detaches and drops partitions whose rows are all dead. DETACH … CONCURRENTLY lets nobody wait, but stands in no
 * transaction, and so under no fence: the ledger names the partition beforehand, and the row count and the DROP, which
 * is what destroys, are a batch. Whoever finds the name goes on from wherever that ended.
 */
export async function dropPartitions(run: PurgeRun, dead: readonly Leaf[], hasDefault: boolean): Promise<void> {
  for (const { oid, sql } of dead) {
    const cursor: DetachCursor = { strategy: 'detach-partition', partition: oid, sql };
    await run.context.batch(async () => ({ counts: { deleted: 0 }, cursor: run.cursorOf(cursor) }), ONE);
    const detach = `ALTER TABLE ${run.task.table.sql} DETACH PARTITION ${sql}`;
    if (!hasDefault) await run.context.read((session) => session.query(`${detach} CONCURRENTLY`));
    await dropDetached(run, cursor, hasDefault ? detach : null);
  }
}

/** Ends what an earlier run, or this one before a lost connection, has begun with a partition. */
export async function finishDetached(run: PurgeRun, cursor: DetachCursor): Promise<void> {
  const state = await run.context.read((session) => readState(session, run.task, cursor.partition));
  if (state === null || state.sql !== cursor.sql) return;
  if (state.isPending) {
    const finalize = `ALTER TABLE ${run.task.table.sql} DETACH PARTITION ${cursor.sql} FINALIZE`;
    await run.context.read((session) => session.query(finalize));
  } else if (state.isAttached) return;
  if (await holdsLife(run.context, run.task, cursor.sql)) {
    run.context.log.warn(
      { job: run.context.job, table: cursor.sql },
      'detached partition holds rows that live, and stays',
    );
    return;
  }
  await dropDetached(run, cursor, null);
}

async function dropDetached({ context, task, cursorOf }: PurgeRun, { sql }: DetachCursor, detach: string | null) {
  const [reason] = task.rules.map((rule) => rule.reason);
  // Counted outside of the batch, which is cut off after seconds: nobody writes rows that are dead already.
  const counted = await context.read((session) =>
    session.query<{ rows: number }>(`SELECT pg_catalog.count(*)::float8 AS rows FROM ONLY ${sql}`),
  );
  const rows = counted.rows[0]?.rows ?? 0;
  await context.batch(async (session) => {
    if (detach !== null) await session.query(detach);
    await session.query(`DROP TABLE ${sql}`);
    return { counts: { deleted: rows, ...(reason === undefined ? {} : { [reason]: rows }) }, cursor: cursorOf(null) };
  }, ONE);
}

interface PartitionState {
  readonly sql: string;
  readonly isAttached: boolean;
  readonly isPending: boolean;
}

async function readState(session: Session, { table }: PurgeTask, oid: number): Promise<PartitionState | null> {
  const read = await session.query<{ schema: string; name: string; isAttached: boolean; isPending: boolean }>(
    `SELECT n.nspname AS schema, c.relname AS name, i.inhparent IS NOT NULL AS "isAttached",
            coalesce(i.inhdetachpending AND i.inhparent = $2, false) AS "isPending"
     FROM pg_catalog.pg_class AS c
     JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
     LEFT JOIN pg_catalog.pg_inherits AS i ON i.inhrelid = c.oid
     WHERE c.oid = $1 AND c.relkind = 'r'`,
    [oid, table.oid],
  );
  const [row] = read.rows;
  return row === undefined ? null : { ...row, sql: quoteRelation(row) };
}

async function holdsLife(context: RunContext, { alias, deletable }: PurgeTask, sql: string): Promise<boolean> {
  const living = await context.read((session) =>
    session.query(`SELECT FROM ONLY ${sql} AS ${alias} WHERE (${deletable}) IS NOT TRUE LIMIT 1`),
  );
  return living.rowCount > 0;
}
