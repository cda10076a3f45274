import type { LintCase } from '../lint-case.js';

export const cases: readonly LintCase[] = [
  {
    name: 'a file below one that is applied',
    sql: 'SELECT 1;',
    files: { '0003_later.up.sql': 'SELECT 1;' },
    known: { applied: { '0003': 'x' } },
    finds: ['edited-after-apply:0003_later.up.sql:1', 'out-of-order:0001_before.up.sql:1', 'out-of-order:1'],
  },
  {
    name: 'silent: a file behind all that is applied',
    sql: 'SELECT 1;',
    known: { applied: { '0000': 'x' } },
    finds: [],
  },
  { name: 'silent: no database is named', sql: 'SELECT 1;', finds: [] },
];
