import { sqlStateOf } from '../errors.js';
import type { RelationName } from '../model/relation-name.js';
import type { Session } from '../postgres/session.js';
import { quoteRelation } from '../sql/quote.js';

/** A table that a job works on, as the catalog has it. */
export interface JobTable extends RelationName {
  readonly oid: number;
  /** Its name as SQL, with its schema. */
  readonly sql: string;
  readonly isPartitioned: boolean;
  readonly columns: readonly JobColumn[];
  readonly rights: Readonly<Record<TableRight, boolean>>;
}

export type TableRight = 'SELECT' | 'INSERT' | 'UPDATE' | 'DELETE' | 'TRIGGER';

export interface JobColumn {
  readonly name: string;
  /** With its length and the like: `character varying(20)`. */
  readonly type: string;
  /** Category of its type: `D` dates and times, `S` texts, `N` numbers, `U` user-defined. */
  readonly category: string;
  readonly notNull: boolean;
  /** True where the server fills it: a default, an identity or a generated column. */
  readonly hasDefault: boolean;
  /** True where nothing may be given for it. */
  readonly isGenerated: boolean;
  /** True where a unique index that always holds is on this column alone. */
  readonly isUnique: boolean;
  /** True where its type's binary form is the same in every database: a type of PostgreSQL's own that names no object. */
  readonly isPortable: boolean;
}

/** What stands behind pg_class.relkind where it is no table. */
const OTHER_KINDS: Readonly<Record<string, string>> = {
  v: 'a view',
  m: 'a materialized view',
  f: 'a foreign table',
  S: 'a sequence',
  i: 'an index',
  I: 'an index',
  c: 'a composite type',
  t: 'a TOAST table',
};
/** Before 16 a name that cannot be read is an error, later it names nothing. */
const INVALID_NAME = '42602';

/**
 * Finds the table that a configuration names as SQL does: `orders`, `shop.orders`, `"we;ird"."ta.ble"`. Gives a sentence
 * where there is none, or where it is something else than a table.
 */
export async function findTable(session: Session, name: string): Promise<JobTable | string> {
  const found = await findRelation(session, name);
  if (found === null)
    return `there is no table ${name}: name it as schema.table, with "double quotes" around what is no plain name, and grant USAGE on its schema`;
  const { kind, ...relation } = found;
  if (kind !== 'r' && kind !== 'p')
    return `${name} is ${OTHER_KINDS[kind] ?? 'no table'}; a job works on tables: name the table whose rows it holds`;
  const columns = await readJobColumns(session, relation.oid);
  return { ...relation, sql: quoteRelation(relation), isPartitioned: kind === 'p', columns };
}

/** Gives a column by its name in the catalog, or undefined. */
export function columnNamed(table: JobTable, name: string): JobColumn | undefined {
  return table.columns.find((column) => column.name === name);
}

/** Says which columns the table has, where a wanted one is not there. */
export function missingColumn(table: JobTable, name: string): string {
  return `${table.sql} has no column ${name}; its columns are ${table.columns.map((column) => column.name).join(', ')}`;
}

interface FoundRelation extends RelationName {
  readonly oid: number;
  readonly kind: string;
  readonly rights: JobTable['rights'];
}

async function findRelation(session: Session, name: string): Promise<FoundRelation | null> {
  try {
    const found = await session.query<FoundRelation>(
      `SELECT class.oid::int8::text::float8 AS oid, namespace.nspname AS schema, class.relname AS name,
              class.relkind AS kind,
              pg_catalog.json_build_object(${RIGHTS.map(
                (right) => `'${right}', pg_catalog.has_table_privilege(class.oid, '${right}')`,
              ).join(', ')}) AS rights
       FROM pg_catalog.pg_class AS class
       JOIN pg_catalog.pg_namespace AS namespace ON namespace.oid = class.relnamespace
       WHERE class.oid = pg_catalog.to_regclass($1)`,
      [name],
    );
    return found.rows[0] ?? null;
  } catch (error) {
    if (sqlStateOf(error) === INVALID_NAME) return null;
    throw error;
  }
}

const RIGHTS: readonly TableRight[] = ['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRIGGER'];

async function readJobColumns(session: Session, oid: number): Promise<readonly JobColumn[]> {
  const read = await session.query<JobColumn>(
    `SELECT a.attname AS name, pg_catalog.format_type(a.atttypid, a.atttypmod) AS type, t.typcategory AS category,
            a.attnotnull AS "notNull", a.atthasdef OR a.attidentity <> '' AS "hasDefault",
            a.attgenerated <> '' OR a.attidentity = 'a' AS "isGenerated",
            EXISTS (SELECT FROM pg_catalog.pg_index AS i
                    WHERE i.indrelid = a.attrelid AND i.indisunique AND i.indisvalid AND i.indimmediate
                      AND i.indpred IS NULL AND i.indnkeyatts = 1 AND i.indkey[0] = a.attnum) AS "isUnique",
            -- From 16384 on OIDs are given out by each database.
            t.oid < 16384 AND t.typtype IN ('b', 'r', 'm') AND t.typsend <> 0 AND t.typname !~ '^_?reg' AS "isPortable"
     FROM pg_catalog.pg_attribute AS a
     JOIN pg_catalog.pg_type AS t ON t.oid = a.atttypid
     WHERE a.attrelid = $1 AND a.attnum > 0 AND NOT a.attisdropped
     ORDER BY a.attnum`,
    [oid],
  );
  return read.rows;
}
