import type { LintCase } from '../lint-case.js';

export const cases: readonly LintCase[] = [
  {
    name: 'rows are worked through behind ALTER TABLE',
    sql: "ALTER TABLE t ADD COLUMN kind text;\nUPDATE t SET kind = 'a';",
    finds: ['blocking-lock:2'],
    message:
      'An ACCESS EXCLUSIVE lock on public.t, held since line 1, stops every reader and writer until the transaction ends, and this statement works through many rows. Move it to a file of its own, so that the lock of line 1 is gone by then, and work in batches.',
  },
  {
    name: 'another table is worked through under the lock',
    sql: "ALTER TABLE t ADD COLUMN kind text;\nUPDATE u SET label = label || '!';",
    finds: ['blocking-lock:2'],
  },
  { name: 'LOCK TABLE', sql: 'LOCK TABLE t IN ACCESS EXCLUSIVE MODE;', finds: ['blocking-lock:1'] },
  {
    name: 'REFRESH MATERIALIZED VIEW',
    before:
      'CREATE TABLE k (id bigint PRIMARY KEY); CREATE MATERIALIZED VIEW m AS SELECT id FROM k; CREATE UNIQUE INDEX m_id ON m (id);',
    sql: 'REFRESH MATERIALIZED VIEW m;',
    finds: ['blocking-lock:1'],
    fix: ['REFRESH MATERIALIZED VIEW CONCURRENTLY m'],
  },
  {
    name: 'a DO block that alters and updates',
    sql: "DO $$ BEGIN ALTER TABLE t ADD COLUMN kind text; UPDATE t SET kind = 'a'; END $$;",
    finds: ['blocking-lock:1'],
  },
  {
    name: 'an exclusion constraint',
    before: 'CREATE EXTENSION btree_gist; CREATE TABLE k (id bigint UNIQUE, during int4range);',
    sql: 'ALTER TABLE k ADD CONSTRAINT k_apart EXCLUDE USING gist (id WITH =, during WITH &&);',
    finds: ['blocking-lock:1'],
  },
  { name: 'silent: ADD COLUMN alone', sql: 'ALTER TABLE t ADD COLUMN kind text;', finds: [] },
  { name: 'silent: an UPDATE alone', sql: "UPDATE t SET note = 'a' WHERE note IS NULL;", finds: [] },
  {
    name: 'silent: rows of a table that the file makes',
    sql: 'CREATE TABLE n AS SELECT id FROM t;\nALTER TABLE n ADD COLUMN kind text;\nUPDATE n SET kind = $$a$$;',
    finds: [],
  },
  {
    name: 'silent: a few rows behind ALTER TABLE',
    sql: "ALTER TABLE t ADD COLUMN kind text;\nINSERT INTO u VALUES (-1, NULL, 'a') ON CONFLICT DO NOTHING;",
    finds: [],
  },
  {
    name: 'silent: REFRESH CONCURRENTLY',
    before:
      'CREATE TABLE k (id bigint PRIMARY KEY); CREATE MATERIALIZED VIEW m AS SELECT id FROM k; CREATE UNIQUE INDEX m_id ON m (id);',
    sql: 'REFRESH MATERIALIZED VIEW CONCURRENTLY m;',
    finds: [],
  },
  {
    name: 'silent: FOR UPDATE SKIP LOCKED',
    sql: 'SELECT id FROM t ORDER BY at LIMIT 10 FOR UPDATE SKIP LOCKED;',
    finds: [],
  },
];
