import type { LintRule } from './rule.js';
import { finished, lastPart, originOf } from './wording.js';

/** A policy asks for each row what is the same for all. */
export const policyAsksPerRow: LintRule = {
  id: 'policy-asks-per-row',
  title: 'A policy asks for each row what is the same for all',
  severity: 'info',
  docs: {
    what: 'Policies of the finished schema that call current_setting(), or a function of the user’s with constant arguments, outside of a subquery.',
    why: 'The call is made for each row that is looked at. Within (SELECT ...) it is made once for the statement, and an index on the column that it is compared with can be used.',
    limits: 'A function that is given a column of the row has to be called for each of them, and is passed by.',
    sources: ['https://www.postgresql.org/docs/current/ddl-rowsecurity.html'],
  },
  check: (context) =>
    context.final.objects.policies.flatMap(({ table, policy, text }) => {
      const call = perRowCall(text);
      if (call === null) return [];
      return [
        {
          title: `The policy ${policy} of ${table} calls ${call} for each row`,
          message: `${call} gives the same for every row of ${table}, and is called for each. Write (SELECT ${call}) in its place.`,
          object: `${table}.${policy}`,
          relations: [table],
          location: originOf(context, [lastPart(table), policy]),
          proof: finished(context),
        },
      ];
    }),
};

/** Functions of PostgreSQL that cost nothing. */
const CHEAP: ReadonlySet<string> = new Set(['now', 'clock_timestamp', 'statement_timestamp', 'transaction_timestamp']);

/** A call without arguments, or with constants alone, that stands in no subquery of its own. */
function perRowCall(text: string): string | null {
  const outside = text.replaceAll(/\( ?SELECT [^()]*(\([^()]*(\([^()]*\)[^()]*)*\)[^()]*)*\)/g, '');
  const calls = outside.matchAll(/\b([a-z_][\w.]*)\(('(?:[^']|'')*'(?:::[\w ]+)?(?:, (?:true|false))?)?\)/g);
  for (const [call, name = ''] of calls) if (!CHEAP.has(name)) return call;
  return null;
}
