import { writesLedger } from '../lint/ledger-writes.js';
import type { LintRule } from './rule.js';
import { locationOf, read, statementsOf } from './wording.js';

/** A migration writes the ledger that its runner keeps. */
export const writesLedgerRule: LintRule = {
  id: 'writes-ledger',
  title: 'A migration writes the ledger itself',
  severity: 'error',
  docs: {
    what: 'INSERT, UPDATE, DELETE, TRUNCATE and COPY on a table in which a runner notes what is applied, its own or another’s.',
    why: 'The row stands there whether the runner applied the version or not, so later files are skipped or run twice, and nobody can tell which.',
    limits:
      'Ledgers are known by their names. A file that takes a database over from another runner may be right to write one: pgsteward migrate baseline does that without.',
    sources: ['https://www.postgresql.org/docs/current/ddl-constraints.html'],
  },
  check: (context) =>
    statementsOf(context).flatMap((statement) =>
      writesLedger(statement.tree, context.ownSchema).map(({ schema, name }) => {
        const table = schema === null ? name : `${schema}.${name}`;
        return {
          title: `The migration writes ${table}`,
          message: `What is applied is noted by the runner, in one transaction with the file. Leave the statement out.`,
          object: table,
          location: locationOf(statement),
          proof: read(`the statement writes ${table}`),
        };
      }),
    ),
};
