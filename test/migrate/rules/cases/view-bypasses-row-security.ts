import type { LintCase } from '../lint-case.js';

export const cases: readonly LintCase[] = [
  {
    name: 'a view of a guarded table',
    before:
      'CREATE TABLE k (id bigint PRIMARY KEY); ALTER TABLE k ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON k USING (id > 0);',
    sql: 'CREATE VIEW v AS SELECT id FROM k;',
    finds: ['view-bypasses-row-security:1'],
    message:
      'public.v reads k with the rights of the view’s owner, so the policies of k hide nothing from who reads the view.',
    fix: ['ALTER VIEW public.v SET (security_invoker = on)'],
  },
  {
    name: 'silent: security_invoker, and a view of another table',
    before:
      'CREATE TABLE k (id bigint PRIMARY KEY); CREATE TABLE o (id bigint PRIMARY KEY); ALTER TABLE k ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON k USING (id > 0);',
    sql: 'CREATE VIEW v WITH (security_invoker = true) AS SELECT id FROM k; CREATE VIEW w AS SELECT id FROM o;',
    finds: [],
  },
];
