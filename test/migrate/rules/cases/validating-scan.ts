import type { LintCase } from '../lint-case.js';

export const cases: readonly LintCase[] = [
  {
    name: 'a partition whose rows may lie in the default one',
    before:
      'CREATE TABLE k (id bigint PRIMARY KEY) PARTITION BY RANGE (id); CREATE TABLE k1 PARTITION OF k FOR VALUES FROM (1) TO (1000); CREATE TABLE kd PARTITION OF k DEFAULT;',
    sql: 'CREATE TABLE k2 PARTITION OF k FOR VALUES FROM (1000) TO (2000);',
    finds: ['fails-on-data:1', 'validating-scan:1'],
  },
  {
    name: 'a CHECK on all rows',
    sql: 'ALTER TABLE t ADD CONSTRAINT t_amount CHECK (amount IS NOT NULL);',
    finds: ['validating-scan:1'],
    message:
      'The check reads every row of public.t under an ACCESS EXCLUSIVE lock and every reader and writer waits for that. Add it as NOT VALID here and validate it in a later file: that reads the table, too, and stops nobody.',
    fix: [
      'ALTER TABLE t ADD CONSTRAINT t_amount CHECK (amount IS NOT NULL) NOT VALID',
      'ALTER TABLE public.t VALIDATE CONSTRAINT t_amount',
    ],
  },
  {
    name: 'a foreign key',
    before:
      'CREATE TABLE a (id bigint PRIMARY KEY); CREATE TABLE b (id bigint PRIMARY KEY, a_id bigint REFERENCES a ON DELETE CASCADE);',
    sql: 'ALTER TABLE b ADD CONSTRAINT b_a FOREIGN KEY (a_id) REFERENCES a (id) ON DELETE CASCADE;',
    finds: ['validating-scan:1'],
  },
  {
    name: 'SET NOT NULL',
    sql: 'ALTER TABLE t ALTER COLUMN name SET NOT NULL;',
    finds: ['fails-on-data:1', 'validating-scan:1'],
  },
  {
    name: 'SET NOT NULL behind a backfill in the same file',
    sql: "UPDATE t SET name = '' WHERE name IS NULL;\nALTER TABLE t ALTER COLUMN name SET NOT NULL;",
    finds: ['validating-scan:2'],
    fix: [
      'ALTER TABLE public.t ADD CONSTRAINT t_name_not_null CHECK (name IS NOT NULL) NOT VALID',
      'ALTER TABLE public.t VALIDATE CONSTRAINT t_name_not_null',
      'ALTER TABLE public.t ALTER COLUMN name SET NOT NULL',
      'ALTER TABLE public.t DROP CONSTRAINT t_name_not_null',
    ],
  },
  {
    name: 'a partition that is attached',
    before: `CREATE TABLE p (id bigint, at date) PARTITION BY RANGE (at);
      CREATE TABLE q (id bigint, at date CHECK (at < '2024-06-01'));`,
    sql: "ALTER TABLE p ATTACH PARTITION q FOR VALUES FROM (MINVALUE) TO ('2025-01-01');",
    finds: ['fails-on-data:1', 'validating-scan:1'],
  },
  {
    name: 'a check that is validated under the lock of the same file',
    sql: 'ALTER TABLE t ADD CONSTRAINT t_amount CHECK (amount > -1000000) NOT VALID;\nALTER TABLE t VALIDATE CONSTRAINT t_amount;',
    finds: ['validating-scan:2'],
  },
  {
    name: 'a column with a CHECK',
    sql: "ALTER TABLE t ADD COLUMN kind text NOT NULL DEFAULT 'a' CHECK (kind IN ('a', 'b'));",
    finds: ['validating-scan:1'],
  },
  {
    name: 'silent: NOT VALID',
    sql: 'ALTER TABLE t ADD CONSTRAINT t_amount CHECK (amount > 5) NOT VALID;',
    finds: [],
  },
  {
    name: 'silent: validated in a file of its own',
    sql: 'ALTER TABLE t ADD CONSTRAINT t_amount CHECK (amount IS NOT NULL) NOT VALID;',
    files: { '0003_validate.up.sql': 'ALTER TABLE t VALIDATE CONSTRAINT t_amount;' },
    finds: [],
  },
  {
    name: 'silent: SET NOT NULL that a valid CHECK proves',
    before: 'CREATE TABLE k (id bigint, name text CHECK (name IS NOT NULL));',
    sql: 'ALTER TABLE k ALTER COLUMN name SET NOT NULL;',
    finds: [],
  },
  {
    name: 'silent: a new table with a foreign key to an old one',
    sql: 'CREATE TABLE n (id bigint PRIMARY KEY, t_id bigint NOT NULL REFERENCES t (id) ON DELETE CASCADE);',
    finds: [],
  },
  { name: 'silent: DROP CONSTRAINT', sql: 'ALTER TABLE t DROP CONSTRAINT t_state_check;', finds: [] },
  { name: 'silent: a query', sql: 'SELECT count(*) FROM t;', finds: [] },
];
