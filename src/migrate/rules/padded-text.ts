import type { LintRule } from './rule.js';
import { finished, lastPart, originOf } from './wording.js';

/** A text is filled up with spaces. */
export const paddedText: LintRule = {
  id: 'padded-text',
  title: 'A text is filled up with spaces',
  severity: 'info',
  docs: {
    what: 'Columns of the finished schema of the type char(n) with n above 1.',
    why: 'Each value is filled up with spaces to its length, which take room, and which comparisons ignore in one place and count in another: a value found by = is not found by LIKE.',
    limits: 'Codes that always have the full length lose nothing.',
    sources: ['https://www.postgresql.org/docs/current/datatype-character.html'],
  },
  check: (context) =>
    context.final.objects.columns
      .filter(({ type }) => /^character\(\d+\)/.test(type) && !type.startsWith('character(1)'))
      .map(({ table, column, name, type }) => ({
        title: `${table}.${column} is ${type}`,
        message: `Shorter values of ${table}.${column} are filled up with spaces. Make it text, with a CHECK where the length matters.`,
        object: `${table}.${column}`,
        relations: [table],
        location: originOf(context, [lastPart(table), name]),
        proof: finished(context),
      })),
};
