import { quoteIdentifier } from '../../sql/quote.js';
import type { StatementError } from '../lint/observation.js';
import type { LintRule } from './rule.js';
import { locationOf, observedOf, seen } from './wording.js';

/** A statement fails on rows that the schema before it allows. */
export const failsOnData: LintRule = {
  id: 'fails-on-data',
  title: 'A migration fails on rows that the schema before it allows',
  severity: 'error',
  docs: {
    what: 'Statements that fail on tables filled with rows which all constraints before them allow, and go through when the rows are gone: a new unique index over duplicates, a CHECK that is narrower than before, NOT NULL over NULLs, a cast that some texts do not take, a trigger that refuses changes (append-only tables), a new NOT NULL column without a default.',
    why: 'It passes on an empty test database and fails in production, in the middle of a release.',
    limits:
      'The rows are made up. What production holds may be narrower than what its constraints allow; whoever knows that says so with a directive.',
    sources: ['https://www.postgresql.org/docs/current/errcodes-appendix.html'],
  },
  check: (context) =>
    observedOf(context).flatMap(({ statement, dataError }) => {
      if (dataError === null) return [];
      const column = dataError.column === null ? '' : `.${quoteIdentifier(dataError.column)}`;
      const constraint = dataError.constraint === null ? '' : ` (${dataError.constraint})`;
      return [
        {
          title: `Fails on existing rows: ${dataError.message}`,
          message: `Rows that the schema before this file allows make it fail: ${dataError.message}${constraint}; without them it goes through. ${cureOf(dataError)}`,
          object: `${dataError.table ?? ''}${column}:${dataError.sqlState}`,
          location: locationOf(statement),
          proof: seen(
            context,
            `it failed with SQLSTATE ${dataError.sqlState} on made-up rows and went through without them`,
          ),
        },
      ];
    }),
};

function cureOf({ sqlState, column }: StatementError): string {
  switch (sqlState) {
    case '23502':
      return `Give ${column ?? 'the column'} a value in every row first, in batches, or a default.`;
    case '23505':
      return 'Merge or delete the duplicates first, and stop new ones before that.';
    case '23514':
      return 'Change the rows that break the new rule first, or add it as NOT VALID and clean up before it is validated.';
    case '23503':
      return 'Delete the rows that lead nowhere first, or add the key as NOT VALID and clean up before it is validated.';
    case 'P0001':
      return 'A trigger or a function of yours refuses it. Leave these rows alone, or disable the trigger for this change and enable it again in the same file.';
    default:
      return 'Change these rows first, or write the conversion so that it takes them.';
  }
}
