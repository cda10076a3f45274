import type { LintCase } from '../lint-case.js';

export const cases: readonly LintCase[] = [
  {
    name: 'row-level security alone',
    sql: 'ALTER TABLE t ENABLE ROW LEVEL SECURITY;',
    finds: ['row-security-without-policy:1'],
    message: 'To everybody but its owner public.t looks empty. Add a policy for those who are to see rows.',
  },
  {
    name: 'silent: a policy in a later file',
    sql: 'ALTER TABLE t ENABLE ROW LEVEL SECURITY;',
    files: { '0003_policy.up.sql': 'CREATE POLICY p ON t USING (true);' },
    finds: [],
  },
];
