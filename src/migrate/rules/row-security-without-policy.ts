import type { LintRule } from './rule.js';
import { finished, lastPart, originOf } from './wording.js';

/** Nobody but its owner sees a row of a table. */
export const rowSecurityWithoutPolicy: LintRule = {
  id: 'row-security-without-policy',
  title: 'A table lets nobody see a row',
  severity: 'warn',
  docs: {
    what: 'Tables of the finished schema with row-level security and without a policy.',
    why: 'Without a policy nothing is let through: to every role but the owner, and those that bypass it, the table looks empty, and no error says why.',
    limits: 'A table that only its owner works with is meant to be so; a policy that says false says it.',
    sources: ['https://www.postgresql.org/docs/current/ddl-rowsecurity.html'],
  },
  check: (context) => {
    const { tables, policies } = context.final.objects;
    const open = new Set(policies.map(({ table }) => table));
    return tables
      .filter(({ table, rowSecurity }) => rowSecurity && !open.has(table))
      .map(({ table }) => ({
        title: `${table} has row-level security and no policy`,
        message: `To everybody but its owner ${table} looks empty. Add a policy for those who are to see rows.`,
        object: table,
        relations: [table],
        location: originOf(context, [lastPart(table), 'row level security']),
        proof: finished(context),
      }));
  },
};
