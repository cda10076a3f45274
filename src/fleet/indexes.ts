import type { Session } from '../postgres/session.js';

/** The indexes, keys and foreign keys of tables, as statements that take them away and bring them back. */
export interface SetAside {
  readonly drop: readonly string[];
  /** In the order in which the objects were made, foreign keys last. */
  readonly restore: readonly { readonly title: string; readonly sql: string }[];
}

interface IndexRow {
  readonly table: string;
  readonly name: string;
  readonly definition: string;
  readonly constraint: boolean;
}

/**
 * Reads what slows a bulk load. A sorted build writes each index once, and adding a foreign key checks all rows in one
 * join: the same guarantee as row by row, at a tenth of the time.
 */
export async function readSetAside(session: Session, schema: string): Promise<SetAside> {
  const keys = await session.query<IndexRow>(
    `SELECT pg_catalog.format('%I.%I', n.nspname, t.relname) AS table, pg_catalog.quote_ident(coalesce(k.conname, i.relname)) AS name,
            coalesce(pg_catalog.pg_get_constraintdef(k.oid), pg_catalog.pg_get_indexdef(i.oid)) AS definition,
            k.oid IS NOT NULL AS constraint
       FROM pg_catalog.pg_index x
       JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid
       JOIN pg_catalog.pg_class t ON t.oid = x.indrelid AND t.relkind = 'r'
       JOIN pg_catalog.pg_namespace n ON n.oid = t.relnamespace
       -- Foreign keys bear the index of the table they refer to, so the kind has to be asked for.
       LEFT JOIN pg_catalog.pg_constraint k ON k.conindid = i.oid AND k.contype IN ('p', 'u', 'x')
      WHERE n.nspname = $1
      ORDER BY i.oid`,
    [schema],
  );
  const foreignKeys = await session.query<IndexRow>(
    `SELECT pg_catalog.format('%I.%I', n.nspname, t.relname) AS table, pg_catalog.quote_ident(k.conname) AS name,
            pg_catalog.pg_get_constraintdef(k.oid) AS definition, true AS constraint
       FROM pg_catalog.pg_constraint k
       JOIN pg_catalog.pg_class t ON t.oid = k.conrelid
       JOIN pg_catalog.pg_namespace n ON n.oid = t.relnamespace
      WHERE k.contype = 'f' AND n.nspname = $1
      ORDER BY k.oid`,
    [schema],
  );
  return {
    drop: [...foreignKeys.rows, ...keys.rows].map((row) => dropOf(row, schema)),
    restore: [...keys.rows, ...foreignKeys.rows].map(restoreOf),
  };
}

function dropOf(row: IndexRow, schema: string): string {
  return row.constraint
    ? `ALTER TABLE ${row.table} DROP CONSTRAINT ${row.name}`
    : `DROP INDEX "${schema.replaceAll('"', '""')}".${row.name}`;
}

function restoreOf(row: IndexRow): { title: string; sql: string } {
  return {
    title: row.name,
    sql: row.constraint ? `ALTER TABLE ${row.table} ADD CONSTRAINT ${row.name} ${row.definition}` : row.definition,
  };
}
