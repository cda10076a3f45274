import type { Session } from '../postgres/session.js';
import type { ReindexedTable } from './changed-indexes.js';

/** What one pass of writing to a table cost on one side. */
export interface WritePass {
  readonly rows: number;
  readonly insertMs: number;
  readonly updateMs: number;
  readonly deleteMs: number;
  readonly walBytesPerRow: number;
  readonly hotShare: number;
}

const ROWS = 500;

/** Up to this many rows a sample is drawn row by row over the whole table; beyond, page by page. */
const BERNOULLI_ROWS_MAX = 1_000_000;

/**
 * Updates, deletes and inserts the same few hundred rows, in transactions that are rolled back, without triggers and
 * foreign keys, whose work would be added to the table's own. The update gives each row another row's value of a
 * column of the index that is new or gone. Null when the table holds no rows; needs a role that may set session_replication_role.
 */
export async function probeWrites(
  session: Session,
  table: ReindexedTable,
  statementTimeoutMs: number,
): Promise<WritePass | null> {
  const inTransaction = <Value>(work: () => Promise<Value>) => rolledBack(session, statementTimeoutMs, work);
  const places = await inTransaction(() => sampleRows(session, table.name));
  if (places.length === 0) return null;
  const updated = await inTransaction(() => update(session, table, places));
  const { inserted, deleted } = await inTransaction(() => replace(session, table, places));
  const wal = updated.cost.walBytes + inserted.walBytes + deleted.walBytes;
  return {
    rows: places.length,
    insertMs: inserted.durationMs,
    updateMs: updated.cost.durationMs,
    deleteMs: deleted.durationMs,
    walBytesPerRow: wal / (3 * places.length),
    hotShare: updated.hotShare,
  };
}

/** Runs work in a transaction without triggers that is rolled back. */
async function rolledBack<Value>(session: Session, timeoutMs: number, work: () => Promise<Value>): Promise<Value> {
  await session.query('BEGIN');
  try {
    await session.query(`SET LOCAL statement_timeout = ${Math.ceil(timeoutMs)}`);
    await session.query('SET LOCAL session_replication_role = replica');
    // Rows are found by their place, one after another, on both sides.
    await session.query('SET LOCAL enable_hashjoin = off');
    await session.query('SET LOCAL enable_mergejoin = off');
    return await work();
  } finally {
    // On a connection that is gone the statement's own error says more than that of the rollback.
    await session.query('ROLLBACK').catch(() => undefined);
  }
}

/** The clones' files are equal, so a repeatable sample gives the same rows on both. */
async function sampleRows(session: Session, table: string): Promise<readonly string[]> {
  const { rows: sizes } = await session.query<{ rows: number }>(
    'SELECT reltuples::float8 AS rows FROM pg_catalog.pg_class WHERE oid = $1::pg_catalog.regclass',
    [table],
  );
  const total = Math.max(1, sizes[0]?.rows ?? 0);
  const percent = Math.min(100, (130 * ROWS) / total);
  const method = total <= BERNOULLI_ROWS_MAX ? 'BERNOULLI' : 'SYSTEM';
  const { rows } = await session.query<{ place: string }>(
    `SELECT ctid::text AS place FROM ${table} TABLESAMPLE ${method} (${percent}) REPEATABLE (1) LIMIT ${ROWS}`,
  );
  return rows.map((row) => row.place);
}

interface WriteCost {
  readonly durationMs: number;
  readonly walBytes: number;
}

async function update(
  session: Session,
  table: ReindexedTable,
  places: readonly string[],
): Promise<{ readonly cost: WriteCost; readonly hotShare: number }> {
  const column = table.changedColumn ?? table.columns[0] ?? 'ctid';
  const next = table.changedColumn === null ? `target.${column}` : 'place.next';
  await session.query(
    `CREATE TEMPORARY TABLE pgsteward_probe (place, next) ON COMMIT DROP AS
     SELECT ctid, coalesce(pg_catalog.lead(${column}) OVER by_place, pg_catalog.first_value(${column}) OVER by_place)
       FROM ${table.name} WHERE ctid = ANY ($1::pg_catalog.tid[]) WINDOW by_place AS (ORDER BY ctid)`,
    [places],
  );
  await session.query('ANALYZE pgsteward_probe');
  const before = await readUpdates(session, table.name);
  const cost = await measure(
    session,
    `UPDATE ${table.name} AS target SET ${column} = ${next} FROM pgsteward_probe AS place WHERE target.ctid = place.place`,
  );
  const after = await readUpdates(session, table.name);
  return { cost, hotShare: (after.hot - before.hot) / Math.max(1, after.all - before.all) };
}

async function replace(
  session: Session,
  table: ReindexedTable,
  places: readonly string[],
): Promise<{ readonly inserted: WriteCost; readonly deleted: WriteCost }> {
  const columns = table.columns.join(', ');
  await session.query(
    `CREATE TEMPORARY TABLE pgsteward_probe ON COMMIT DROP AS
     SELECT ${columns} FROM ${table.name} WHERE ctid = ANY ($1::pg_catalog.tid[])`,
    [places],
  );
  const deleted = await measure(session, `DELETE FROM ${table.name} WHERE ctid = ANY ($1::pg_catalog.tid[])`, [places]);
  const inserted = await measure(
    session,
    `INSERT INTO ${table.name} (${columns}) OVERRIDING SYSTEM VALUE SELECT ${columns} FROM pgsteward_probe`,
  );
  return { inserted, deleted };
}

async function measure(session: Session, statement: string, values: readonly unknown[] = []): Promise<WriteCost> {
  const rows = await session.queryArrays(`EXPLAIN (ANALYZE, WAL, TIMING OFF, FORMAT JSON) ${statement}`, values);
  const [document] = (rows[0]?.[0] ?? []) as readonly WriteDocument[];
  return { durationMs: document?.['Execution Time'] ?? Number.NaN, walBytes: document?.Plan['WAL Bytes'] ?? 0 };
}

interface WriteDocument {
  readonly Plan: { readonly 'WAL Bytes'?: number };
  readonly 'Execution Time': number;
}

/** Counters of the running transaction. */
async function readUpdates(session: Session, table: string): Promise<{ readonly all: number; readonly hot: number }> {
  const { rows } = await session.query<{ all: number; hot: number }>(
    `SELECT pg_catalog.pg_stat_get_xact_tuples_updated($1::pg_catalog.regclass)::float8 AS all,
            pg_catalog.pg_stat_get_xact_tuples_hot_updated($1::pg_catalog.regclass)::float8 AS hot`,
    [table],
  );
  return rows[0] ?? { all: 0, hot: 0 };
}
