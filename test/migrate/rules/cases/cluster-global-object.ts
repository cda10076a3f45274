import type { LintCase } from '../lint-case.js';

export const cases: readonly LintCase[] = [
  {
    name: 'a role is made',
    sql: 'CREATE ROLE reporting;',
    finds: ['cluster-global-object:1'],
    message:
      'a role is shared by all databases of the server. Let whoever sets up the server do it, or look first whether it is needed, in a DO block.',
  },
  { name: 'a setting of the server', sql: "ALTER SYSTEM SET work_mem = '8MB';", finds: ['cluster-global-object:1'] },
  {
    name: 'a setting of the database',
    sql: "ALTER DATABASE postgres SET work_mem = '8MB';",
    finds: ['cluster-global-object:1'],
  },
  {
    name: 'a membership',
    sql: 'DO $$ BEGIN CREATE ROLE made; EXCEPTION WHEN duplicate_object THEN NULL; END $$;\nGRANT pg_monitor TO made;',
    finds: ['cluster-global-object:2'],
  },
  {
    name: 'silent: a role that a DO block makes',
    sql: 'DO $$ BEGIN CREATE ROLE made; EXCEPTION WHEN duplicate_object THEN NULL; END $$;',
    finds: [],
  },
  { name: 'silent: rights on a table', sql: 'GRANT SELECT ON t TO PUBLIC;', finds: [] },
];
