import type { Counts, JobPlan } from '../../model/job.js';
import type { Session } from '../../postgres/session.js';
import { exceeds, shareSentence } from './purge-table.js';
import { matching, type Reference } from './references.js';
import { chooseStrategy, type Strategy } from './strategy.js';
import type { PurgeTask, Verdict } from './task.js';

/** Bytes of WAL a deleted row: its own record, and the share of commits and of the ledger. Measured on PostgreSQL 18. */
const ROW_WAL_BYTES = 66;
/** Rows deleted a second, on a machine of two cores; batches of 50 ms. */
const ROWS_PER_SECOND = 150_000;
const BATCH_SECONDS = 0.05;
/** Catalog changes of a DETACH and a DROP. */
const PARTITION_WAL_BYTES = 100_000;

/** Tells what a purge of this table would do; only reads, but reads every row. */
export async function planPurge(session: Session, task: PurgeTask): Promise<JobPlan> {
  const strategy = await chooseStrategy(session, task);
  const startedAt = performance.now();
  const counted = await countRows(session, task);
  const readSeconds = (performance.now() - startedAt) / 1000;
  const total = sum(Object.values(counted.rows));
  const companions = await countCompanions(session, task);
  const seconds = estimateSeconds(strategy, { total, readSeconds });
  const wal = await estimateWal(session, { task, strategy, total, all: counted.all, companions });
  const share = { rows: counted.all, dead: total, maxShare: task.maxShare ?? 1 };
  const stop = exceeds(share) ? `a run would stop: ${shareSentence(task.table.sql, share)}` : null;
  const why = [strategy.why, ...companions.map(describeCompanions), ...describeUnindexed(task), wal.why, PACE, stop];
  return {
    ...{ strategy: strategy.name, why: why.filter((part) => part !== null).join('. ') },
    ...{ rows: { ...counted.rows, total }, kept: counted.kept },
    ...{ batches: total === 0 ? 0 : Math.max(1, Math.ceil(seconds / BATCH_SECONDS)), walBytes: wal.bytes, seconds },
  };
}

function estimateSeconds({ name, swept, partitions }: Strategy, work: { total: number; readSeconds: number }): number {
  const { total, readSeconds } = work;
  // Named in the ledger, then dropped: two batches each, whatever they hold.
  if (name === 'detach-partition' && swept.length === 0) return 2 * BATCH_SECONDS * partitions.dead.length;
  const seconds = (name === 'keyset' ? 0 : readSeconds) + total / ROWS_PER_SECOND;
  return Number(seconds.toFixed(1));
}

const PACE = 'The seconds are those of work, without the rests of the duty cycle';

interface RowCounts {
  readonly all: number;
  readonly rows: Counts;
  readonly kept: Counts;
}

/** One walk over the table; each row counts once, by the first of its verdicts. */
async function countRows(session: Session, task: PurgeTask): Promise<RowCounts> {
  const { table, alias, rules, keep, lookalikes, held } = task;
  const dead = `(${rules.map(({ sql }) => sql).join(' OR ')})`;
  const named = (kind: string, verdicts: readonly Verdict[], and = '') =>
    verdicts.map(({ reason, sql }) => `WHEN ${sql}${and} THEN '${kind} ${reason}'`);
  const cases = [
    ...named('kept', keep, ` AND ${dead}`),
    ...(held === null ? [] : [`WHEN ${dead} AND ${held} THEN 'kept referenced'`]),
    ...named('rows', rules),
    ...named('kept', lookalikes),
  ];
  const counted = await session.query<{ verdict: string; rows: number }>(
    `SELECT CASE ${cases.join(' ')} ELSE 'living' END AS verdict, pg_catalog.count(*)::float8 AS rows
     FROM ${table.sql} AS ${alias} GROUP BY verdict`,
  );
  const under = (kind: string, known: readonly string[]): Counts => {
    const found = counted.rows.filter(({ verdict }) => verdict.startsWith(`${kind} `));
    const zeros = known.map((reason) => [reason, 0] as const);
    return Object.fromEntries([...zeros, ...found.map(({ verdict, rows }) => [verdict.slice(5), rows] as const)]);
  };
  const reasons = (verdicts: readonly Verdict[]) => verdicts.map(({ reason }) => reason);
  const kept = [...reasons(keep), ...(held === null ? [] : ['referenced']), ...reasons(lookalikes)];
  const all = sum(counted.rows.map(({ rows }) => rows));
  return { all, rows: under('rows', reasons(rules)), kept: under('kept', kept) };
}

interface Companions {
  readonly reference: Reference;
  readonly rows: number;
}

/** Counts the rows of other tables that a foreign key deletes or changes with these. */
async function countCompanions(session: Session, task: PurgeTask): Promise<readonly Companions[]> {
  const { table, alias, leaves, references, deletable } = task;
  const oids = [table.oid, ...leaves.map(({ oid }) => oid)];
  const found: Companions[] = [];
  for (const reference of references) {
    if (reference.onDelete === 'restrict' || !oids.includes(reference.parent)) continue;
    const counted = await session.query<{ rows: number }>(
      `SELECT pg_catalog.count(*)::float8 AS rows FROM ${reference.childSql} AS companion
       WHERE EXISTS (SELECT FROM ${table.sql} AS ${alias} WHERE ${matching(reference, 'companion', alias)} AND ${deletable})`,
    );
    found.push({ reference, rows: counted.rows[0]?.rows ?? 0 });
  }
  return found;
}

function describeCompanions({ reference, rows }: Companions): string {
  const { childSql, columns } = reference;
  return reference.onDelete === 'cascade'
    ? `${rows} rows of ${childSql} go with them (ON DELETE CASCADE)`
    : `${rows} rows of ${childSql} lose their ${columns.join(', ')} (ON DELETE SET)`;
}

function describeUnindexed({ references }: PurgeTask): readonly string[] {
  return references
    .filter(({ isIndexed }) => !isIndexed)
    .map(
      ({ childSql, columns }) =>
        `No index leads by ${columns.join(', ')} of ${childSql}, so that each deleted row reads that table through: create one first`,
    );
}

interface WalParts {
  readonly task: PurgeTask;
  readonly strategy: Strategy;
  readonly total: number;
  readonly all: number;
  readonly companions: readonly Companions[];
}

async function estimateWal(session: Session, { task, strategy, total, all, companions }: WalParts) {
  if (strategy.name === 'detach-partition' && strategy.swept.length === 0)
    return { bytes: strategy.partitions.dead.length * PARTITION_WAL_BYTES, why: null };
  const read = await session.query<{ images: boolean; block: number }>(
    `SELECT pg_catalog.current_setting('full_page_writes') = 'on' AS images,
            pg_catalog.current_setting('block_size')::float8 AS block`,
  );
  const { images = true, block = 8192 } = read.rows[0] ?? {};
  const blocks = sum(task.leaves.map((leaf) => leaf.blocks));
  // Dead rows spread evenly leave a page untouched with the chance that each of its rows lives.
  const perBlock = blocks === 0 ? 0 : all / blocks;
  const touched = all === 0 ? 0 : blocks * (1 - (1 - total / all) ** perBlock);
  const withThem = sum(companions.map(({ rows }) => rows));
  const bytes = Math.round((total + withThem) * ROW_WAL_BYTES + (images ? (touched + withThem) * block : 0));
  const why = images
    ? `WAL: ${ROW_WAL_BYTES} bytes a row, and a full page for each of about ${Math.ceil(touched)} pages, once a checkpoint`
    : `WAL: ${ROW_WAL_BYTES} bytes a row; full_page_writes is off`;
  return { bytes, why };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
