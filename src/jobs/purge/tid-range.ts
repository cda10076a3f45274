import type { Counts } from '../../model/job.js';
import type { Session } from '../../postgres/session.js';
import type { BatchSizes } from '../job.js';
import type { RowDeleter } from './delete-rows.js';
import { type Leaf, readBlocks } from './leaves.js';
import type { PurgeRun } from './purge-run.js';
import type { PurgeTask } from './task.js';

/** Where a sweep goes on. */
export interface SweepCursor {
  readonly strategy: 'tid-range';
  /** OID of the table whose blocks these are; those before it are done. */
  readonly leaf: number;
  readonly block: number;
  /** Where the table ended when its sweep began: rows beyond are younger. */
  readonly end: number;
}

/**
 * Blocks a batch, of 8 kB. At most as many as are over in a fraction of a second where every row of them is dead: a
 * batch that comes out of an empty stretch is sized by it.
 */
const SIZES: BatchSizes = { first: 64, least: 1, most: 2048 };

/** Walks the heap block by block: needs no index, and dead versions that a held snapshot keeps do not slow it. */
export async function sweepBlocks(run: PurgeRun, leaves: readonly Leaf[], from: SweepCursor | null): Promise<void> {
  for (const leaf of leaves) {
    if (from !== null && leaf.oid < from.leaf) continue;
    const start = from?.leaf === leaf.oid ? from : await startOf(run, leaf);
    await sweepLeaf(run, leaf, start);
  }
}

async function startOf({ context }: PurgeRun, leaf: Leaf): Promise<SweepCursor> {
  const end = await context.read((session) => readBlocks(session, leaf.oid));
  return { strategy: 'tid-range', leaf: leaf.oid, block: 0, end };
}

async function sweepLeaf(run: PurgeRun, leaf: Leaf, start: SweepCursor): Promise<void> {
  let { block } = start;
  while (block < start.end) {
    let next = block;
    await run.context.batch(async (session, size) => {
      next = Math.min(block + size, start.end);
      const counts = await deleteBlocks(session, run, { leaf, from: block, to: next });
      return { counts, cursor: run.cursorOf({ ...start, block: next }) };
    }, SIZES);
    block = next;
  }
}

interface Blocks {
  readonly leaf: Leaf;
  readonly from: number;
  readonly to: number;
}

async function deleteBlocks(
  session: Session,
  { task, deleter }: { task: PurgeTask; deleter: RowDeleter },
  { leaf, from, to }: Blocks,
): Promise<Counts> {
  const { alias } = task;
  const range = `${alias}.ctid >= '(${from},0)'::tid AND ${alias}.ctid < '(${to},0)'::tid`;
  const dead = hidden(task.deletable);
  const chosen = (lock: string) => {
    if (lock === '') return `${range} AND ${dead}`;
    const locked = `SELECT ${alias}.ctid FROM ONLY ${leaf.sql} AS ${alias} WHERE ${range} AND ${dead} ${lock}`;
    return `${alias}.ctid = ANY (ARRAY(${locked})) AND ${dead}`;
  };
  const counts = await deleter.delete(session, { task, leaf: leaf.sql, chosen });
  if (task.held === null) return counts;
  const kept = await session.query<{ rows: number }>(
    `SELECT pg_catalog.count(*)::float8 AS rows FROM ONLY ${leaf.sql} AS ${alias}
     WHERE ${range} AND ${hidden(`${task.due} AND ${task.held}`)}`,
  );
  return { ...counts, keptReferenced: kept.rows[0]?.rows ?? 0 };
}

/** With old statistics the planner would rather read every dead row through an index, in each batch anew. */
function hidden(condition: string): string {
  return `CASE WHEN ${condition} THEN true ELSE false END`;
}
