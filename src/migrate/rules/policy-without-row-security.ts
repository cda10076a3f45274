import type { LintRule } from './rule.js';
import { finished, lastPart, migrationFix, originOf } from './wording.js';

/** Policies of a table hold for nobody. */
export const policyWithoutRowSecurity: LintRule = {
  id: 'policy-without-row-security',
  title: 'A table has policies that are not in force',
  severity: 'error',
  docs: {
    what: 'Tables of the finished schema with policies and without ENABLE ROW LEVEL SECURITY.',
    why: 'The policies are there, so everybody believes that rows are guarded; without the switch they are not looked at, and whoever may read the table reads all of it.',
    limits: 'Whether the rights on the table itself let anybody in is not looked at.',
    sources: ['https://www.postgresql.org/docs/current/ddl-rowsecurity.html'],
  },
  check: (context) => {
    const { tables, policies } = context.final.objects;
    const guarded = new Set(policies.map(({ table }) => table));
    return tables
      .filter(({ table, rowSecurity }) => guarded.has(table) && !rowSecurity)
      .map(({ table }) => ({
        title: `The policies of ${table} are not in force`,
        message: `${table} has policies, and row-level security is not enabled on it, so none of them is looked at.`,
        object: table,
        relations: [table],
        location: originOf(context, [lastPart(table), 'policy']),
        proof: finished(context),
        fix: migrationFix([`ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY`]),
      }));
  },
};
