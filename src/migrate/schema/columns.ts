import {
  collation,
  isOwnObject,
  isUserSchema,
  type ObjectQuery,
  objectColumns,
  options,
  privileges,
  qualified,
} from './fragments.js';

/** Columns of tables, partitioned tables and foreign tables. */
export const columns: ObjectQuery = (versionNumber) => `
  ${objectColumns({
    type: "'column'",
    name: `pg_catalog.format('%I.%I.%I', space.nspname, class.relname, attribute.attname)`,
    parent: `'table ' || ${qualified('space', 'class.relname')}`,
    attributes: {
      type: 'pg_catalog.format_type(attribute.atttypid, attribute.atttypmod)',
      collation: collation('attribute.attcollation', 'type.typcollation'),
      nullable: `CASE WHEN attribute.attnotnull THEN 'no' ELSE 'yes' END`,
      'not null': versionNumber >= 180_000 ? NOT_NULL_TERMS : 'NULL',
      default: DEFAULT,
      generated: `CASE attribute.attgenerated WHEN 's' THEN 'stored: ' || ${EXPRESSION} WHEN 'v' THEN 'virtual: ' || ${EXPRESSION} END`,
      identity: `CASE attribute.attidentity WHEN 'a' THEN 'always' WHEN 'd' THEN 'by default' END`,
      storage: `CASE attribute.attstorage WHEN 'p' THEN 'plain' WHEN 'e' THEN 'external' WHEN 'm' THEN 'main' ELSE 'extended' END`,
      compression: `CASE attribute.attcompression WHEN 'p' THEN 'pglz' WHEN 'l' THEN 'lz4' END`,
      'statistics target': 'nullif(attribute.attstattarget, -1)',
      options: options('attribute.attoptions'),
      'server options': options('attribute.attfdwoptions'),
      privileges: privileges({ acl: 'attribute.attacl', kind: null, owner: 'class.relowner' }),
    },
    notes: { comment: 'pg_catalog.col_description(class.oid, attribute.attnum)' },
  })}
    FROM pg_catalog.pg_attribute AS attribute
    JOIN pg_catalog.pg_class AS class ON class.oid = attribute.attrelid
    JOIN pg_catalog.pg_namespace AS space ON space.oid = class.relnamespace
    JOIN pg_catalog.pg_type AS type ON type.oid = attribute.atttypid
    LEFT JOIN pg_catalog.pg_attrdef AS expression
      ON expression.adrelid = attribute.attrelid AND expression.adnum = attribute.attnum
   WHERE class.relkind IN ('r', 'p', 'f') AND attribute.attnum > 0 AND NOT attribute.attisdropped
     AND ${isUserSchema('space')} AND ${isOwnObject('pg_class', 'class.oid')}`;

const EXPRESSION = 'pg_catalog.pg_get_expr(expression.adbin, expression.adrelid)';

/** The name of a column's own sequence may be made up, so it is not spelt out. */
const DEFAULT = `
  CASE WHEN attribute.attgenerated <> '' THEN NULL
       WHEN EXISTS (SELECT FROM pg_catalog.pg_depend AS owned
                     WHERE owned.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
                       AND owned.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
                       AND owned.refobjid = class.oid AND owned.refobjsubid = attribute.attnum AND owned.deptype = 'a'
                       AND ${EXPRESSION} = pg_catalog.format('nextval(%L::regclass)', owned.objid::pg_catalog.regclass))
       THEN 'nextval(its own sequence)'
       ELSE ${EXPRESSION} END`;

/** NULL for a constraint that holds for all rows and is inherited. */
const NOT_NULL_TERMS = `
  SELECT nullif(pg_catalog.concat_ws(', ', CASE WHEN NOT known.convalidated THEN 'not validated' END,
                                     CASE WHEN known.connoinherit THEN 'not inherited' END), '')
    FROM pg_catalog.pg_constraint AS known
   WHERE known.conrelid = class.oid AND known.contype = 'n' AND known.conkey = ARRAY[attribute.attnum]`;
