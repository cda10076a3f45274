import type { LintCase } from '../lint-case.js';

export const cases: readonly LintCase[] = [
  {
    name: 'a suffix that lacks its direction',
    sql: 'SELECT 1;',
    files: { '0003_forgotten.sql': 'CREATE TABLE n (id int);' },
    finds: ['unrecognised-file:0003_forgotten.sql:1'],
  },
  {
    name: 'a name without a version',
    sql: 'SELECT 1;',
    files: { 'seed.up.sql': 'SELECT 1;' },
    finds: ['unrecognised-file:seed.up.sql:1'],
  },
  {
    name: 'a down file without its up file',
    sql: 'SELECT 1;',
    files: { '0009_gone.down.sql': 'SELECT 1;' },
    finds: ['unrecognised-file:0009_gone.down.sql:1'],
  },
  {
    name: 'silent: files of other kinds',
    sql: 'SELECT 1;',
    files: { 'README.md': 'SELECT', 'notes.txt': '' },
    finds: [],
  },
];
