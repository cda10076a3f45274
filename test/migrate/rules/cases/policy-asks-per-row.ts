import type { LintCase } from '../lint-case.js';

export const cases: readonly LintCase[] = [
  {
    name: 'a setting',
    sql: "ALTER TABLE t ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON t USING (id = current_setting('app.tenant', true)::bigint);",
    finds: ['policy-asks-per-row:1'],
    message:
      "current_setting('app.tenant'::text, true) gives the same for every row of public.t, and is called for each. Write (SELECT current_setting('app.tenant'::text, true)) in its place.",
  },
  {
    name: 'a function of the user’s',
    sql: "CREATE FUNCTION me() RETURNS bigint STABLE LANGUAGE sql AS 'SELECT 1'; ALTER TABLE t ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON t FOR UPDATE USING (true) WITH CHECK (id = me());",
    finds: ['policy-asks-per-row:1'],
  },
  {
    name: 'silent: within a subquery',
    sql: "ALTER TABLE t ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON t USING (id = (SELECT current_setting('app.tenant', true)::bigint));",
    finds: [],
  },
  {
    name: 'silent: a function of the row, and CURRENT_USER',
    sql: "CREATE FUNCTION mine(bigint) RETURNS boolean STABLE LANGUAGE sql AS 'SELECT true'; ALTER TABLE t ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON t USING (mine(id) AND name = CURRENT_USER AND at < now());",
    finds: [],
  },
];
