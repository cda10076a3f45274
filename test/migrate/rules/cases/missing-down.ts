import type { LintCase } from '../lint-case.js';

export const cases: readonly LintCase[] = [
  { name: 'a file without a way back', sql: 'CREATE TABLE n (id int);', finds: ['missing-down:1'] },
  {
    name: 'a down file of another name',
    sql: 'SELECT 1;',
    files: { '0002_changed.down.sql': 'SELECT 1;' },
    finds: ['missing-down:1', 'unrecognised-file:0002_changed.down.sql:1'],
  },
  { name: 'silent: a down file', sql: 'CREATE TABLE n (id int);', down: 'DROP TABLE n;', finds: [] },
  {
    name: 'silent: a reason why there is none',
    sql: '-- pgsteward: irreversible the rows are gone\nDELETE FROM u WHERE id < 0;',
    finds: [],
  },
];
