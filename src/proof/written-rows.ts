import type { RelationName } from '../model/relation-name.js';
import type { TextRows } from '../postgres/query-result.js';
import type { Session } from '../postgres/session.js';
import { formatArrayLiteral } from '../sql/array-literal.js';
import { quoteIdentifier, quoteRelation } from '../sql/quote.js';

/** A table that is written to, with what tells its rows apart. */
export interface WrittenTable {
  readonly relation: RelationName;
  /** Its primary key; without one, where a row stands. */
  readonly key: readonly { readonly name: string; readonly type: string }[];
  /** Its triggers, but not those that keep its constraints. */
  readonly triggers: readonly string[];
}

/** Rows by the name of each column. */
export type Rows = readonly ReadonlyMap<string, string | null>[];

/** Rows that were inserted, updated and deleted by table, triggers and cascades included. */
type RowCounts = ReadonlyMap<string, number>;

/** What was done to a table beside the one that is written to. */
export interface OtherWrites {
  readonly count: number;
  /** As they were inserted or updated; null where the table is too large to be looked through. */
  readonly rows: Rows | null;
}

/** A larger table is not looked through for the rows of a transaction. */
const BYTES_READ_MOST = 64_000_000;
const ROWS_READ_MOST = 10_000;

const PLACE: WrittenTable['key'] = [
  { name: 'tableoid', type: 'oid' },
  { name: 'ctid', type: 'tid' },
];

/** Reads what is needed of a table to follow its rows; null where it is not there. */
export async function readWrittenTable(session: Session, relation: RelationName): Promise<WrittenTable | null> {
  const { rows } = await session.query<{ key: WrittenTable['key'] | null; triggers: readonly string[] | null }>(
    `SELECT (SELECT pg_catalog.json_agg(pg_catalog.json_build_object('name', a.attname, 'type', pg_catalog.format_type(a.atttypid, a.atttypmod))
                                        ORDER BY a.attnum)
               FROM pg_catalog.pg_index i
               JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
              WHERE i.indrelid = c.oid AND i.indisprimary) AS key,
            (SELECT pg_catalog.array_agg(t.tgname::text ORDER BY t.tgname)
               FROM pg_catalog.pg_trigger t
              WHERE t.tgrelid = c.oid AND NOT t.tgisinternal AND t.tgenabled <> 'D') AS triggers
       FROM pg_catalog.pg_class c
       JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = $1 AND c.relname = $2 AND c.relkind IN ('r', 'p')`,
    [relation.schema, relation.name],
  );
  const [row] = rows;
  return row === undefined ? null : { relation, key: row.key ?? PLACE, triggers: row.triggers ?? [] };
}

/** Says that triggers run within one statement in place of many; empty where there are none. */
export function triggersHazard({ triggers }: Pick<WrittenTable, 'triggers'>): readonly string[] {
  return triggers.length === 0 ? [] : [`Triggers of the table run within the one statement: ${triggers.join(', ')}.`];
}

/** Gives the rows of a result by column name. */
export function rowsOf({ columns, rows }: TextRows): Rows {
  return rows.map((row) => new Map(columns.map(({ name }, place) => [name, row[place] ?? null])));
}

/**
 * Reads what a write has left in its table: of one that can be looked through all that the transaction has written, what
 * triggers have changed beside among it; else the rows that it has returned, of one that was changed twice the last.
 */
export async function readLeft(session: Session, table: WrittenTable, returned: Rows): Promise<Rows> {
  return (await readOwn(session, quoteRelation(table.relation))) ?? readReturned(session, table, returned);
}

async function readReturned(session: Session, { relation, key }: WrittenTable, returned: Rows): Promise<Rows> {
  const names = key.map(({ name }) => `t.${quoteIdentifier(name)}`).join(', ');
  const arrays = key.map(({ type }, place) => `unnest($${place + 1}::${type}[])`).join(', ');
  const values = key.map(({ name }) => formatArrayLiteral(returned.map((row) => row.get(name) ?? null)));
  return rowsOf(
    await session.queryTexts(
      `SELECT t.* FROM ${quoteRelation(relation)} AS t WHERE (${names}) IN (SELECT * FROM ROWS FROM (${arrays}) AS r)`,
      values,
    ),
  );
}

/**
 * Reads the rows that this transaction has written to a table; null for one that is too large. What a transaction writes
 * bears its number or one of its savepoints', which are later, and nothing later is seen by it.
 */
async function readOwn(session: Session, relationSql: string): Promise<Rows | null> {
  const { rows } = await session.query<{ own: string; bytes: number }>(
    `SELECT (pg_catalog.txid_current() % 4294967296)::text AS own,
            (SELECT sum(pg_catalog.pg_relation_size(p.relid))::float8
               FROM (SELECT t.relid FROM pg_catalog.pg_partition_tree($1::pg_catalog.regclass) AS t
                     UNION SELECT $1::pg_catalog.regclass) AS p) AS bytes`,
    [relationSql],
  );
  const [{ own, bytes } = { own: '0', bytes: 0 }] = rows;
  if (bytes > BYTES_READ_MOST) return null;
  const written = await session.queryTexts(
    `SELECT t.* FROM ${relationSql} AS t
      WHERE pg_catalog.age(t.xmin) <= pg_catalog.age('${own}'::pg_catalog.xid)
      LIMIT ${ROWS_READ_MOST + 1}`,
  );
  return written.rows.length > ROWS_READ_MOST ? null : rowsOf(written);
}

/** Reads what the transaction has written to other tables since it had written so much. */
export async function readOthers(
  session: Session,
  table: WrittenTable,
  before: RowCounts,
): Promise<ReadonlyMap<string, OtherWrites>> {
  const others = new Map<string, OtherWrites>();
  for (const [name, total] of await readOtherCounts(session, table)) {
    const count = total - (before.get(name) ?? 0);
    if (count > 0) others.set(name, { count, rows: await readOwn(session, name) });
  }
  return others;
}

/** Counts what the transaction has written to other tables than this one and its partitions. */
export async function readOtherCounts(session: Session, { relation }: WrittenTable): Promise<RowCounts> {
  const { rows } = await session.query<{ name: string; count: number }>(
    `SELECT pg_catalog.format('%I.%I', s.schemaname, s.relname) AS name,
            (s.n_tup_ins + s.n_tup_upd + s.n_tup_del)::float8 AS count
       FROM pg_catalog.pg_stat_xact_user_tables s
      WHERE s.n_tup_ins + s.n_tup_upd + s.n_tup_del > 0
        AND s.relid <> $1::pg_catalog.regclass
        AND s.relid NOT IN (SELECT p.relid FROM pg_catalog.pg_partition_tree($1::pg_catalog.regclass) AS p)
      ORDER BY name`,
    [quoteRelation(relation)],
  );
  return new Map(rows.map(({ name, count }) => [name, count]));
}
