import type { Session } from '../../../src/postgres/session.js';
import { testDatabase } from '../../postgres.js';
import { callJob } from '../../worker/by-hand.js';

/** Rows of the table `sessions`. */
export const ROWS = 3000;
/** Of them have expired, an hour or more ago. */
export const DEAD = 1200;

/** Sessions on some 150 pages: two of five expired an hour or more ago, and every hundredth never expires. */
export const sessions = () =>
  testDatabase({
    template: 'sessions',
    prepare: (session) =>
      session.script(
        `CREATE TABLE sessions (id int PRIMARY KEY, expires_at timestamptz, note text DEFAULT repeat('x', 300));
         ALTER TABLE sessions SET (fillfactor = 80);
         INSERT INTO sessions (id, expires_at)
         SELECT n, now() + (CASE WHEN n % 5 IN (1, 2) THEN -1 ELSE 1 END) * interval '1 hour' FROM generate_series(1, ${ROWS}) AS n;
         UPDATE sessions SET expires_at = NULL WHERE n_is_hundredth(id);
         ANALYZE sessions`.replace('n_is_hundredth(id)', 'id % 100 = 0'),
      ),
  });

/** The purge of the expired ones. */
export const EXPIRED = { kind: 'purge', table: 'sessions', expiresAt: 'expires_at' };

/** Runs a purge of these keys at full duty, or plans it. */
export function purge(
  url: string,
  job: Readonly<Record<string, unknown>>,
  call: Partial<Parameters<typeof callJob>[0]> = {},
) {
  return callJob({ url, name: 'purge-it', jobs: { 'purge-it': { dutyCycle: 1, ...job } }, ...call });
}

/** Gives the number of rows of what stands behind FROM. */
export async function count(session: Session, from: string): Promise<number> {
  const read = await session.query<{ rows: number }>(`SELECT count(*)::int AS rows FROM ${from}`);
  return read.rows[0]?.rows ?? -1;
}

/** Gives the ids that a table has. */
export async function ids(session: Session, table: string): Promise<readonly number[]> {
  const read = await session.query<{ id: number }>(`SELECT id FROM ${table} ORDER BY id`);
  return read.rows.map(({ id }) => id);
}

/** Gives the cursors of all runs in their order. */
export async function cursors(session: Session): Promise<readonly unknown[]> {
  const read = await session.query<{ cursor: unknown }>('SELECT cursor FROM steward.job_runs ORDER BY started_at');
  return read.rows.map(({ cursor }) => cursor);
}

/** Leaves a cursor to the next run. */
export async function leaveCursor(session: Session, cursor: unknown): Promise<void> {
  await session.query('UPDATE steward.job_runs SET cursor = $1', [JSON.stringify(cursor)]);
}

/** Gives the OID of a table. */
export async function oidOf(session: Session, table: string): Promise<number> {
  const read = await session.query<{ oid: number }>('SELECT $1::regclass::oid AS oid', [table]);
  return read.rows[0]?.oid ?? 0;
}

/** Gives the names of all partitions. */
export async function partitionsOf(session: Session): Promise<readonly string[]> {
  const read = await session.query<{ name: string }>(
    `SELECT c.relname AS name FROM pg_class AS c WHERE c.relispartition ORDER BY c.relname`,
  );
  return read.rows.map(({ name }) => name);
}

/** Waits until somebody waits for a lock in this database, or until the work that should is done. */
export async function waiterOrEnd(session: Session, work: Promise<unknown>): Promise<void> {
  let isOver = false;
  void work.finally(() => {
    isOver = true;
  });
  while (!isOver) {
    const waiting = await session.query(
      `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    if (waiting.rowCount > 0) return;
  }
}
