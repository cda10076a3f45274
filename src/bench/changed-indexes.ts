import type { BeforeAfter } from '../model/before-after.js';
import type { Session } from '../postgres/session.js';

/** A table whose indexes the migrations change. */
export interface ReindexedTable {
  /** Schema-qualified and quoted where needed. */
  readonly name: string;
  /** Those that are there after the migrations and were not before. */
  readonly newIndexes: readonly string[];
  /** Columns that can be inserted into on both sides. */
  readonly columns: readonly string[];
  /** A key column of a new index, else of one that is gone, which no unique index holds; null where there is none. */
  readonly changedColumn: string | null;
}

/** Gives the ordinary tables of both sides whose valid indexes differ, by their names and definitions. */
export async function readChangedIndexes(sides: BeforeAfter<Session>): Promise<readonly ReindexedTable[]> {
  const before = await readIndexes(sides.before);
  const after = await readIndexes(sides.after);
  const added = without(after, before);
  const gone = without(before, after);
  const existing = new Set((await readTables(sides.before)).map((row) => row.name));
  const remaining = (await readTables(sides.after)).map((row) => row.name).filter((name) => existing.has(name));
  const changed = new Set([...added, ...gone].map((row) => row.table));
  const tables: ReindexedTable[] = [];
  for (const name of remaining.filter((table) => changed.has(table))) {
    const of = (rows: readonly IndexRow[]) => rows.filter((row) => row.table === name).map((row) => row.index);
    const columns = await commonColumns(sides, name);
    const keys = [
      ...(await readChangedColumns(sides.after, of(added))),
      ...(await readChangedColumns(sides.before, of(gone))),
    ];
    const changedColumn = keys.find((column) => columns.includes(column)) ?? null;
    tables.push({ name, newIndexes: of(added), columns, changedColumn });
  }
  return tables;
}

function without(rows: readonly IndexRow[], others: readonly IndexRow[]): readonly IndexRow[] {
  const known = new Set(others.map(({ index, definition }) => `${index} ${definition}`));
  return rows.filter(({ index, definition }) => !known.has(`${index} ${definition}`));
}

async function commonColumns({ before, after }: BeforeAfter<Session>, table: string): Promise<readonly string[]> {
  const known = new Set(await readColumns(before, table));
  return (await readColumns(after, table)).filter((column) => known.has(column));
}

const USER_SCHEMAS = `n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')`;

interface IndexRow {
  readonly index: string;
  readonly table: string;
  readonly definition: string;
}

async function readIndexes(session: Session): Promise<readonly IndexRow[]> {
  const { rows } = await session.query<IndexRow>(
    `SELECT pg_catalog.format('%I.%I', n.nspname, c.relname) AS index, pg_catalog.format('%I.%I', tn.nspname, t.relname) AS table,
            pg_catalog.pg_get_indexdef(i.indexrelid) AS definition
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

async function readChangedColumns(session: Session, indexes: readonly string[]): Promise<readonly string[]> {
  const { rows } = await session.query<{ column: string }>(
    `SELECT pg_catalog.quote_ident(a.attname) AS column
       FROM pg_catalog.pg_index i
       CROSS JOIN LATERAL pg_catalog.unnest(i.indkey::pg_catalog.int2[]) WITH ORDINALITY AS key(attnum, position)
       JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = key.attnum
      WHERE i.indexrelid = ANY ($1::pg_catalog.regclass[]) AND key.position <= i.indnkeyatts AND a.attgenerated = ''
        AND NOT EXISTS (SELECT FROM pg_catalog.pg_index u
                         WHERE u.indrelid = i.indrelid AND u.indisunique AND a.attnum = ANY (u.indkey))
      ORDER BY key.position, i.indexrelid`,
    [indexes],
  );
  return rows.map((row) => row.column);
}
