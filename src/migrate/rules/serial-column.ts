import type { LintRule } from './rule.js';
import { finished, lastPart, originOf } from './wording.js';

/** A column is numbered by serial. */
export const serialColumn: LintRule = {
  id: 'serial-column',
  title: 'A column is numbered by serial instead of identity',
  severity: 'info',
  docs: {
    what: 'Columns of the finished schema whose default is nextval() of a sequence.',
    why: 'Anybody may write a number into such a column, and the sequence then collides with it; rights on the sequence have to be granted beside those on the table; and a copy by LIKE shares the sequence. GENERATED ALWAYS AS IDENTITY has none of that.',
    limits: 'A sequence that several tables share on purpose is reported as well.',
    sources: ['https://www.postgresql.org/docs/current/ddl-identity-columns.html'],
  },
  check: (context) =>
    context.final.objects.columns
      .filter(({ numberedBy }) => numberedBy === 'serial')
      .map(({ table, column, name, type }) => ({
        title: `${table}.${column} is numbered by serial`,
        message: `${column} of ${table} takes its numbers from a sequence that only a default ties to it. Write ${column} ${type} GENERATED ALWAYS AS IDENTITY.`,
        object: `${table}.${column}`,
        relations: [table],
        location: originOf(context, [lastPart(table), name]),
        proof: finished(context),
      })),
};
