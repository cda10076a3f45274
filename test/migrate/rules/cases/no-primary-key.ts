import type { LintCase } from '../lint-case.js';

export const cases: readonly LintCase[] = [
  {
    name: 'a table without a key',
    sql: 'CREATE TABLE n (a int, b int);',
    finds: ['no-primary-key:1'],
    message:
      'No column of public.n tells its rows apart. Add one that does: ALTER TABLE public.n ADD COLUMN id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, which writes a large table anew, or make a key of columns that are unique.',
  },
  {
    name: 'a partitioned table, once',
    sql: 'CREATE TABLE n (at date) PARTITION BY RANGE (at); CREATE TABLE n1 PARTITION OF n DEFAULT;',
    finds: ['no-primary-key:1'],
  },
  { name: 'silent: a key of two columns', sql: 'CREATE TABLE n (a int, b int, PRIMARY KEY (a, b));', finds: [] },
  {
    name: 'silent: a key that a later file adds',
    sql: 'CREATE TABLE n (a int);',
    files: { '0003_key.up.sql': 'ALTER TABLE n ADD PRIMARY KEY (a);' },
    finds: ['fails-on-data:0003_key.up.sql:1', 'index-not-concurrent:0003_key.up.sql:1'],
  },
  {
    name: 'silent: another replica identity',
    sql: 'CREATE TABLE n (a int NOT NULL); CREATE UNIQUE INDEX n_a ON n (a); ALTER TABLE n REPLICA IDENTITY USING INDEX n_a;',
    finds: [],
  },
  { name: 'silent: a temporary table', sql: 'CREATE TEMP TABLE n (a int) ON COMMIT DROP;', finds: [] },
];
