import type { LintRule } from './rule.js';
import { finished, lastPart, originOf } from './wording.js';

/** A column keeps documents as text. */
export const jsonColumn: LintRule = {
  id: 'json-column',
  title: 'A column is json instead of jsonb',
  severity: 'info',
  docs: {
    what: 'Columns of the finished schema of the type json.',
    why: 'json has no equality: DISTINCT, GROUP BY and UNION over such a column fail, also in queries that were there before and select all columns. It is parsed anew at each look, and no GIN index takes it.',
    limits: 'Where the text is to be kept to the letter, with its spaces and its order of keys, json is right.',
    sources: ['https://www.postgresql.org/docs/current/datatype-json.html'],
  },
  check: (context) =>
    context.final.objects.columns
      .filter(({ type }) => /^json(\[\])?$/.test(type))
      .map(({ table, column, name }) => ({
        title: `${table}.${column} is json`,
        message: `json values cannot be compared, so SELECT DISTINCT over ${table}.${column} fails. Make it jsonb.`,
        object: `${table}.${column}`,
        relations: [table],
        location: originOf(context, [lastPart(table), name]),
        proof: finished(context),
      })),
};
