import type { Session } from '../../../postgres/session.js';

/** What a seeder has to know of a table. */
export interface TableFacts {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  readonly partitioned: boolean;
  readonly columns: readonly ColumnFacts[];
  /** Conditions of its CHECK constraints, and of its partitions where it has some. */
  readonly checks: readonly string[];
  /** Columns of each unique index. */
  readonly uniques: readonly (readonly string[])[];
  readonly foreignKeys: readonly ForeignKeyFacts[];
}

export interface ColumnFacts {
  readonly name: string;
  /** As format_type writes it. */
  readonly type: string;
  /** The type below domains, by pg_type.typname and as format_type writes it. */
  readonly baseName: string;
  readonly baseType: string;
  /** Of an array: the element's name; null otherwise. */
  readonly elementName: string | null;
  readonly enumLabels: readonly string[];
  /** Conditions of its domain, on VALUE. */
  readonly domainChecks: readonly string[];
  readonly notNull: boolean;
  /** PostgreSQL fills it: an identity, a generated column, a sequence. */
  readonly filled: 'sequence' | 'generated' | null;
}

export interface ForeignKeyFacts {
  readonly columns: readonly string[];
  readonly parentOid: number;
  readonly parentSchema: string;
  readonly parent: string;
  readonly parentColumns: readonly string[];
}

/** Which tables to look at: those that are newer than an object id, and those that bear one of these names. */
export interface TableChoice {
  readonly aboveOid: number;
  readonly names: readonly string[];
}

/**
 * Reads the tables that rows can be put into, partitions aside: their rows go in by the table that they belong to. Null
 * for all of them.
 */
export async function readTableFacts(session: Session, choice: TableChoice | null): Promise<readonly TableFacts[]> {
  const { rows } = await session.query<TableFacts>(
    `SELECT class.oid::bigint::float8 AS oid, namespace.nspname AS schema, class.relname AS name,
            class.relkind = 'p' AS partitioned, coalesce(${COLUMNS}, '[]') AS columns, coalesce(${CHECKS}, '[]') AS checks,
            coalesce(${UNIQUES}, '[]') AS uniques, coalesce(${FOREIGN_KEYS}, '[]') AS "foreignKeys"
     FROM pg_catalog.pg_class AS class
     JOIN pg_catalog.pg_namespace AS namespace ON namespace.oid = class.relnamespace
     WHERE class.oid >= 16384 AND class.relkind IN ('r', 'p') AND NOT class.relispartition
       AND class.relpersistence <> 't' AND namespace.nspname NOT IN ('pg_catalog', 'information_schema')
       AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend AS depend
                       WHERE depend.objid = class.oid AND depend.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
                         AND depend.deptype = 'e')
       AND ($1::bigint IS NULL OR class.oid > $1 OR class.relname = ANY ($2::text[]))
     ORDER BY class.oid`,
    [choice?.aboveOid ?? null, choice?.names ?? []],
  );
  return rows;
}

const COLUMNS = `(SELECT pg_catalog.json_agg(pg_catalog.json_build_object(
    'name', attribute.attname,
    'type', pg_catalog.format_type(attribute.atttypid, attribute.atttypmod),
    'baseName', base.typname,
    'baseType', pg_catalog.format_type(base.oid,
      CASE WHEN declared.typtype = 'd' THEN declared.typtypmod ELSE attribute.atttypmod END),
    'elementName', (SELECT element.typname FROM pg_catalog.pg_type AS element
                    WHERE element.oid = base.typelem AND base.typcategory = 'A'),
    'enumLabels', coalesce((SELECT pg_catalog.json_agg(label.enumlabel ORDER BY label.enumsortorder)
                            FROM pg_catalog.pg_enum AS label WHERE label.enumtypid = base.oid), '[]'),
    'domainChecks', coalesce((SELECT pg_catalog.json_agg(pg_catalog.pg_get_expr(rule.conbin, 0) ORDER BY rule.oid)
                              FROM pg_catalog.pg_constraint AS rule
                              WHERE rule.contypid = attribute.atttypid AND rule.contype = 'c'), '[]'),
    'notNull', attribute.attnotnull OR declared.typnotnull,
    'filled', CASE WHEN attribute.attgenerated <> '' THEN 'generated'
                   WHEN attribute.attidentity <> ''
                     OR pg_catalog.pg_get_expr(value.adbin, value.adrelid) ~ '^nextval' THEN 'sequence' END
  ) ORDER BY attribute.attnum)
  FROM pg_catalog.pg_attribute AS attribute
  JOIN pg_catalog.pg_type AS declared ON declared.oid = attribute.atttypid
  -- One level of domain: a domain over a domain is taken as its own base, and its table may stay empty.
  JOIN pg_catalog.pg_type AS base
    ON base.oid = CASE WHEN declared.typtype = 'd' THEN declared.typbasetype ELSE declared.oid END
  LEFT JOIN pg_catalog.pg_attrdef AS value ON value.adrelid = class.oid AND value.adnum = attribute.attnum
  WHERE attribute.attrelid = class.oid AND attribute.attnum > 0 AND NOT attribute.attisdropped)`;

const CHECKS = `(SELECT pg_catalog.json_agg(condition.text ORDER BY condition.text) FROM (
    SELECT pg_catalog.pg_get_expr(rule.conbin, rule.conrelid) AS text
    FROM pg_catalog.pg_constraint AS rule WHERE rule.conrelid = class.oid AND rule.contype = 'c'
    UNION ALL
    -- A row has to have a partition to go to.
    SELECT pg_catalog.string_agg('(' || pg_catalog.pg_get_partition_constraintdef(leaf.relid) || ')', ' OR ')
    FROM pg_catalog.pg_partition_tree(class.oid) AS leaf
    WHERE class.relkind = 'p' AND leaf.isleaf AND leaf.relid <> class.oid
  ) AS condition WHERE condition.text IS NOT NULL)`;

const NAMES_OF = (keys: string, table: string) => `(SELECT pg_catalog.json_agg(attribute.attname ORDER BY member.place)
    FROM pg_catalog.unnest(${keys}) WITH ORDINALITY AS member (number, place)
    JOIN pg_catalog.pg_attribute AS attribute ON attribute.attrelid = ${table} AND attribute.attnum = member.number)`;

const UNIQUES = `(SELECT pg_catalog.json_agg(${NAMES_OF('index.indkey::int2[]', 'class.oid')} ORDER BY index.indexrelid)
  FROM pg_catalog.pg_index AS index
  WHERE index.indrelid = class.oid AND index.indisunique AND NOT (0 = ANY (index.indkey::int2[])))`;

const FOREIGN_KEYS = `(SELECT pg_catalog.json_agg(pg_catalog.json_build_object(
    'columns', ${NAMES_OF('key.conkey', 'key.conrelid')},
    'parentOid', key.confrelid::bigint::float8, 'parentSchema', namespace.nspname, 'parent', parent.relname,
    'parentColumns', ${NAMES_OF('key.confkey', 'key.confrelid')}) ORDER BY key.oid)
  FROM pg_catalog.pg_constraint AS key
  JOIN pg_catalog.pg_class AS parent ON parent.oid = key.confrelid
  JOIN pg_catalog.pg_namespace AS namespace ON namespace.oid = parent.relnamespace
  WHERE key.conrelid = class.oid AND key.contype = 'f' AND key.conparentid = 0)`;
