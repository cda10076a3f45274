import type { LintCase } from '../lint-case.js';

export const cases: readonly LintCase[] = [
  {
    name: 'CREATE TABLE',
    sql: 'CREATE TABLE n (id int);',
    finds: ['not-idempotent:1'],
    message:
      'Run twice, it stands out: relation "n" already exists. Write it so that what is there already stays: IF NOT EXISTS, IF EXISTS, OR REPLACE, ON CONFLICT DO NOTHING, or a DO block that looks first.',
  },
  { name: 'ADD COLUMN', sql: '\nALTER TABLE t ADD COLUMN kind text;', finds: ['not-idempotent:2'] },
  {
    name: 'an INSERT that adds its rows again',
    sql: 'CREATE TABLE IF NOT EXISTS n (id int);\nINSERT INTO n VALUES (1);',
    finds: ['not-idempotent:2'],
  },
  {
    name: 'a constraint without a name',
    sql: 'ALTER TABLE t ADD CHECK (amount > -5000000) NOT VALID;',
    finds: ['not-idempotent:1'],
  },
  {
    name: 'an index without a name',
    sql: 'CREATE TABLE IF NOT EXISTS n (id int);\nCREATE INDEX ON n (id);',
    finds: ['not-idempotent:1'],
  },
  {
    name: 'an index that is built CONCURRENTLY',
    sql: 'CREATE INDEX CONCURRENTLY t_name ON t (name);',
    finds: ['not-idempotent:1'],
  },
  {
    name: 'silent: IF NOT EXISTS and ON CONFLICT',
    sql: 'CREATE TABLE IF NOT EXISTS n (id int PRIMARY KEY);\nALTER TABLE n ADD COLUMN IF NOT EXISTS kind text;\nCREATE INDEX IF NOT EXISTS n_kind ON n (kind);\nINSERT INTO n VALUES (1) ON CONFLICT DO NOTHING;',
    finds: [],
  },
  { name: 'silent: OR REPLACE', sql: 'CREATE OR REPLACE VIEW v AS SELECT 1 AS one;', finds: [] },
  {
    name: 'silent: CONCURRENTLY IF NOT EXISTS',
    sql: 'CREATE INDEX CONCURRENTLY IF NOT EXISTS t_name ON t (name);',
    finds: [],
  },
];
