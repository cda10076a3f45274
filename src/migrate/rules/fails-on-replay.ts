import type { LintContext } from '../lint/observation.js';
import type { LintDetection, LintRule } from './rule.js';
import { locationOf, observedOf, read, seen } from './wording.js';

/** A statement fails on a fresh database that all files before it have built. */
export const failsOnReplay: LintRule = {
  id: 'fails-on-replay',
  title: 'A migration fails when all are run from the beginning',
  severity: 'error',
  docs: {
    what: 'Statements that a private server refuses when the files run in their order on an empty database, and files that are no SQL: a column that is not there, a name that is taken, psql commands, rows for COPY.',
    why: 'Such a file fails in production, or it hangs on something that stands in no file, so that nobody can build the database anew.',
    limits:
      'Only the first cause is told: what fails because an earlier statement failed is passed by, and so is what needs an extension that the private server does not have.',
    sources: ['https://www.postgresql.org/docs/current/errcodes-appendix.html'],
  },
  check: (context) => [...faults(context), ...failures(context)],
};

function faults({ set }: LintContext): readonly LintDetection[] {
  return set.files.flatMap(({ fault, path }) =>
    fault === null
      ? []
      : [
          {
            title: 'The file is not SQL that can be run',
            message: `${fault.message}; ${fault.hint}.`,
            object: `line ${fault.line}`,
            location: { file: path, line: fault.line, column: 1 },
            proof: read('PostgreSQL’s own parser refuses it'),
          },
        ],
  );
}

function failures(context: LintContext): readonly LintDetection[] {
  return observedOf(context)
    .filter(({ outcome }) => outcome === 'failed')
    .map(({ statement, reason, error }) => ({
      title: `The statement fails: ${reason}`,
      message: `On a database that the files before it have built, PostgreSQL says: ${reason} (SQLSTATE ${error?.sqlState})${error?.detail ? `; ${error.detail}` : ''}. Correct the statement, or add the migration that makes what it needs.`,
      object: `${error?.sqlState}:${reason?.slice(0, 80)}`,
      location: locationOf(statement),
      proof: seen(context, `it failed with SQLSTATE ${error?.sqlState}`),
    }));
}
