import { StretchFold } from '../lineage/stretch-fold.js';
import type { StatementsRead } from '../pg-stat-statements.js';
import { SkipTally } from '../skip-tally.js';
import { readLog } from './read-log.js';
import { StatementTally } from './statement-tally.js';

/** Reads the statements of a server's logs, with how often and how long, and parameters that they were called with and what may be loops. */
export async function readLogWorkload(path: string): Promise<StatementsRead> {
  const skipped = new SkipTally();
  const tally = new StatementTally(skipped);
  const fold = new StretchFold();
  await readLog(path, skipped, (event) => {
    tally.add(event);
    fold.add(event);
  });
  const statements = tally.statements();
  return { statements, skipped: skipped.list(), stretches: fold.end() };
}
