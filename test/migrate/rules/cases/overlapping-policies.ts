import type { LintCase } from '../lint-case.js';

export const cases: readonly LintCase[] = [
  {
    name: 'two for reading',
    sql: "ALTER TABLE t ENABLE ROW LEVEL SECURITY;\nCREATE POLICY own ON t FOR SELECT USING (state = 'new');\nCREATE POLICY every ON t USING (state = 'open');",
    finds: ['overlapping-policies:2'],
    message:
      'every and own all let PUBLIC read rows of public.t. Join them into one with OR, so that what is common is computed once.',
  },
  {
    name: 'silent: one for each kind of statement, and a restrictive one',
    sql: "ALTER TABLE t ENABLE ROW LEVEL SECURITY; CREATE POLICY a ON t FOR SELECT USING (true); CREATE POLICY b ON t FOR INSERT WITH CHECK (true); CREATE POLICY c ON t AS RESTRICTIVE USING (state <> 'done');",
    finds: [],
  },
  {
    name: 'silent: one for each role',
    sql: 'ALTER TABLE t ENABLE ROW LEVEL SECURITY; CREATE POLICY a ON t TO pg_monitor USING (true); CREATE POLICY b ON t TO pg_read_all_data USING (true);',
    finds: [],
  },
];
