import type { LintCase } from '../lint-case.js';

export const cases: readonly LintCase[] = [
  {
    name: 'another text than the one that was applied',
    sql: 'SELECT 1;',
    known: { applied: { '0002': 'another' } },
    finds: ['edited-after-apply:1', 'out-of-order:0001_before.up.sql:1'],
  },
  { name: 'silent: no database is named', sql: 'SELECT 1;', finds: [] },
];
