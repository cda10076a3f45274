import type { LintRule } from './rule.js';
import { finished, lastPart, originOf } from './wording.js';

/** A numbered key runs out of numbers. */
export const narrowKey: LintRule = {
  id: 'narrow-key',
  title: 'A numbered key is an integer that runs out',
  severity: 'info',
  docs: {
    what: 'Primary keys of the finished schema that a sequence fills and that are integer or smallint.',
    why: 'The sequence ends at 2,147,483,647, or at 32,767, and from then on every INSERT fails. Making the column a bigint then writes the whole table anew, and each table that leads to it.',
    limits:
      'A list of countries never gets there. Numbers that a rolled back INSERT or ON CONFLICT took are gone as well.',
    sources: ['https://www.postgresql.org/docs/current/datatype-numeric.html#DATATYPE-INT'],
  },
  check: (context) =>
    context.final.objects.columns
      .filter(({ isKey, numberedBy, type }) => isKey && numberedBy !== null && /^(integer|smallint)$/.test(type))
      .map(({ table, column, name, type }) => ({
        title: `${table}.${column} runs out of numbers`,
        message: `The key ${column} of ${table} is ${type === 'integer' ? 'an integer, which ends at 2,147,483,647' : 'a smallint, which ends at 32,767'}. Make it bigint GENERATED ALWAYS AS IDENTITY from the start: four or six bytes more a row.`,
        object: `${table}.${column}`,
        relations: [table],
        location: originOf(context, [lastPart(table), name]),
        proof: finished(context),
      })),
};
