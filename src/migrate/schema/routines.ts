import {
  comment,
  isOwnObject,
  isUserSchema,
  type ObjectQuery,
  objectColumns,
  options,
  privileges,
  roleName,
  yesNo,
} from './fragments.js';

/** Functions, procedures and aggregates. */
export const routines: ObjectQuery = () => `
  ${objectColumns({
    type: `CASE routine.prokind WHEN 'p' THEN 'procedure' WHEN 'a' THEN 'aggregate' ELSE 'function' END`,
    name: `pg_catalog.format('%I.%I(%s)', space.nspname, routine.proname, pg_catalog.oidvectortypes(routine.proargtypes))`,
    attributes: {
      arguments: 'pg_catalog.pg_get_function_arguments(routine.oid)',
      result: 'pg_catalog.pg_get_function_result(routine.oid)',
      language: 'SELECT lanname FROM pg_catalog.pg_language WHERE oid = routine.prolang',
      body: `CASE WHEN routine.prokind <> 'a' THEN
               pg_catalog.replace(coalesce(pg_catalog.pg_get_function_sqlbody(routine.oid), routine.prosrc), E'\\r\\n', E'\\n') END`,
      library: 'routine.probin',
      volatility: `CASE routine.provolatile WHEN 'i' THEN 'immutable' WHEN 's' THEN 'stable' ELSE 'volatile' END`,
      parallel: `CASE routine.proparallel WHEN 's' THEN 'safe' WHEN 'r' THEN 'restricted' ELSE 'unsafe' END`,
      security: `CASE WHEN routine.prosecdef THEN 'definer' ELSE 'invoker' END`,
      strict: yesNo('routine.proisstrict'),
      leakproof: yesNo('routine.proleakproof'),
      window: yesNo("routine.prokind = 'w'"),
      cost: 'routine.procost',
      rows: 'nullif(routine.prorows, 0)',
      'support function': 'nullif(routine.prosupport::pg_catalog.oid, 0)::pg_catalog.regproc',
      settings: options('routine.proconfig'),
      aggregate: AGGREGATE,
      owner: roleName('routine.proowner'),
      privileges: privileges({ acl: 'routine.proacl', kind: 'f', owner: 'routine.proowner' }),
    },
    notes: { comment: comment('pg_proc', 'routine.oid') },
  })}
    FROM pg_catalog.pg_proc AS routine
    JOIN pg_catalog.pg_namespace AS space ON space.oid = routine.pronamespace
   WHERE ${isUserSchema('space')} AND ${isOwnObject('pg_proc', 'routine.oid')}`;

/** All that CREATE AGGREGATE says, as the catalog has it. */
const AGGREGATE = `
  SELECT pg_catalog.concat_ws(', ', 'transition ' || aggtransfn::pg_catalog.text,
                              'state ' || pg_catalog.format_type(aggtranstype, NULL), 'start ' || agginitval,
                              'final ' || nullif(aggfinalfn::pg_catalog.text, '-'),
                              'combine ' || nullif(aggcombinefn::pg_catalog.text, '-'))
    FROM pg_catalog.pg_aggregate WHERE aggfnoid = routine.oid`;
