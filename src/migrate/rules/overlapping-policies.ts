import type { FinalPolicy } from '../lint/final-objects.js';
import type { LintRule } from './rule.js';
import { finished, lastPart, originOf } from './wording.js';

/** Several policies are asked about each row. */
export const overlappingPolicies: LintRule = {
  id: 'overlapping-policies',
  title: 'Several permissive policies are asked about each row',
  severity: 'info',
  docs: {
    what: 'Tables of the finished schema with more than one permissive policy for one role and one kind of statement.',
    why: 'They are joined by OR, and each is computed for every row that is looked at; an index that would serve one of them serves no OR.',
    limits: 'Where the policies are of different owners, or the table is small, several may be easier to read.',
    sources: ['https://www.postgresql.org/docs/current/sql-createpolicy.html'],
  },
  check: (context) => {
    const permissive = context.final.objects.policies.filter((policy) => policy.permissive);
    const tables = [...new Set(permissive.map(({ table }) => table))];
    return tables.flatMap((table) => {
      const [first] = overlapsOf(permissive.filter((policy) => policy.table === table));
      if (first === undefined) return [];
      const { command, role, names } = first;
      return [
        {
          title: `${names.length} policies of ${table} are asked about each row`,
          message: `${names.join(' and ')} all let ${role} ${command} rows of ${table}. Join them into one with OR, so that what is common is computed once.`,
          object: table,
          relations: [table],
          location: originOf(context, [lastPart(table), names.at(-1) ?? '']),
          proof: finished(context),
        },
      ];
    });
  },
};

const COMMANDS: Readonly<Record<string, string>> = { r: 'read', a: 'insert', w: 'update', d: 'delete' };

function overlapsOf(policies: readonly FinalPolicy[]) {
  const roles = [...new Set(policies.flatMap((policy) => policy.roles))];
  return Object.entries(COMMANDS).flatMap(([letter, command]) =>
    roles.flatMap((role) => {
      const names = policies
        .filter((policy) => (policy.command === '*' || policy.command === letter) && holdsFor(policy, role))
        .map(({ policy }) => policy);
      return names.length > 1 ? [{ command, role, names }] : [];
    }),
  );
}

function holdsFor({ roles }: FinalPolicy, role: string): boolean {
  return roles.includes(role) || roles.includes('PUBLIC');
}
