import type { LintCase } from '../lint-case.js';

export const cases: readonly LintCase[] = [
  {
    name: 'a column that is not there',
    sql: 'CREATE TABLE n (id int);\nCREATE INDEX n_missing ON n (missing);',
    finds: ['fails-on-replay:2'],
    message:
      'On a database that the files before it have built, PostgreSQL says: column "missing" does not exist (SQLSTATE 42703). Correct the statement, or add the migration that makes what it needs.',
  },
  { name: 'a name that is taken', sql: 'CREATE TABLE t (id int);', finds: ['fails-on-replay:1'] },
  { name: 'a statement that is no SQL', sql: 'SELECT 1;\nCREATE TABEL n (id int);', finds: ['fails-on-replay:2'] },
  { name: 'a command of psql', sql: '\\set ON_ERROR_STOP on\nSELECT 1;', finds: ['fails-on-replay:1'] },
  { name: 'rows for COPY', sql: 'SELECT 1;\nCOPY u FROM stdin;\n1\t\\N\ta\n\\.\n', finds: ['fails-on-replay:2'] },
  {
    name: 'a new enum value that its own transaction uses',
    before: "CREATE TYPE mood AS ENUM ('a'); CREATE TABLE k (id int, m mood);",
    sql: "ALTER TYPE mood ADD VALUE 'b';\nINSERT INTO k VALUES (1, 'b') ON CONFLICT DO NOTHING;",
    finds: ['fails-on-replay:2'],
  },
  {
    name: 'a drop that others depend on',
    before: 'CREATE TABLE k (id int PRIMARY KEY); CREATE VIEW v AS SELECT id FROM k;',
    sql: 'DROP TABLE k;',
    finds: ['fails-on-replay:1'],
  },
  {
    name: 'the first cause alone where others follow from it',
    sql: 'CREATE TABLE n (id int, kind missing_type);\nCREATE INDEX n_kind ON n (kind);\nINSERT INTO n VALUES (1);',
    finds: ['fails-on-replay:1'],
  },
  {
    name: 'two causes that have nothing to do with one another',
    sql: 'ALTER TABLE t DROP COLUMN missing;\nALTER TABLE u DROP COLUMN absent;',
    finds: ['fails-on-replay:1', 'fails-on-replay:2'],
  },
  {
    name: 'the place behind text that is not ASCII',
    sql: "SELECT 'äöü €', '😀'; CREATE TABLE t (id int);",
    finds: ['fails-on-replay:1'],
  },
  {
    name: 'lines that end with CR LF',
    sql: '\uFEFF-- ü\r\nSELECT 1;\r\nCREATE TABLE t (id int);\r\n',
    finds: ['fails-on-replay:3'],
  },
  {
    name: 'silent: an extension that is not there, and what needs it',
    sql: 'CREATE EXTENSION no_such_extension;\nCREATE TABLE n (id no_such_type);',
    finds: [],
  },
  { name: 'silent: a file without a statement', sql: '-- nothing yet\n', finds: [] },
  {
    name: 'silent: search_path that the file sets',
    before: 'CREATE SCHEMA s; CREATE TABLE s.k (id int);',
    sql: 'SET search_path = s;\nALTER TABLE k ADD COLUMN kind text;',
    files: { '0003_next.up.sql': 'ALTER TABLE s.k ADD COLUMN other text;' },
    finds: [],
  },
];
