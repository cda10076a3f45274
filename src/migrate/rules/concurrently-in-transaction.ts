import type { LintFile, LintStatement } from '../lint/lint-file.js';
import { runsOutsideTransaction, transactionControlOf } from '../statement-kind.js';
import type { LintDetection, LintRule } from './rule.js';
import { locationOf, read } from './wording.js';

/** A statement that PostgreSQL refuses in a transaction stands where one is open, or where everybody expects one. */
export const concurrentlyInTransaction: LintRule = {
  id: 'concurrently-in-transaction',
  title: 'A statement that needs to be outside of a transaction shares its file',
  severity: 'error',
  docs: {
    what: 'CREATE INDEX CONCURRENTLY, VACUUM and others that PostgreSQL refuses inside a transaction: behind a BEGIN in the same file, or beside other statements in a file without the directive no-transaction.',
    why: 'Behind BEGIN it fails. Beside others the whole file loses its transaction without a word: when it breaks off, the first statements stay applied.',
    limits: 'A file that holds nothing else needs no directive: the runner sees what it is.',
    sources: ['https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY'],
  },
  check: ({ set }) => set.files.flatMap(detect),
};

function detect(file: LintFile): readonly LintDetection[] {
  let open = false;
  const outside: { statement: LintStatement; open: boolean }[] = [];
  for (const statement of file.statements) {
    const control = transactionControlOf(statement.tree);
    if (control === 'BEGIN' || control === 'START TRANSACTION') open = true;
    else if (control !== null) open = false;
    if (runsOutsideTransaction(statement.tree)) outside.push({ statement, open });
  }
  const within = outside.find((each) => each.open);
  if (within !== undefined) {
    return [
      detection(within.statement, {
        severity: 'error',
        message: 'PostgreSQL refuses it behind BEGIN. Move it to a file of its own and leave BEGIN out.',
      }),
    ];
  }
  const [first] = outside;
  const together = file.statements.some(({ tree }) => !runsOutsideTransaction(tree) && !('VariableSetStmt' in tree));
  if (first === undefined || file.withoutTransaction || !together) return [];
  const message =
    'Because of it no statement of this file runs in a transaction, so a failure leaves the first ones applied. Move it to a file of its own, or say that this is meant with "-- pgsteward: no-transaction".';
  return [detection(first.statement, { severity: 'warn', message })];
}

function detection(
  statement: LintStatement,
  { severity, message }: { severity: 'error' | 'warn'; message: string },
): LintDetection {
  const words = statement.text.replaceAll(/\s+/g, ' ').slice(0, 60);
  return {
    severity,
    title: 'It cannot run in a transaction',
    message: `${words} … : ${message}`,
    object: words,
    location: locationOf(statement),
    proof: read('PostgreSQL refuses such a statement inside a transaction block'),
  };
}
