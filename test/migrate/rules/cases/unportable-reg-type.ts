import type { LintCase } from '../lint-case.js';

export const cases: readonly LintCase[] = [
  {
    name: 'regproc',
    sql: 'CREATE TABLE n (id bigint PRIMARY KEY, called regproc);',
    finds: ['unportable-reg-type:1'],
    message:
      'pg_upgrade refuses a database with a column of the type regproc. Keep the name as text and cast it where it is used.',
  },
  { name: 'silent: regclass', sql: 'CREATE TABLE n (id bigint PRIMARY KEY, of regclass);', finds: [] },
];
