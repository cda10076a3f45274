import type { BenchData } from '../model/bench.js';
import type { Session } from '../postgres/session.js';

/** Reads how large a database is and how many rows the planner believes each of its tables to hold. */
export async function readData(session: Session): Promise<BenchData> {
  const { rows: sizes } = await session.query<{ size: number }>(
    'SELECT pg_catalog.pg_database_size(pg_catalog.current_database())::float8 AS size',
  );
  const { rows: tables } = await session.query<{ name: string; rows: number }>(
    `SELECT pg_catalog.format('%I.%I', n.nspname, c.relname) AS name, greatest(c.reltuples, 0)::float8 AS rows
       FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'm') AND c.relpersistence <> 't'
        AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
      ORDER BY 1`,
  );
  return {
    sizeBytes: sizes[0]?.size ?? 0,
    rowsEstimate: Object.fromEntries(tables.map(({ name, rows }) => [name, rows])),
  };
}
