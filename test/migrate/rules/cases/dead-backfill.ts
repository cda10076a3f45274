import type { LintCase } from '../lint-case.js';

export const cases: readonly LintCase[] = [
  {
    name: 'a value that the CHECK forbids',
    sql: "UPDATE t SET amount = 0 WHERE state = 'cancelled';",
    finds: ['dead-backfill:1'],
    message:
      'It changed nothing, and no row can ever meet its condition: the constraints of the table rule its condition out. Correct the condition, or leave the statement out.',
  },
  {
    name: 'NULLs of a column that has none',
    sql: 'UPDATE t SET amount = 0 WHERE amount IS NULL;',
    finds: ['dead-backfill:1'],
  },
  { name: 'a comparison with NULL', sql: "UPDATE t SET note = 'a' WHERE note = NULL;", finds: ['dead-backfill:1'] },
  {
    name: 'a comparison of a column that was only just added',
    sql: "ALTER TABLE t ADD COLUMN kind text;\nUPDATE t SET kind = 'a' WHERE kind = '';",
    finds: ['blocking-lock:2', 'dead-backfill:2'],
  },
  {
    name: 'a DELETE that can meet no row',
    sql: "DELETE FROM t WHERE state = 'cancelled';",
    finds: ['dead-backfill:1'],
  },
  {
    name: 'silent: a value that a row may hold',
    sql: "UPDATE t SET amount = 0 WHERE note = 'never made up';",
    finds: [],
  },
  { name: 'silent: NULLs of a column that has some', sql: "UPDATE t SET note = '' WHERE note IS NULL;", finds: [] },
  { name: 'silent: a value that the CHECK allows', sql: "UPDATE t SET amount = 0 WHERE state = 'done';", finds: [] },
  {
    name: 'silent: a table that the file makes',
    sql: "CREATE TABLE n (id int, kind text CHECK (kind IN ('a')));\nUPDATE n SET id = 1 WHERE kind = 'b';",
    finds: [],
  },
];
