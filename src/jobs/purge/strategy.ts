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
 * Up to these shares of dead rows an index on their age is the faster way. Measured on 300,000 rows: where a
 * table is in no order, dead rows lie on two pages in three at 2 %, and both ways take as long at about 2.3 %; where it is
 * roughly ordered by that age (correlation 0.97), on one page in ten, and they meet at about 4 %; where it is so exactly, a
 * walk over all blocks takes 1.4 times as long even at 5 %.
 */
const SHARE_MAX = { ordered: 0.04, unordered: 0.02 };
/** From this correlation on a table counts as ordered; statistics have it. */
const ORDERED_FROM = 0.9;
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
  const { isBetter, why } = await judgeKeyset(session, task);
  if (isBetter) return { name: 'keyset', why: `${why}: only those are read`, partitions, swept: left };
  const kept = obstacle === null ? '' : `; ${dead.length} partitions of dead rows alone stay, since ${obstacle}`;
  return { name: 'tid-range', why: `every block is read once, in order: ${why}${kept}`, partitions, swept: left };
}

interface KeysetVerdict {
  /** Whether an index is the better way. */
  readonly isBetter: boolean;
  readonly why: string;
}

async function judgeKeyset(session: Session, task: PurgeTask): Promise<KeysetVerdict> {
  const obstacle = await whyNoKeyset(session, task);
  const [leaf] = task.leaves;
  if (obstacle !== null || leaf === undefined || task.age === null) return { isBetter: false, why: obstacle ?? '' };
  const { column } = task.age;
  const isOrdered = await isOrderedBy(session, leaf, column);
  const shareMax = isOrdered ? SHARE_MAX.ordered : SHARE_MAX.unordered;
  const limit = Math.ceil(leaf.rowsEstimate * shareMax);
  const rows = await countUpTo(session, task, limit);
  const shown = `${shareMax * 100} % of its rows are dead`;
  if (rows === null)
    return { isBetter: false, why: `its dead rows could not be counted in ${COUNT_TIMEOUT_MS / 1000} s` };
  if (rows > limit) return { isBetter: false, why: `more than ${shown}, which makes an index the longer way` };
  const order = isOrdered ? ', the table is ordered by it,' : '';
  return { isBetter: true, why: `an index leads by ${column}${order} and at most ${shown}` };
}

/** Null where an index could be the better way. */
async function whyNoKeyset(session: Session, { age, leaves, table, held }: PurgeTask): Promise<string | null> {
  const [leaf, second] = leaves;
  if (age === null) return 'several conditions decide, and no one index finds what they call dead';
  if (leaf === undefined || second !== undefined || leaf.oid !== table.oid) return 'its rows stand in several tables';
  if (held !== null) return 'rows that foreign keys hold back would be met again and again';
  if (!(await hasIndexOn(session, leaf, age.column))) return `no index leads by ${age.column}`;
  if (leaf.rowsEstimate <= 0) return 'it has never been analyzed, so that the share of dead rows is unknown';
  return null;
}

/** Whether rows lie in the table in the order of a column, or in the opposite one, as of the last ANALYZE. */
async function isOrderedBy(session: Session, leaf: Leaf, column: string): Promise<boolean> {
  const found = await session.query(
    `SELECT FROM pg_catalog.pg_class AS c
     JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
     JOIN pg_catalog.pg_stats AS s ON s.schemaname = n.nspname AND s.tablename = c.relname AND NOT s.inherited
     WHERE c.oid = $1 AND s.attname = $2 AND pg_catalog.abs(s.correlation) >= $3`,
    [leaf.oid, column, ORDERED_FROM],
  );
  return found.rowCount > 0;
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
