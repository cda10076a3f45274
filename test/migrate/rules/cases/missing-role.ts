import type { LintCase } from '../lint-case.js';

export const cases: readonly LintCase[] = [
  {
    name: 'a role that the file takes',
    sql: 'SET LOCAL ROLE reporting;\nALTER TABLE t ADD COLUMN kind text;',
    finds: ['missing-role:1'],
  },
  {
    name: 'a GRANT to a role that no file makes',
    sql: 'GRANT SELECT ON t TO reporting;',
    finds: ['missing-role:1'],
    message:
      'No migration creates reporting, so the file fails on every server on which nobody has done so by hand. Create the role where it is missing before it is used: DO $$ BEGIN CREATE ROLE reporting; EXCEPTION WHEN duplicate_object THEN NULL; END $$.',
  },
  { name: 'two roles in one statement', sql: 'GRANT SELECT ON t TO reporting, backup;', finds: ['missing-role:1'] },
  { name: 'an owner', sql: 'ALTER TABLE t OWNER TO app_owner;', finds: ['missing-role:1'] },
  {
    name: 'a policy',
    sql: 'ALTER TABLE t ENABLE ROW LEVEL SECURITY;\nCREATE POLICY p ON t TO tenant USING (true);',
    finds: ['missing-role:2'],
  },
  {
    name: 'silent: a role that a DO block makes',
    sql: 'DO $$ BEGIN CREATE ROLE made; EXCEPTION WHEN duplicate_object THEN NULL; END $$;\nGRANT SELECT ON t TO made;',
    finds: [],
  },
  {
    name: 'silent: PUBLIC and predefined roles',
    sql: 'GRANT SELECT ON t TO PUBLIC, pg_monitor, CURRENT_USER;',
    finds: [],
  },
  {
    name: 'silent: a role that the named database has',
    sql: 'GRANT SELECT ON t TO reporting;',
    known: { applied: {}, roles: ['reporting'] },
    finds: [],
  },
];
