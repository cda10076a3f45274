import {
  comment,
  isOwnObject,
  isUserSchema,
  type ObjectQuery,
  objectColumns,
  privileges,
  roleName,
} from './fragments.js';

/** Schemas. */
export const schemas: ObjectQuery = () => `
  ${objectColumns({
    type: "'schema'",
    name: 'pg_catalog.quote_ident(space.nspname)',
    attributes: {
      owner: roleName('space.nspowner'),
      privileges: privileges({ acl: 'space.nspacl', kind: 'n', owner: 'space.nspowner' }),
    },
    notes: { comment: comment('pg_namespace', 'space.oid') },
  })}
    FROM pg_catalog.pg_namespace AS space
   WHERE ${isUserSchema('space')} AND ${isOwnObject('pg_namespace', 'space.oid')}`;

/** Privileges that objects are going to have, as ALTER DEFAULT PRIVILEGES left them. */
export const defaultPrivileges: ObjectQuery = () => `
  ${objectColumns({
    type: "'default privileges'",
    name: `pg_catalog.format('%s of %I%s',
             CASE defaults.defaclobjtype WHEN 'r' THEN 'tables' WHEN 'S' THEN 'sequences' WHEN 'f' THEN 'functions'
                                         WHEN 'T' THEN 'types' WHEN 'n' THEN 'schemas' ELSE 'large objects' END,
             ${roleName('defaults.defaclrole')}, ' in schema ' || pg_catalog.quote_ident(space.nspname))`,
    attributes: { privileges: privileges({ acl: 'defaults.defaclacl', kind: null, owner: 'defaults.defaclrole' }) },
  })}
    FROM pg_catalog.pg_default_acl AS defaults
    LEFT JOIN pg_catalog.pg_namespace AS space ON space.oid = defaults.defaclnamespace
   WHERE space.oid IS NULL OR (${isUserSchema('space')})`;
