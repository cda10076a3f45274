import type { Session } from '../../postgres/session.js';
import { runsOutsideTransaction } from '../statement-kind.js';
import type { LintFile } from './lint-file.js';
import type { Observed, SecondRun } from './observation.js';
import { statementErrorOf } from './statement-error.js';

/** Runs a file a second time, takes back what can be, and says where it stood out; null where it may run twice. */
export async function runAgain(
  main: Session,
  file: LintFile,
  observed: readonly Observed[],
): Promise<SecondRun | null> {
  if (!file.transactional) return statementByStatement(main, observed);
  return takenBack(main, async () => {
    const before = await countObjects(main);
    for (const each of observed) {
      const reason = await repeat(main, each);
      if (reason !== null) return { statement: each.statement, reason };
    }
    const after = await countObjects(main);
    const grown = KINDS.find((kind) => after[kind] > before[kind]);
    return grown === undefined ? null : { statement: null, reason: `a second run adds ${WORDS[grown]} once more` };
  });
}

async function statementByStatement(main: Session, observed: readonly Observed[]): Promise<SecondRun | null> {
  for (const each of observed) {
    const again = () => repeat(main, each);
    const reason = runsOutsideTransaction(each.statement.tree) ? await again() : await takenBack(main, again);
    if (reason !== null) return { statement: each.statement, reason };
  }
  return null;
}

async function takenBack<R>(main: Session, work: () => Promise<R>): Promise<R> {
  await main.query('BEGIN');
  try {
    return await work();
  } finally {
    await main.query('ROLLBACK');
  }
}

/** Runs a statement once more and says what is wrong with that, or gives null. */
async function repeat(main: Session, { statement, rowsAffected }: Observed): Promise<string | null> {
  try {
    const { rowCount } = await main.query(statement.text);
    if (!('InsertStmt' in statement.tree) || rowCount === 0 || rowsAffected === 0) return null;
    return `${rowCount === 1 ? 'a row is' : `${rowCount} rows are`} inserted again`;
  } catch (thrown) {
    return statementErrorOf(thrown).message;
  }
}

const KINDS = ['indexes', 'constraints', 'triggers'] as const;
const WORDS = { indexes: 'an index', constraints: 'a constraint', triggers: 'a trigger' };

async function countObjects(main: Session): Promise<Readonly<Record<(typeof KINDS)[number], number>>> {
  const { rows } = await main.query<Record<(typeof KINDS)[number], number>>(
    `SELECT (SELECT pg_catalog.count(*)::int FROM pg_catalog.pg_index) AS indexes,
            (SELECT pg_catalog.count(*)::int FROM pg_catalog.pg_constraint) AS constraints,
            (SELECT pg_catalog.count(*)::int FROM pg_catalog.pg_trigger WHERE NOT tgisinternal) AS triggers`,
  );
  return rows[0] ?? { indexes: 0, constraints: 0, triggers: 0 };
}
