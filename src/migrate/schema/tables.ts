import {
  comment,
  isOwnObject,
  isUserSchema,
  type ObjectQuery,
  objectColumns,
  options,
  privileges,
  qualified,
  roleName,
  yesNo,
} from './fragments.js';

/** Tables, partitioned tables and foreign tables. */
export const tables: ObjectQuery = () => `
  ${objectColumns({
    type: "'table'",
    name: qualified('space', 'class.relname'),
    attributes: {
      kind: `CASE class.relkind WHEN 'r' THEN 'table' WHEN 'p' THEN 'partitioned table' ELSE 'foreign table' END`,
      persistence: PERSISTENCE,
      owner: roleName('class.relowner'),
      privileges: privileges({ acl: 'class.relacl', kind: 'r', owner: 'class.relowner' }),
      options: options('class.reloptions'),
      'toast options': `SELECT options.text FROM pg_catalog.pg_class AS toast,
                               LATERAL (${options('toast.reloptions')}) AS options (text)
                         WHERE toast.oid = class.reltoastrelid`,
      'access method': 'SELECT amname FROM pg_catalog.pg_am WHERE oid = class.relam',
      'partition key': 'pg_catalog.pg_get_partkeydef(class.oid)',
      'partition of': `SELECT inhparent::pg_catalog.regclass::pg_catalog.text || ' '
                              || pg_catalog.pg_get_expr(class.relpartbound, class.oid)
                         FROM pg_catalog.pg_inherits WHERE inhrelid = class.oid AND class.relispartition`,
      inherits: `SELECT pg_catalog.string_agg(inhparent::pg_catalog.regclass::pg_catalog.text, ', ' ORDER BY inhseqno)
                   FROM pg_catalog.pg_inherits WHERE inhrelid = class.oid AND NOT class.relispartition`,
      'row security': `CASE WHEN class.relrowsecurity THEN 'enabled' ELSE 'disabled' END`,
      'row security of the owner': `CASE WHEN class.relforcerowsecurity THEN 'forced' ELSE 'not forced' END`,
      'replica identity': REPLICA_IDENTITY,
      'foreign key triggers': INTERNAL_TRIGGERS,
      server: `SELECT server.srvname FROM pg_catalog.pg_foreign_table AS foreign_table
                 JOIN pg_catalog.pg_foreign_server AS server ON server.oid = foreign_table.ftserver
                WHERE foreign_table.ftrelid = class.oid`,
      'server options': `SELECT options.text FROM pg_catalog.pg_foreign_table AS foreign_table,
                                LATERAL (${options('foreign_table.ftoptions')}) AS options (text)
                          WHERE foreign_table.ftrelid = class.oid`,
    },
    notes: { comment: comment('pg_class', 'class.oid'), 'column order': COLUMN_ORDER },
  })}
    FROM pg_catalog.pg_class AS class
    JOIN pg_catalog.pg_namespace AS space ON space.oid = class.relnamespace
   WHERE class.relkind IN ('r', 'p', 'f') AND ${isUserSchema('space')} AND ${isOwnObject('pg_class', 'class.oid')}`;

/** Views and materialized views. */
export const views: ObjectQuery = () => `
  ${objectColumns({
    type: `CASE class.relkind WHEN 'v' THEN 'view' ELSE 'materialized view' END`,
    name: qualified('space', 'class.relname'),
    attributes: {
      definition: 'pg_catalog.pg_get_viewdef(class.oid)',
      options: options('class.reloptions'),
      owner: roleName('class.relowner'),
      privileges: privileges({ acl: 'class.relacl', kind: 'r', owner: 'class.relowner' }),
      'access method': 'SELECT amname FROM pg_catalog.pg_am WHERE oid = class.relam',
    },
    notes: { comment: comment('pg_class', 'class.oid') },
  })}
    FROM pg_catalog.pg_class AS class
    JOIN pg_catalog.pg_namespace AS space ON space.oid = class.relnamespace
   WHERE class.relkind IN ('v', 'm') AND ${isUserSchema('space')} AND ${isOwnObject('pg_class', 'class.oid')}`;

/** Sequences; their values are no part of a schema. One of a column is known by the column where its name is made up. */
export const sequences: ObjectQuery = () => `
  ${objectColumns({
    type: "'sequence'",
    name: qualified('space', 'class.relname'),
    parent: `'column ' || column_of.name`,
    systemNamed: `pg_catalog.regexp_replace(class.relname, '\\d+$', '') = column_of.relname || '_' || column_of.attname || '_seq'
                  OR pg_catalog.length(class.relname) >= 60 AND class.relname ~ '_seq\\d*$'`,
    alike: 'column_of.name',
    attributes: {
      type: 'pg_catalog.format_type(sequence.seqtypid, NULL)',
      start: 'sequence.seqstart',
      increment: 'sequence.seqincrement',
      minimum: 'sequence.seqmin',
      maximum: 'sequence.seqmax',
      cache: 'sequence.seqcache',
      cycle: yesNo('sequence.seqcycle'),
      persistence: PERSISTENCE,
      'owned by': 'column_of.name',
      owner: roleName('class.relowner'),
      privileges: privileges({ acl: 'class.relacl', kind: 's', owner: 'class.relowner' }),
    },
    notes: { comment: comment('pg_class', 'class.oid') },
  })}
    FROM pg_catalog.pg_sequence AS sequence
    JOIN pg_catalog.pg_class AS class ON class.oid = sequence.seqrelid
    JOIN pg_catalog.pg_namespace AS space ON space.oid = class.relnamespace
    -- The column that it belongs to: of a serial (a) or of an identity (i).
    LEFT JOIN LATERAL (
      SELECT pg_catalog.format('%I.%I.%I', table_space.nspname, owning.relname, attribute.attname) AS name,
             owning.relname, attribute.attname
        FROM pg_catalog.pg_depend AS dependency
        JOIN pg_catalog.pg_class AS owning ON owning.oid = dependency.refobjid
        JOIN pg_catalog.pg_namespace AS table_space ON table_space.oid = owning.relnamespace
        JOIN pg_catalog.pg_attribute AS attribute
          ON attribute.attrelid = owning.oid AND attribute.attnum = dependency.refobjsubid
       WHERE dependency.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND dependency.objid = class.oid
         AND dependency.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND dependency.refobjsubid > 0
         AND dependency.deptype IN ('a', 'i')) AS column_of ON true
   WHERE ${isUserSchema('space')}
     AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend AS extension
                      WHERE extension.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
                        AND extension.objid = class.oid AND extension.deptype = 'e')`;

const PERSISTENCE = `CASE class.relpersistence WHEN 'u' THEN 'unlogged' ELSE 'permanent' END`;

const REPLICA_IDENTITY = `
  CASE class.relreplident WHEN 'd' THEN 'default' WHEN 'n' THEN 'nothing' WHEN 'f' THEN 'full'
       ELSE coalesce('index ' || (SELECT identity.indexrelid::pg_catalog.regclass::pg_catalog.text
                                    FROM pg_catalog.pg_index AS identity
                                   WHERE identity.indrelid = class.oid AND identity.indisreplident), 'a dropped index') END`;

/** Without them no foreign key is enforced; DISABLE TRIGGER ALL takes them along. */
const INTERNAL_TRIGGERS = `
  SELECT CASE WHEN pg_catalog.bool_and(tgenabled = 'O') THEN 'enabled' ELSE 'not all enabled' END
    FROM pg_catalog.pg_trigger WHERE tgrelid = class.oid AND tgisinternal`;

/** As JSON, since the columns that both databases have are to be compared. */
const COLUMN_ORDER = `
  SELECT pg_catalog.json_agg(attname ORDER BY attnum)
    FROM pg_catalog.pg_attribute WHERE attrelid = class.oid AND attnum > 0 AND NOT attisdropped`;
