import type { LintCase } from '../lint-case.js';

export const cases: readonly LintCase[] = [
  {
    name: 'behind BEGIN',
    sql: 'BEGIN;\nCREATE INDEX CONCURRENTLY t_name ON t (name);\nCOMMIT;',
    finds: ['concurrently-in-transaction:2', 'embedded-transaction:1'],
  },
  {
    name: 'beside other statements',
    sql: 'ALTER TABLE t ADD COLUMN kind text;\nCREATE INDEX CONCURRENTLY t_kind ON t (kind);',
    finds: ['concurrently-in-transaction:2'],
    message:
      'CREATE INDEX CONCURRENTLY t_kind ON t (kind) … : Because of it no statement of this file runs in a transaction, so a failure leaves the first ones applied. Move it to a file of its own, or say that this is meant with "-- pgsteward: no-transaction".',
  },
  {
    name: 'VACUUM beside other statements',
    sql: "UPDATE t SET note = 'a' WHERE note IS NULL;\nVACUUM t;",
    finds: ['concurrently-in-transaction:2'],
  },
  { name: 'silent: alone in its file', sql: 'CREATE INDEX CONCURRENTLY t_name ON t (name);', finds: [] },
  {
    name: 'silent: beside other statements that the directive is for',
    sql: '-- pgsteward: no-transaction\nALTER TABLE t ADD COLUMN kind text;\nCREATE INDEX CONCURRENTLY t_kind ON t (kind);',
    finds: [],
  },
  {
    name: 'silent: a timeout beside it',
    sql: "SET lock_timeout = '3s';\nCREATE INDEX CONCURRENTLY t_name ON t (name);",
    finds: [],
  },
];
