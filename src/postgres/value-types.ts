import type { Session } from './session.js';

/** What a type is beneath its domains. */
export interface TypeDescription {
  /** Name without modifier, qualified unless it is PostgreSQL's: `character varying`. */
  readonly base: string;
  readonly kind: 'base' | 'enum' | 'array' | 'range' | 'other';
  /** Of an array's elements or a range's bounds, else null. */
  readonly element: Pick<TypeDescription, 'base' | 'kind'> | null;
}

/** The type of a column of a table, or of a key of an expression index. */
export interface ColumnType {
  readonly schema: string;
  readonly table: string;
  readonly column: string;
  readonly type: TypeDescription;
  /** Quoted and qualified; null where it is the database's own, or none. */
  readonly collation: string | null;
  /** Characters that a value may have, or null. */
  readonly lengthMax: number | null;
}

/** The columns of a statistics object in the order of its values, without its expressions. */
export interface StatisticsKeys {
  readonly schema: string;
  readonly name: string;
  readonly columns: readonly string[];
}

/** SQL of a TypeDescription of the type with OID `of`: domains over domains are looked through twice. */
const DESCRIPTION = (of: string) => `
  SELECT pg_catalog.json_build_object(
           'base', pg_catalog.format_type(b.oid, -1), 'kind', ${kindOf('b')},
           'element', CASE WHEN e.oid IS NOT NULL
                           THEN pg_catalog.json_build_object('base', pg_catalog.format_type(e.oid, -1), 'kind', ${kindOf('e')}) END)
         AS type
    FROM pg_catalog.pg_type t
    LEFT JOIN pg_catalog.pg_type d ON d.oid = t.typbasetype
    JOIN pg_catalog.pg_type b ON b.oid = coalesce(nullif(d.typbasetype, 0), d.oid, t.oid)
    LEFT JOIN pg_catalog.pg_range r ON r.rngtypid = b.oid
    LEFT JOIN pg_catalog.pg_type e ON e.oid = coalesce(r.rngsubtype, CASE WHEN b.typcategory = 'A' THEN b.typelem END)
   WHERE t.oid = ${of}`;

function kindOf(alias: string): string {
  return `CASE WHEN ${alias}.typtype = 'e' THEN 'enum' WHEN ${alias}.typtype = 'r' THEN 'range'
               WHEN ${alias}.typcategory = 'A' AND ${alias}.typlen = -1 AND ${alias}.typelem <> 0 THEN 'array'
               WHEN ${alias}.typtype = 'b' THEN 'base' ELSE 'other' END`;
}

/** Gives the types of all columns of tables and indexes in the schemas. */
export async function readColumnTypes(session: Session, schemas: readonly string[]): Promise<readonly ColumnType[]> {
  const { rows } = await session.query<ColumnType>(
    `SELECT n.nspname AS schema, c.relname AS table, a.attname AS column, described.type,
            CASE WHEN a.attcollation NOT IN (0, 'pg_catalog."default"'::pg_catalog.regcollation)
                 THEN pg_catalog.quote_ident(cn.nspname) || '.' || pg_catalog.quote_ident(co.collname) END AS collation,
            CASE WHEN described.type ->> 'base' IN ('character varying', 'bpchar', 'character varying[]', 'bpchar[]') AND a.atttypmod > 4
                 THEN a.atttypmod - 4 END AS "lengthMax"
       FROM pg_catalog.pg_attribute a
       JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
       JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
       LEFT JOIN pg_catalog.pg_collation co ON co.oid = a.attcollation
       LEFT JOIN pg_catalog.pg_namespace cn ON cn.oid = co.collnamespace
      CROSS JOIN LATERAL (${DESCRIPTION('a.atttypid')}) AS described
      WHERE n.nspname = ANY ($1::text[]) AND a.attnum > 0 AND NOT a.attisdropped
        AND c.relkind IN ('r', 'i', 'm', 'p', 'I')
      ORDER BY c.oid, a.attnum`,
    [schemas],
  );
  return rows;
}

/** Gives the types of these names; a name that is none has no entry. */
export async function describeTypes(
  session: Session,
  names: readonly string[],
): Promise<ReadonlyMap<string, TypeDescription>> {
  const { rows } = await session.query<{ name: string; type: TypeDescription }>(
    `SELECT named.name, described.type
       FROM pg_catalog.unnest($1::text[]) AS named (name)
      CROSS JOIN LATERAL (${DESCRIPTION('pg_catalog.to_regtype(named.name)::oid')}) AS described`,
    [names],
  );
  return new Map(rows.map(({ name, type }) => [name, type]));
}

/** Gives the columns of the extended statistics in the schemas. */
export async function readStatisticsKeys(
  session: Session,
  schemas: readonly string[],
): Promise<readonly StatisticsKeys[]> {
  const { rows } = await session.query<StatisticsKeys>(
    `SELECT n.nspname AS schema, s.stxname AS name,
            ARRAY(SELECT a.attname::text
                               FROM pg_catalog.unnest(s.stxkeys::int2[]) WITH ORDINALITY AS k (number, place)
                               JOIN pg_catalog.pg_attribute a ON a.attrelid = s.stxrelid AND a.attnum = k.number
                              ORDER BY k.place) AS columns
       FROM pg_catalog.pg_statistic_ext s
       JOIN pg_catalog.pg_namespace n ON n.oid = s.stxnamespace
      WHERE n.nspname = ANY ($1::text[])
      ORDER BY s.oid`,
    [schemas],
  );
  return rows;
}
