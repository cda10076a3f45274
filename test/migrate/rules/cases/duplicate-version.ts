import type { LintCase } from '../lint-case.js';

export const cases: readonly LintCase[] = [
  {
    name: 'two files of one version',
    sql: 'SELECT 1;',
    files: { '0002_other.up.sql': 'SELECT 2;' },
    finds: ['duplicate-version:0002_other.up.sql:1'],
  },
  {
    name: 'three files of one version',
    sql: 'SELECT 1;',
    files: { '0002_other.up.sql': 'SELECT 2;', '0002_third.up.sql': 'SELECT 3;' },
    finds: ['duplicate-version:0002_other.up.sql:1', 'duplicate-version:0002_third.up.sql:1'],
  },
  {
    name: 'silent: a letter behind the digits',
    sql: 'SELECT 1;',
    files: { '0002b_other.up.sql': 'SELECT 2;' },
    finds: [],
  },
  { name: 'silent: an up and a down file', sql: 'SELECT 1;', down: 'SELECT 1;', finds: [] },
];
