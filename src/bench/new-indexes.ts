import type { Session } from '../postgres/session.js';

/** A table that the migrations gave an index. */
export interface IndexedTable {
  /** Schema-qualified and quoted where needed. */
  readonly name: string;
  readonly newIndexes: readonly string[];
  /** Columns that can be inserted into. */
  readonly columns: readonly string[];
  /** A key column of a new index that no unique index holds, with its type; null where there is none. */
  readonly changed: { readonly column: string; readonly type: string } | null;
}

/** Gives the ordinary tables that have a valid index after the migrations which they did not have before. */
export async function readNewIndexes(before: Session, after: Session): Promise<readonly IndexedTable[]> {
  const known = new Set((await readIndexes(before)).map((row) => row.index));
  const added = (await readIndexes(after)).filter((row) => !known.has(row.index));
  const existing = new Set((await readTables(before)).map((row) => row.name));
  const tables = [...new Set(added.map((row) => row.table))].filter((table) => existing.has(table));
  const indexed: IndexedTable[] = [];
  for (const name of tables) {
    const newIndexes = added.filter((row) => row.table === name).map((row) => row.index);
    const columns = await readColumns(after, name);
    indexed.push({ name, newIndexes, columns, changed: await readChangedColumn(after, newIndexes) });
  }
  return indexed;
}

const USER_SCHEMAS = `n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')`;

async function readIndexes(session: Session): Promise<readonly { readonly index: string; readonly table: string }[]> {
  const { rows } = await session.query<{ index: string; table: string }>(
    `SELECT pg_catalog.format('%I.%I', n.nspname, c.relname) AS index, pg_catalog.format('%I.%I', tn.nspname, t.relname) AS table
       FROM pg_catalog.pg_index i
       JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
       JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
       JOIN pg_catalog.pg_class t ON t.oid = i.indrelid
       JOIN pg_catalog.pg_namespace tn ON tn.oid = t.relnamespace
      WHERE t.relkind = 'r' AND i.indisvalid AND ${USER_SCHEMAS}
      ORDER BY 2, 1`,
  );
  return rows;
}

async function readTables(session: Session): Promise<readonly { readonly name: string }[]> {
  const { rows } = await session.query<{ name: string }>(
    `SELECT pg_catalog.format('%I.%I', n.nspname, t.relname) AS name
       FROM pg_catalog.pg_class t JOIN pg_catalog.pg_namespace n ON n.oid = t.relnamespace
      WHERE t.relkind = 'r' AND ${USER_SCHEMAS} ORDER BY 1`,
  );
  return rows;
}

async function readColumns(session: Session, table: string): Promise<readonly string[]> {
  const { rows } = await session.query<{ name: string }>(
    `SELECT pg_catalog.quote_ident(attname) AS name FROM pg_catalog.pg_attribute
      WHERE attrelid = $1::pg_catalog.regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
      ORDER BY attnum`,
    [table],
  );
  return rows.map((row) => row.name);
}

async function readChangedColumn(session: Session, indexes: readonly string[]): Promise<IndexedTable['changed']> {
  const { rows } = await session.query<{ column: string; type: string }>(
    `SELECT pg_catalog.quote_ident(a.attname) AS column, pg_catalog.format_type(a.atttypid, a.atttypmod) AS type
       FROM pg_catalog.pg_index i
       CROSS JOIN LATERAL pg_catalog.unnest(i.indkey::pg_catalog.int2[]) WITH ORDINALITY AS key(attnum, position)
       JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = key.attnum
      WHERE i.indexrelid = ANY ($1::pg_catalog.regclass[]) AND key.position <= i.indnkeyatts AND a.attgenerated = ''
        AND NOT EXISTS (SELECT FROM pg_catalog.pg_index u
                         WHERE u.indrelid = i.indrelid AND u.indisunique AND a.attnum = ANY (u.indkey))
      ORDER BY key.position, i.indexrelid LIMIT 1`,
    [indexes],
  );
  return rows[0] ?? null;
}
