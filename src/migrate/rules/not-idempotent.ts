import type { LintRule } from './rule.js';
import { locationOf, seen, startOf } from './wording.js';

/** A file cannot be run a second time. */
export const notIdempotent: LintRule = {
  id: 'not-idempotent',
  title: 'A migration cannot be run twice',
  severity: 'info',
  docs: {
    what: 'Files that fail when they run a second time, or that add rows, indexes or constraints once more, found by running each of them twice.',
    why: 'A ledger keeps a file from running twice as long as the ledger is right. After a restored backup, a file that was half applied outside of a transaction, or a change that somebody made by hand, IF NOT EXISTS is what lets the next run go on.',
    limits:
      'IF NOT EXISTS does not look at the definition: an index of that name with other columns stays as it is. What a second run changes in rows that are there is not compared.',
    sources: ['https://www.postgresql.org/docs/current/sql-createtable.html'],
  },
  check: (context) =>
    context.replayed.flatMap(({ file, again }) => {
      if (again === null) return [];
      const { statement, reason } = again;
      return [
        {
          ...(file.transactional ? {} : { severity: 'warn' as const }),
          title: `A second run does not go through: ${reason}`,
          message: `Run twice, it stands out: ${reason}. Write it so that what is there already stays: IF NOT EXISTS, IF EXISTS, OR REPLACE, ON CONFLICT DO NOTHING, or a DO block that looks first.`,
          object: 'second run',
          location: statement === null ? startOf(file.path) : locationOf(statement),
          proof: seen(context, 'the file was run twice'),
        },
      ];
    }),
};
