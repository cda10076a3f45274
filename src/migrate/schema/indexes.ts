import {
  comment,
  isMadeUp,
  isOwnObject,
  isUserSchema,
  type ObjectQuery,
  objectColumns,
  options,
  qualified,
  relationKey,
  roleName,
  yesNo,
} from './fragments.js';

/** Indexes but for those of constraints, which are a part of these, and those that a partition has from its parent. */
export const indexes: ObjectQuery = () => `
  ${objectColumns({
    type: "'index'",
    name: qualified('space', 'class.relname'),
    parent: relationKey('table_space', 'owning'),
    systemNamed: isMadeUp('class.relname', {
      bases: [`owning.relname || '_' || of_columns.names || '_idx'`],
      label: "'idx'",
    }),
    alike: INDEX_DEFINITION,
    attributes: {
      definition: INDEX_DEFINITION,
      valid: yesNo('index.indisvalid AND index.indisready AND index.indislive'),
      options: options('class.reloptions'),
    },
    notes: { comment: comment('pg_class', 'class.oid') },
  })}
    FROM pg_catalog.pg_index AS index
    JOIN pg_catalog.pg_class AS class ON class.oid = index.indexrelid
    JOIN pg_catalog.pg_namespace AS space ON space.oid = class.relnamespace
    JOIN pg_catalog.pg_class AS owning ON owning.oid = index.indrelid
    JOIN pg_catalog.pg_namespace AS table_space ON table_space.oid = owning.relnamespace
    CROSS JOIN LATERAL (
      SELECT pg_catalog.string_agg(attname, '_' ORDER BY attnum) AS names
        FROM pg_catalog.pg_attribute WHERE attrelid = class.oid) AS of_columns
   WHERE ${isUserSchema('space')} AND NOT class.relispartition
     AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint AS known
                      WHERE known.conindid = class.oid AND known.contype IN ('p', 'u', 'x'))
     AND ${isOwnObject('pg_class', 'owning.oid')}`;

/** Statistics over several columns or over expressions. */
export const statisticsObjects: ObjectQuery = () => `
  ${objectColumns({
    type: "'statistics object'",
    name: qualified('space', 'known.stxname'),
    parent: relationKey('table_space', 'class'),
    systemNamed: `known.stxname ~ '_stat\\d*$' AND pg_catalog.starts_with(known.stxname, class.relname)`,
    alike: STATISTICS_DEFINITION,
    attributes: {
      definition: STATISTICS_DEFINITION,
      'statistics target': 'nullif(known.stxstattarget, -1)',
      owner: roleName('known.stxowner'),
    },
    notes: { comment: comment('pg_statistic_ext', 'known.oid') },
  })}
    FROM pg_catalog.pg_statistic_ext AS known
    JOIN pg_catalog.pg_namespace AS space ON space.oid = known.stxnamespace
    JOIN pg_catalog.pg_class AS class ON class.oid = known.stxrelid
    JOIN pg_catalog.pg_namespace AS table_space ON table_space.oid = class.relnamespace
   WHERE ${isUserSchema('space')} AND ${isOwnObject('pg_statistic_ext', 'known.oid')}`;

/** Without the name, and without the parameters, which are an attribute of their own. */
const INDEX_DEFINITION = `
  pg_catalog.regexp_replace(
    pg_catalog.replace(pg_catalog.pg_get_indexdef(class.oid), ' INDEX ' || pg_catalog.quote_ident(class.relname) || ' ON ',
                       ' INDEX ON '),
    CASE WHEN class.reloptions IS NULL THEN '^$' ELSE ' WITH \\((\\w+=(''[^'']*''|\\w+)(, )?)+\\)' END, '')`;

const STATISTICS_DEFINITION = `
  pg_catalog.replace(pg_catalog.pg_get_statisticsobjdef(known.oid), ${qualified('space', 'known.stxname')} || ' ', '')`;
