import {
  collation,
  comment,
  isUserSchema,
  type ObjectQuery,
  objectColumns,
  privileges,
  qualified,
  roleName,
} from './fragments.js';

/** Enums, composite types, ranges, base types and domains; those that come with a table, an array or a range do not count. */
export const types: ObjectQuery = () => `
  ${objectColumns({
    type: `CASE type.typtype WHEN 'e' THEN 'enum' WHEN 'c' THEN 'composite type' WHEN 'r' THEN 'range type'
                             WHEN 'd' THEN 'domain' ELSE 'type' END`,
    name: qualified('space', 'type.typname'),
    attributes: {
      labels: `SELECT pg_catalog.string_agg(pg_catalog.quote_literal(enumlabel), ', ' ORDER BY enumsortorder)
                 FROM pg_catalog.pg_enum WHERE enumtypid = type.oid`,
      attributes: ATTRIBUTES,
      subtype: RANGE,
      type: `CASE WHEN type.typtype = 'd' THEN pg_catalog.format_type(type.typbasetype, type.typtypmod) END`,
      collation: `SELECT chosen.name FROM pg_catalog.pg_type AS base,
                         LATERAL (${collation('type.typcollation', 'base.typcollation')}) AS chosen (name)
                   WHERE type.typtype = 'd' AND base.oid = type.typbasetype`,
      default: 'type.typdefault',
      nullable: `CASE WHEN type.typtype = 'd' THEN CASE WHEN type.typnotnull THEN 'no' ELSE 'yes' END END`,
      functions: `CASE WHEN type.typtype = 'b' THEN pg_catalog.concat_ws(', ', type.typinput, type.typoutput) END`,
      owner: roleName('type.typowner'),
      privileges: privileges({ acl: 'type.typacl', kind: 'T', owner: 'type.typowner' }),
    },
    notes: { comment: comment('pg_type', 'type.oid') },
  })}
    FROM pg_catalog.pg_type AS type
    JOIN pg_catalog.pg_namespace AS space ON space.oid = type.typnamespace
   WHERE type.typtype IN ('e', 'c', 'r', 'd', 'b') AND ${isUserSchema('space')}
     AND NOT EXISTS (SELECT FROM pg_catalog.pg_type AS element WHERE element.typarray = type.oid)
     AND (type.typrelid = 0 OR EXISTS (SELECT FROM pg_catalog.pg_class WHERE oid = type.typrelid AND relkind = 'c'))
     AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend AS extension
                      WHERE extension.classid = 'pg_catalog.pg_type'::pg_catalog.regclass
                        AND extension.objid = type.oid AND extension.deptype = 'e')`;

const ATTRIBUTES = `
  SELECT pg_catalog.string_agg(pg_catalog.concat_ws(' ', pg_catalog.quote_ident(attribute.attname),
                                 pg_catalog.format_type(attribute.atttypid, attribute.atttypmod),
                                 'COLLATE ' || chosen.name), ', ' ORDER BY attribute.attnum)
    FROM pg_catalog.pg_attribute AS attribute
    JOIN pg_catalog.pg_type AS of_column ON of_column.oid = attribute.atttypid
    LEFT JOIN LATERAL (${collation('attribute.attcollation', 'of_column.typcollation')}) AS chosen (name) ON true
   WHERE type.typtype = 'c' AND attribute.attrelid = type.typrelid AND attribute.attnum > 0 AND NOT attribute.attisdropped`;

const RANGE = `
  SELECT pg_catalog.concat_ws(', ', pg_catalog.format_type(range.rngsubtype, NULL), 'operator class ' || class.opcname,
                              'canonical ' || nullif(range.rngcanonical::pg_catalog.text, '-'),
                              'difference ' || nullif(range.rngsubdiff::pg_catalog.text, '-'))
    FROM pg_catalog.pg_range AS range
    JOIN pg_catalog.pg_opclass AS class ON class.oid = range.rngsubopc
   WHERE range.rngtypid = type.oid`;
