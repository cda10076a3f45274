import type { LintCase } from '../lint-case.js';

export const cases: readonly LintCase[] = [
  {
    name: 'a view that shows one column less',
    before: 'CREATE TABLE k (id bigint PRIMARY KEY, name text); CREATE VIEW seen AS SELECT id, name FROM k;',
    sql: 'DROP VIEW seen;\nCREATE VIEW seen AS SELECT id FROM k;',
    finds: ['breaks-old-code:1'],
    message:
      'While the release goes out, public.seen has name no more, and code of the release before fails on it. Take columns out of it a release after the last code that names them.',
  },
  {
    name: 'a column is renamed',
    sql: 'ALTER TABLE t RENAME COLUMN name TO title;',
    finds: ['breaks-old-code:1'],
    message:
      'While the release goes out, public.t.name is now called title, and code of the release before fails on it. Add title beside it, keep both equal by a trigger, and drop name a release later.',
  },
  { name: 'a table is renamed', sql: 'ALTER TABLE t RENAME TO tt;', finds: ['breaks-old-code:1'] },
  {
    name: 'a column is dropped',
    sql: 'ALTER TABLE t DROP COLUMN note;',
    finds: ['breaks-old-code:1', 'destroys-data:1'],
  },
  {
    name: 'a type of another kind',
    before: 'CREATE TABLE k (id bigint PRIMARY KEY, size integer);',
    sql: 'ALTER TABLE k ALTER COLUMN size TYPE text;',
    finds: ['breaks-old-code:1', 'table-rewrite:1'],
  },
  {
    name: 'a view is dropped',
    before: 'CREATE TABLE k (id bigint PRIMARY KEY); CREATE VIEW v AS SELECT id FROM k;',
    sql: 'DROP VIEW v;',
    finds: ['breaks-old-code:1'],
  },
  {
    name: 'a value of an enum is renamed',
    before: "CREATE TYPE mood AS ENUM ('a', 'b');",
    sql: "ALTER TYPE mood RENAME VALUE 'a' TO 'c';",
    finds: ['breaks-old-code:1'],
  },
  {
    name: 'a schema is renamed',
    before: 'CREATE SCHEMA s;',
    sql: 'ALTER SCHEMA s RENAME TO r;',
    finds: ['breaks-old-code:1'],
  },
  {
    name: 'a table moves to another schema',
    before: 'CREATE SCHEMA s; CREATE TABLE k (id bigint);',
    sql: 'ALTER TABLE k SET SCHEMA s;',
    finds: ['breaks-old-code:1'],
  },
  {
    name: 'a column is renamed by a DO block',
    sql: "DO $$ BEGIN EXECUTE 'ALTER TABLE t RENAME COLUMN name TO title'; END $$;",
    finds: ['breaks-old-code:1'],
  },
  {
    name: 'a column that may be NULL from now on',
    sql: 'ALTER TABLE t ALTER COLUMN amount DROP NOT NULL;',
    finds: ['breaks-old-code:1'],
  },
  {
    name: 'silent: a renamed table that leaves a view of its name',
    sql: 'ALTER TABLE t RENAME TO tt;\nCREATE VIEW t AS SELECT * FROM tt;',
    finds: [],
  },
  {
    name: 'silent: a view that is made anew',
    before: 'CREATE TABLE k (id bigint PRIMARY KEY); CREATE VIEW v AS SELECT id FROM k;',
    sql: 'DROP VIEW v;\nCREATE VIEW v AS SELECT id, 1 AS one FROM k;',
    finds: [],
  },
  {
    name: 'silent: a column that the file itself has added',
    sql: 'ALTER TABLE t ADD COLUMN kind text;\nALTER TABLE t RENAME COLUMN kind TO sort;\nALTER TABLE t DROP COLUMN sort;',
    finds: [],
  },
  { name: 'silent: a new column and a new index', sql: 'ALTER TABLE t ADD COLUMN kind text;', finds: [] },
  { name: 'silent: an index is renamed', sql: 'ALTER INDEX t_pkey RENAME TO t_key;', finds: [] },
];
