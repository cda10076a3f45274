import type { LintCase } from '../lint-case.js';

export const cases: readonly LintCase[] = [
  {
    name: 'all rows that go within a query',
    sql: 'WITH gone AS (DELETE FROM t RETURNING id) SELECT count(*) FROM gone;',
    finds: ['destroys-data:1'],
  },
  {
    name: 'silent: rows that move to another table',
    before: 'CREATE TABLE k (id bigint PRIMARY KEY); CREATE TABLE past (id bigint PRIMARY KEY);',
    sql: 'WITH gone AS (DELETE FROM k RETURNING id) INSERT INTO past SELECT id FROM gone ON CONFLICT DO NOTHING;',
    finds: [],
  },
  {
    name: 'a table is dropped',
    sql: 'DROP TABLE u;',
    finds: ['destroys-data:1'],
    message:
      'The rows of public.u are gone with the table, and no down file brings them back. Stop using it first, keep it for a release under another name or a copy of its rows, and say in the file that there is no way back: "-- pgsteward: irreversible <reason>".',
  },
  {
    name: 'a schema is dropped with what is in it',
    before: 'CREATE SCHEMA s; CREATE TABLE s.k (id bigint PRIMARY KEY);',
    sql: 'DROP SCHEMA s CASCADE;',
    finds: ['destroys-data:1'],
  },
  { name: 'TRUNCATE', sql: 'TRUNCATE u;', finds: ['destroys-data:1'] },
  { name: 'DELETE without a condition', sql: 'DELETE FROM u;', finds: ['destroys-data:1'] },
  {
    name: 'a type takes its columns along',
    before: "CREATE TYPE mood AS ENUM ('a'); CREATE TABLE k (id bigint PRIMARY KEY, m mood);",
    sql: 'DROP TYPE mood CASCADE;',
    finds: ['breaks-old-code:1', 'destroys-data:1'],
  },
  {
    name: 'moments become days',
    before: 'CREATE TABLE k (id bigint PRIMARY KEY, at timestamptz);',
    sql: 'ALTER TABLE k ALTER COLUMN at TYPE date;',
    finds: ['breaks-old-code:1', 'destroys-data:1', 'table-rewrite:1'],
  },
  { name: 'silent: a table that the file makes', sql: 'CREATE TABLE n (id int);\nDROP TABLE n;', finds: [] },
  { name: 'silent: DELETE with a condition', sql: "DELETE FROM u WHERE label = '';", finds: [] },
  { name: 'silent: DROP IF EXISTS of what is not there', sql: 'DROP TABLE IF EXISTS nothing;', finds: [] },
  { name: 'silent: a temporary table', sql: 'CREATE TEMP TABLE n (id int);\nDROP TABLE n;', finds: [] },
  {
    name: 'a table that is dropped where it is there and made anew',
    sql: 'DROP TABLE IF EXISTS n;\nCREATE TABLE n (id bigint PRIMARY KEY);',
    finds: ['destroys-data:1'],
  },
  {
    name: 'silent: an empty table is truncated',
    before: 'CREATE TABLE k (id xid8 NOT NULL);',
    sql: 'TRUNCATE k;',
    finds: [],
  },
];
