import type { LintCase } from '../lint-case.js';

export const cases: readonly LintCase[] = [
  {
    name: 'a policy alone',
    sql: 'CREATE POLICY p ON t USING (true);',
    finds: ['policy-without-row-security:1'],
    message: 'public.t has policies, and row-level security is not enabled on it, so none of them is looked at.',
    fix: ['ALTER TABLE public.t ENABLE ROW LEVEL SECURITY'],
  },
  {
    name: 'silent: both',
    sql: 'ALTER TABLE t ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON t USING (true);',
    finds: [],
  },
];
