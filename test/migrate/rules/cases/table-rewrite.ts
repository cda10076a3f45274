import type { LintCase } from '../lint-case.js';

export const cases: readonly LintCase[] = [
  {
    name: 'a type that is stored otherwise',
    sql: 'ALTER TABLE t ALTER COLUMN amount TYPE bigint;',
    finds: ['table-rewrite:1'],
    message:
      'Every row of public.t is copied and its indexes are built again while no query can read it. Add a second column of the new type, keep it equal to amount by a trigger, fill it in batches, let the code read it, then drop amount.',
  },
  {
    name: 'a column with a volatile default',
    sql: 'ALTER TABLE t ADD COLUMN token uuid NOT NULL DEFAULT gen_random_uuid();',
    finds: ['table-rewrite:1'],
    message:
      'Every row of public.t is copied and its indexes are built again while no query can read it. Add token without a default, set the default for new rows, and fill the old ones in batches.',
  },
  { name: 'a serial column', sql: 'ALTER TABLE t ADD COLUMN place bigserial;', finds: ['table-rewrite:1'] },
  {
    name: 'a stored generated column',
    sql: 'ALTER TABLE t ADD COLUMN twice bigint GENERATED ALWAYS AS (amount * 2) STORED;',
    finds: ['table-rewrite:1'],
  },
  { name: 'VACUUM FULL', sql: 'VACUUM FULL t;', finds: ['table-rewrite:1'], fix: ['VACUUM public.t'] },
  { name: 'SET UNLOGGED', sql: 'ALTER TABLE t SET UNLOGGED;', finds: ['table-rewrite:1'] },
  { name: 'CLUSTER', sql: 'CLUSTER t USING t_pkey;', finds: ['table-rewrite:1'] },
  {
    name: 'a timestamp that becomes a timestamptz, unless the session is in UTC',
    before: 'CREATE TABLE k (id bigint PRIMARY KEY, at timestamp);',
    sql: 'ALTER TABLE k ALTER COLUMN at TYPE timestamptz;',
    finds: ['table-rewrite:1', 'breaks-old-code:1'],
    message:
      "In a session whose TimeZone is not UTC, every row of public.k is copied and its indexes are built again while no query can read it; in UTC no row is touched. Where the values are meant as UTC, say so before the statement: SET LOCAL TimeZone = 'UTC'.",
    fix: ["SET LOCAL TimeZone = 'UTC'", 'ALTER TABLE k ALTER COLUMN at TYPE timestamptz'],
  },
  {
    name: 'silent: a timestamp that becomes a timestamptz in UTC',
    before: 'CREATE TABLE k (id bigint PRIMARY KEY, at timestamp);',
    sql: "SET LOCAL TimeZone = 'UTC';\nALTER TABLE k ALTER COLUMN at TYPE timestamptz;",
    finds: ['breaks-old-code:2'],
  },
  { name: 'silent: a constant default', sql: "ALTER TABLE t ADD COLUMN kind text NOT NULL DEFAULT 'a';", finds: [] },
  {
    name: 'silent: now() as default',
    sql: 'ALTER TABLE t ADD COLUMN seen timestamptz NOT NULL DEFAULT now();',
    finds: [],
  },
  { name: 'silent: a wider varchar', sql: 'ALTER TABLE t ALTER COLUMN note TYPE varchar(100);', finds: [] },
  { name: 'silent: varchar to text', sql: 'ALTER TABLE t ALTER COLUMN note TYPE text;', finds: [] },
  {
    name: 'silent: a table that the same file makes',
    sql: 'CREATE TABLE n (id int);\nALTER TABLE n ALTER COLUMN id TYPE bigint;',
    finds: [],
  },
  {
    name: 'silent: a default alone',
    sql: 'ALTER TABLE t ALTER COLUMN name SET DEFAULT gen_random_uuid()::text;',
    finds: [],
  },
];
