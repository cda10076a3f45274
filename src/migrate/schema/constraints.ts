import {
  comment,
  isMadeUp,
  isUserSchema,
  type ObjectQuery,
  objectColumns,
  options,
  qualified,
  yesNo,
} from './fragments.js';

/** Constraints of tables and domains, but for NOT NULL, which is the column's, and what partitions inherit. */
export const constraints: ObjectQuery = (versionNumber) => `
  ${objectColumns({
    type: "'constraint'",
    name: `pg_catalog.format('%I.%I.%I', space.nspname, host.name, known.conname)`,
    parent: `host.type || ${qualified('space', 'host.name')}`,
    systemNamed: isMadeUp('known.conname', { bases: MADE_UP, label: LABEL }),
    alike: DEFINITION,
    attributes: {
      definition: DEFINITION,
      validated: yesNo('known.convalidated'),
      enforced: versionNumber >= 180_000 ? yesNo('known.conenforced') : "'yes'",
      deferrable: `CASE WHEN known.condeferred THEN 'initially deferred' WHEN known.condeferrable THEN 'initially immediate' ELSE 'no' END`,
      'index valid':
        "CASE WHEN own_index.indisvalid AND own_index.indisready THEN 'yes' WHEN own_index.indexrelid IS NOT NULL THEN 'no' END",
      'index options': `SELECT options.text FROM pg_catalog.pg_class AS index_class,
                               LATERAL (${options('index_class.reloptions')}) AS options (text)
                         WHERE index_class.oid = own_index.indexrelid`,
    },
    notes: { comment: comment('pg_constraint', 'known.oid') },
  })}
    FROM pg_catalog.pg_constraint AS known
    JOIN (SELECT oid, 'pg_class' AS catalog, relname AS name, relnamespace AS space, 'table ' AS type FROM pg_catalog.pg_class
           WHERE relkind IN ('r', 'p', 'f')
          UNION ALL
          SELECT oid, 'pg_type', typname, typnamespace, 'domain ' FROM pg_catalog.pg_type WHERE typtype = 'd') AS host
      ON host.oid = CASE WHEN known.contypid <> 0 THEN known.contypid ELSE known.conrelid END
     AND host.type = CASE WHEN known.contypid <> 0 THEN 'domain ' ELSE 'table ' END
    JOIN pg_catalog.pg_namespace AS space ON space.oid = host.space
    -- A foreign key's index is the one of the table that it points to.
    LEFT JOIN pg_catalog.pg_index AS own_index ON own_index.indexrelid = known.conindid AND known.contype IN ('p', 'u', 'x')
    CROSS JOIN LATERAL (
      SELECT pg_catalog.string_agg(attribute.attname, '_' ORDER BY key.position) AS names, pg_catalog.count(*) AS count
        FROM pg_catalog.unnest(known.conkey) WITH ORDINALITY AS key (attnum, position)
        JOIN pg_catalog.pg_attribute AS attribute
          ON attribute.attrelid = known.conrelid AND attribute.attnum = key.attnum) AS of_columns
   WHERE known.contype IN ('c', 'f', 'p', 'u', 'x') AND known.conparentid = 0
     AND (known.conislocal OR known.contypid <> 0) AND ${isUserSchema('space')}
     AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend AS extension
                      WHERE extension.classid = ('pg_catalog.' || host.catalog)::pg_catalog.regclass
                        AND extension.objid = host.oid AND extension.deptype = 'e')`;

/** Terms that have an attribute of their own are left out. */
const DEFINITION = `pg_catalog.regexp_replace(pg_catalog.pg_get_constraintdef(known.oid),
       '( DEFERRABLE| INITIALLY DEFERRED| NOT VALID| NOT ENFORCED)+$', '')`;

const LABEL = `CASE known.contype WHEN 'p' THEN 'pkey' WHEN 'u' THEN 'key' WHEN 'f' THEN 'fkey' WHEN 'x' THEN 'excl' ELSE 'check' END`;

/** A primary key and a CHECK over several columns name none. */
const MADE_UP = [
  `host.name || '_' || ${LABEL}`,
  `CASE WHEN known.contype <> 'p' THEN host.name || '_' || of_columns.names || '_' || ${LABEL} END`,
];
