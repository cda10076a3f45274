import { z } from 'zod';
import { StewardError } from '../../errors.js';
import type { RunContext } from '../job.js';
import { RowDeleter } from './delete-rows.js';
import { detachCursorSchema, dropPartitions, finishDetached } from './detach.js';
import { walkKeys } from './keyset.js';
import type { PurgeRun } from './purge-run.js';
import type { PurgeRules } from './rules.js';
import { chooseStrategy } from './strategy.js';
import { type PurgeTask, prepareTask } from './task.js';
import { sweepBlocks } from './tid-range.js';

/** Where a purge goes on, and what the ledger keeps for it. */
export interface PurgePlace {
  /** What the ledger kept; anything that is no place begins anew. */
  readonly place: unknown;
  readonly cursorOf: PurgeRun['cursorOf'];
}

const placeSchema = z.discriminatedUnion('strategy', [
  z.object({ strategy: z.literal('tid-range'), leaf: z.number(), block: z.number(), end: z.number() }),
  z.object({
    ...{ strategy: z.literal('keyset'), leaf: z.number(), column: z.string() },
    ...{ after: z.string().nullable(), isPast: z.boolean() },
  }),
  detachCursorSchema,
]);

/** Deletes a table's dead rows from a place on, and leaves none in the ledger. Gives why nothing was deleted, or null. */
export async function purgeTable(context: RunContext, rules: PurgeRules, from: PurgePlace): Promise<string | null> {
  const task = await context.read((session) => prepareTask(session, rules));
  if (typeof task === 'string') throw new StewardError('configuration', task);
  const refusal = await refuseShare(context, task);
  if (refusal === null) await walk({ context, task, deleter: new RowDeleter(), cursorOf: from.cursorOf }, from.place);
  await context.batch(async () => ({ counts: { deleted: 0 }, cursor: from.cursorOf(null) }), LAST);
  return refusal;
}

const LAST = { first: 1, least: 1, most: 1 };

async function walk(run: PurgeRun, place: unknown): Promise<void> {
  const { task, context } = run;
  const cursor = placeSchema.safeParse(place).data ?? null;
  if (cursor?.strategy === 'detach-partition') await finishDetached(run, cursor);
  else if (cursor !== null && task.leaves.some(({ oid }) => oid === cursor.leaf)) {
    if (cursor.strategy === 'tid-range') return sweepBlocks(run, task.leaves, cursor);
    if (cursor.column === task.age?.column) return walkKeys(run, cursor);
  }
  const { name, why, partitions, swept } = await context.read((session) => chooseStrategy(session, task));
  context.log.debug({ job: context.job, table: task.table.sql, strategy: name, why }, 'strategy chosen');
  if (name === 'keyset' && task.age !== null) {
    const { column } = task.age;
    return walkKeys(run, { strategy: 'keyset', leaf: task.table.oid, column, after: null, isPast: false });
  }
  if (name === 'detach-partition') await dropPartitions(run, partitions.dead, partitions.hasDefault);
  return sweepBlocks(run, swept, null);
}

async function refuseShare(
  context: RunContext,
  { table, alias, deletable, maxShare }: PurgeTask,
): Promise<string | null> {
  if (maxShare === null) return null;
  const counted = await context.read((session) =>
    session.query<{ rows: number; dead: number }>(
      `SELECT pg_catalog.count(*)::float8 AS rows, (pg_catalog.count(*) FILTER (WHERE ${deletable}))::float8 AS dead
       FROM ${table.sql} AS ${alias}`,
    ),
  );
  const { rows = 0, dead = 0 } = counted.rows[0] ?? {};
  return exceeds({ rows, dead, maxShare })
    ? `${shareSentence(table.sql, { rows, dead, maxShare })}; nothing was deleted: raise maxShare if that is meant`
    : null;
}

export interface Share {
  readonly rows: number;
  readonly dead: number;
  readonly maxShare: number;
}

/** Whether a run would delete more than it may. */
export function exceeds({ rows, dead, maxShare }: Share): boolean {
  return dead > rows * maxShare;
}

/** Says how much of a table a run would delete. */
export function shareSentence(table: string, { rows, dead, maxShare }: Share): string {
  return `${dead} of the ${rows} rows of ${table} would go, ${percent(dead / rows)} and more than maxShare, ${percent(maxShare)}`;
}

function percent(share: number): string {
  return `${Number((share * 100).toFixed(1))} %`;
}
