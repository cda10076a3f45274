import type { LintCase } from '../lint-case.js';

export const cases: readonly LintCase[] = [
  {
    name: 'a new column of type json',
    sql: 'ALTER TABLE t ADD COLUMN more json;',
    finds: ['json-column:1'],
    message: 'json values cannot be compared, so SELECT DISTINCT over public.t.more fails. Make it jsonb.',
  },
  { name: 'silent: jsonb', sql: 'ALTER TABLE t ADD COLUMN more jsonb;', finds: [] },
];
