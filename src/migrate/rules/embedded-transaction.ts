import { transactionControlOf } from '../statement-kind.js';
import type { LintRule } from './rule.js';
import { locationOf, read } from './wording.js';

/** A file begins or ends a transaction of its own. */
export const embeddedTransaction: LintRule = {
  id: 'embedded-transaction',
  title: 'A migration begins or ends a transaction itself',
  severity: 'error',
  docs: {
    what: 'BEGIN, COMMIT, ROLLBACK, PREPARE TRANSACTION and their like in a file. Savepoints are passed by: they live within the file’s transaction.',
    why: 'A COMMIT in the file ends the transaction in which the runner keeps file and ledger equal: what follows is applied although the ledger says that nothing is.',
    limits: 'COMMIT within a procedure or a DO block is not looked at.',
    sources: ['https://www.postgresql.org/docs/current/sql-commit.html'],
  },
  check: ({ set }) =>
    set.files.flatMap(({ statements }) =>
      // One finding for a pair of them: the second says nothing new.
      statements
        .flatMap((statement) => {
          const control = transactionControlOf(statement.tree);
          return control === null ? [] : [{ statement, control }];
        })
        .slice(0, 1)
        .map(({ statement, control }) => ({
          title: `${control} stands in the file`,
          message: `${control} would end or split the transaction that keeps file and ledger equal. Leave it out: each file runs in a transaction of its own. Statements that cannot do so go into a file with the line "-- pgsteward: no-transaction".`,
          object: control,
          location: locationOf(statement),
          proof: read(`the file holds ${control}`),
        })),
    ),
};
