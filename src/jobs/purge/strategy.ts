import { sqlStateOf } from '../../errors.js';
import type { Session } from '../../postgres/session.js';
import type { Leaf } from './leaves.js';
import { type PartitionAges, readPartitionAges } from './partitions.js';
import type { PurgeTask } from './task.js';

/** How a table is purged, and why so. */
export interface Strategy {
  readonly name: 'tid-range' | 'keyset' | 'detach-partition';
  readonly why: string;
  readonly partitions: PartitionAges;
  /** Tables that are walked; partitions without dead rows, and those that are dropped, are not among them. */
  readonly swept: readonly Leaf[];
}

/**
 * Below this share of dead rows an index on their age is as fast as a walk over all blocks, or faster. At 1.3 % of five
 * million rows it was measured to be 1.4 times as fast; at about 2 % both take as long, by what a row costs each.
 */
const KEYSET_SHARE_MAX = 0.016;
const SHARE_SHOWN = `${(KEYSET_SHARE_MAX * 100).toFixed(1)} %`;
const COUNT_TIMEOUT_MS = 5000;
const QUERY_CANCELED = '57014';

/** Decides how to purge, by the table's partitions, indexes and a count of dead rows that stops at the limit. */
export async function chooseStrategy(session: Session, task: PurgeTask): Promise<Strategy> {
  const partitions = await readPartitionAges(session, task);
  const { dead, young, obstacle } = partitions;
  const left = task.leaves.filter((leaf) => !young.includes(leaf));
  if (dead.length > 0 && obstacle === null) {
    const swept = left.filter((leaf) => !dead.includes(leaf));
    const rest = swept.length === 0 ? 'no other holds dead rows' : `${swept.length} more are swept by TID ranges`;
    const why = `${dead.length} of ${task.leaves.length} partitions hold dead rows alone and are detached and dropped; ${rest}`;
    return { name: 'detach-partition', why, partitions, swept };
  }
  const index = await whyNoKeyset(session, task);
  if (index === null) {
    const why = `an index leads by ${task.age?.column} and at most ${SHARE_SHOWN} of the rows are dead: only those are read`;
    return { name: 'keyset', why, partitions, swept: left };
  }
  const kept = obstacle === null ? '' : `; ${dead.length} partitions of dead rows alone stay, since ${obstacle}`;
  return { name: 'tid-range', why: `every block is read once, in order: ${index}${kept}`, partitions, swept: left };
}

/** Null where an index is the better way. */
async function whyNoKeyset(session: Session, task: PurgeTask): Promise<string | null> {
  const { age, leaves, table, held } = task;
  const [leaf, second] = leaves;
  if (age === null) return 'several conditions decide, and no one index finds what they call dead';
  if (leaf === undefined || second !== undefined || leaf.oid !== table.oid) return 'its rows stand in several tables';
  if (held !== null) return 'rows that foreign keys hold back would be met again and again';
  if (!(await hasIndexOn(session, leaf, age.column))) return `no index leads by ${age.column}`;
  if (leaf.rowsEstimate <= 0) return 'it has never been analyzed, so that the share of dead rows is unknown';
  const limit = Math.ceil(leaf.rowsEstimate * KEYSET_SHARE_MAX);
  const rows = await countUpTo(session, task, limit);
  if (rows === null) return `its dead rows could not be counted in ${COUNT_TIMEOUT_MS / 1000} s`;
  return rows > limit ? `more than ${SHARE_SHOWN} of its rows are dead, which makes an index the longer way` : null;
}

async function hasIndexOn(session: Session, leaf: Leaf, column: string): Promise<boolean> {
  const found = await session.query(
    `SELECT FROM pg_catalog.pg_index AS i
     JOIN pg_catalog.pg_class AS c ON c.oid = i.indexrelid
     JOIN pg_catalog.pg_am AS am ON am.oid = c.relam AND am.amname = 'btree'
     JOIN pg_catalog.pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
     WHERE i.indrelid = $1 AND i.indisvalid AND i.indpred IS NULL AND a.attname = $2`,
    [leaf.oid, column],
  );
  return found.rowCount > 0;
}

async function countUpTo(session: Session, { table, alias, deletable }: PurgeTask, limit: number) {
  await session.script(
    `BEGIN READ ONLY; SET LOCAL statement_timeout = ${COUNT_TIMEOUT_MS}; SET LOCAL enable_seqscan = off`,
  );
  try {
    const counted = await session.query<{ rows: number }>(
      `SELECT pg_catalog.count(*)::float8 AS rows
       FROM (SELECT FROM ONLY ${table.sql} AS ${alias} WHERE ${deletable} LIMIT ${limit + 1}) AS dead`,
    );
    return counted.rows[0]?.rows ?? 0;
  } catch (error) {
    if (sqlStateOf(error) === QUERY_CANCELED) return null;
    throw error;
  } finally {
    await session.query('ROLLBACK');
  }
}
