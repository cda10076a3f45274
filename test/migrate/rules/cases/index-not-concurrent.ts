import type { LintCase } from '../lint-case.js';

export const cases: readonly LintCase[] = [
  {
    name: 'silent: a wider type that leaves the index as it is',
    before: 'CREATE TABLE k (id bigint PRIMARY KEY, name varchar(40)); CREATE INDEX k_name ON k (name);',
    sql: 'ALTER TABLE k ALTER COLUMN name TYPE varchar(80);',
    finds: [],
  },
  {
    name: 'a collation of which the index is built anew',
    before: 'CREATE TABLE k (id bigint PRIMARY KEY, name text); CREATE INDEX k_name ON k (name);',
    sql: 'ALTER TABLE k ALTER COLUMN name TYPE text COLLATE "C";',
    finds: ['index-not-concurrent:1'],
  },
  {
    name: 'an index of an existing table',
    sql: '\n\nCREATE INDEX t_name ON t (name);',
    finds: ['index-not-concurrent:3'],
    message:
      'It reads all of public.t under a SHARE lock, so every writer waits until it is done. Build the index CONCURRENTLY in a file of its own.',
    fix: ['CREATE INDEX CONCURRENTLY t_name ON t (name)'],
  },
  { name: 'a unique index', sql: 'CREATE UNIQUE INDEX t_id_at ON t (id, at);', finds: ['index-not-concurrent:1'] },
  {
    name: 'a unique constraint',
    sql: 'ALTER TABLE t ADD CONSTRAINT t_id_at UNIQUE (id, at);',
    finds: ['index-not-concurrent:1'],
    fix: [
      'CREATE UNIQUE INDEX CONCURRENTLY t_id_at ON public.t USING btree (id, at)',
      'ALTER TABLE public.t ADD CONSTRAINT t_id_at UNIQUE USING INDEX t_id_at',
    ],
  },
  {
    name: 'a primary key that comes late',
    before: 'CREATE TABLE k (id bigint NOT NULL UNIQUE, name text);',
    sql: 'ALTER TABLE k ADD PRIMARY KEY (id);',
    finds: ['index-not-concurrent:1'],
  },
  {
    name: 'an index that a DO block builds',
    sql: "DO $$ BEGIN EXECUTE 'CREATE INDEX t_name ON t (name)'; END $$;",
    finds: ['index-not-concurrent:1'],
  },
  {
    name: 'an index of a partitioned table',
    before: `CREATE TABLE p (id bigint, at date) PARTITION BY RANGE (at);
      CREATE TABLE p1 PARTITION OF p FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');`,
    sql: 'CREATE INDEX p_id ON p (id);',
    finds: ['index-not-concurrent:1'],
  },
  {
    name: 'an index that is dropped',
    before: 'CREATE TABLE k (id bigint, name text); CREATE INDEX k_name ON k (name);',
    sql: 'DROP INDEX k_name;',
    finds: ['index-not-concurrent:1'],
    fix: ['DROP INDEX CONCURRENTLY k_name'],
  },
  { name: 'REINDEX of a table', sql: 'REINDEX TABLE t;', finds: ['index-not-concurrent:1'] },
  {
    name: 'an index with NOT EXISTS',
    sql: 'CREATE INDEX IF NOT EXISTS t_name ON public.t (name);',
    finds: ['index-not-concurrent:1'],
    fix: ['CREATE INDEX CONCURRENTLY IF NOT EXISTS t_name ON public.t (name)'],
  },
  { name: 'silent: CONCURRENTLY', sql: 'CREATE INDEX CONCURRENTLY t_name ON t (name);', finds: [] },
  {
    name: 'silent: CONCURRENTLY with its directive',
    sql: '-- pgsteward: no-transaction\nCREATE INDEX CONCURRENTLY t_name ON t (name);',
    finds: [],
  },
  { name: 'silent: REINDEX CONCURRENTLY', sql: 'REINDEX TABLE CONCURRENTLY t;', finds: [] },
  {
    name: 'silent: DROP INDEX CONCURRENTLY',
    before: 'CREATE TABLE k (id bigint, name text); CREATE INDEX k_name ON k (name);',
    sql: 'DROP INDEX CONCURRENTLY k_name;',
    finds: [],
  },
  {
    name: 'silent: a table that the same file makes',
    sql: 'CREATE TABLE n (id bigint PRIMARY KEY, name text UNIQUE);\nCREATE INDEX n_name ON n (name);',
    finds: [],
  },
  {
    name: 'silent: a constraint from an index that is there',
    files: { '0003_use.up.sql': 'ALTER TABLE t ADD CONSTRAINT t_at UNIQUE USING INDEX t_at_idx; -- pgsteward' },
    sql: 'CREATE UNIQUE INDEX CONCURRENTLY t_at_idx ON t (id, at);',
    finds: [],
  },
  {
    name: 'silent: words in comments and texts',
    sql: "-- CREATE INDEX x ON t (name);\nSELECT 'CREATE INDEX x ON t (name)';",
    finds: [],
  },
  {
    name: 'is scaled to production',
    sql: 'CREATE INDEX t_name ON t (name);',
    production: { 'public.t': { rows: 40_000_000, tableBytes: 6e9, indexBytes: 2e9 } },
    finds: ['index-not-concurrent:1'],
    message:
      'It reads all of public.t under a SHARE lock, so every writer waits until it is done. Build the index CONCURRENTLY in a file of its own. In production public.t has 40,000,000 rows in 8 GB: about 8 s to 4 min under the lock.',
  },
];
