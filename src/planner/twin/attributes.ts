import type { Session } from '../../postgres/session.js';
import { readExpressionTypes } from './expression-types.js';

/** A column of a table or of an index as the twin's catalogs hold it. */
export interface Attribute {
  readonly schema: string;
  readonly relation: string;
  readonly column: string;
  readonly relationOid: number;
  readonly position: number;
  readonly typeOid: number;
  readonly collationOid: number;
  /** Type of an array's elements, or 0. */
  readonly elementTypeOid: number;
  /** The type itself where it is a range, that of its ranges where it is a multirange, or 0. */
  readonly rangeTypeOid: number;
  /** Operators of the type's default btree operator class, as ANALYZE takes them, or 0. */
  readonly equalsOid: number;
  readonly lessOid: number;
  /** The equality operator of an array's elements, or 0. */
  readonly elementEqualsOid: number;
}

/** Gives the columns of all user tables and indexes of the session's database, by schema, relation and name. */
export async function readAttributes(session: Session): Promise<ReadonlyMap<string, Attribute>> {
  const { rows } = await session.query<Attribute>(
    `WITH RECURSIVE columns AS (
       SELECT n.nspname AS schema, c.relname AS relation, a.attname AS column, c.oid AS relation_oid,
              a.attnum AS position, coalesce(e.type::oid, a.atttypid) AS type_oid, a.attcollation AS collation_oid
         FROM pg_catalog.pg_class c
         JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
         JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid
         LEFT JOIN pg_catalog.json_to_recordset($1::json) AS e (oid oid, position int2, type int8)
                ON e.oid = a.attrelid AND e.position = a.attnum
        WHERE c.relkind IN ('r', 'i', 'p', 'I') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
          AND a.attnum > 0 AND NOT a.attisdropped),
     -- A domain is compared as its base type, which may be a domain too.
     peeled AS (
       SELECT t.oid AS type_oid, t.oid AS base_oid, t.typbasetype AS below
         FROM pg_catalog.pg_type t
        WHERE t.oid IN (SELECT type_oid FROM columns)
        UNION ALL
       SELECT p.type_oid, t.oid, t.typbasetype
         FROM peeled p
         JOIN pg_catalog.pg_type t ON t.oid = p.below),
     base AS (SELECT p.type_oid, p.base_oid FROM peeled p WHERE p.below = 0),
     element AS (
       SELECT b.type_oid, b.base_oid, CASE WHEN t.typcategory = 'A' AND t.typlen = -1 THEN t.typelem ELSE 0 END AS element_oid,
              -- Of a multirange's values ANALYZE keeps ranges.
              coalesce((SELECT r.rngtypid FROM pg_catalog.pg_range r WHERE t.oid IN (r.rngtypid, r.rngmultitypid)), 0) AS range_oid
         FROM base b
         JOIN pg_catalog.pg_type t ON t.oid = b.base_oid),
     operators AS (
       SELECT e.type_oid, e.element_oid, e.range_oid, own.equals, own.less, inner_type.equals AS element_equals
         FROM element e
         LEFT JOIN LATERAL (${defaultOperators('e.base_oid')}) AS own ON true
         LEFT JOIN LATERAL (${defaultOperators('e.element_oid')}) AS inner_type ON true)
     SELECT c.schema, c.relation, c.column, c.relation_oid AS "relationOid", c.position,
            c.type_oid AS "typeOid", c.collation_oid AS "collationOid", o.element_oid AS "elementTypeOid", o.range_oid AS "rangeTypeOid",
            coalesce(o.equals, 0)::oid AS "equalsOid", coalesce(o.less, 0)::oid AS "lessOid",
            coalesce(o.element_equals, 0)::oid AS "elementEqualsOid"
       FROM columns c
       JOIN operators o ON o.type_oid = c.type_oid
      ORDER BY c.relation_oid, c.position`,
    [JSON.stringify(await readExpressionTypes(session))],
  );
  return new Map(rows.map((row) => [attributeKey(row.schema, row.relation, row.column), row]));
}

/** Gives the key of a column in readAttributes' map. */
export function attributeKey(schema: string, relation: string, column: string): string {
  return JSON.stringify([schema, relation, column]);
}

/**
 * SQL for the operators = and < of the default btree operator class of a type: its own, that of its kind (any array,
 * any enum, any range), or that of a type it can be read as without a conversion.
 */
function defaultOperators(type: string): string {
  return `
    SELECT eq.amopopr AS equals, lt.amopopr AS less
      FROM pg_catalog.pg_opclass k
      JOIN pg_catalog.pg_am m ON m.oid = k.opcmethod AND m.amname = 'btree'
      JOIN pg_catalog.pg_type t ON t.oid = ${type}
      JOIN pg_catalog.pg_amop eq ON eq.amopfamily = k.opcfamily AND eq.amopstrategy = 3
       AND eq.amoplefttype = k.opcintype AND eq.amoprighttype = k.opcintype
      JOIN pg_catalog.pg_amop lt ON lt.amopfamily = k.opcfamily AND lt.amopstrategy = 1
       AND lt.amoplefttype = k.opcintype AND lt.amoprighttype = k.opcintype
     WHERE k.opcdefault
       AND (k.opcintype = t.oid
            OR t.typtype = 'e' AND k.opcintype = 'pg_catalog.anyenum'::pg_catalog.regtype
            OR t.typtype = 'r' AND k.opcintype = 'pg_catalog.anyrange'::pg_catalog.regtype
            OR t.typtype = 'm' AND k.opcintype = 'pg_catalog.anymultirange'::pg_catalog.regtype
            OR t.typtype = 'c' AND k.opcintype = 'pg_catalog.record'::pg_catalog.regtype
            OR t.typcategory = 'A' AND t.typlen = -1 AND k.opcintype = 'pg_catalog.anyarray'::pg_catalog.regtype
            OR EXISTS (SELECT FROM pg_catalog.pg_cast b
                        WHERE b.castsource = t.oid AND b.casttarget = k.opcintype
                          AND b.castmethod = 'b' AND b.castcontext = 'i'))
     ORDER BY (k.opcintype = t.oid) DESC, k.oid
     LIMIT 1`;
}
