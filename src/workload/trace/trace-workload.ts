import { StretchFold } from '../lineage/stretch-fold.js';
import { StatementTally } from '../log/statement-tally.js';
import type { StatementsRead } from '../pg-stat-statements.js';
import { SkipTally } from '../skip-tally.js';
import { readTrace } from './read-trace.js';

/** Reads the statements of recordings and traces, with how often and how long, and what may be loops. */
export async function readTraceWorkload(path: string): Promise<StatementsRead> {
  const skipped = new SkipTally();
  const tally = new StatementTally(skipped);
  const fold = new StretchFold();
  await readTrace(path, skipped, (event) => {
    tally.add(event);
    fold.add(event);
  });
  const statements = tally.statements();
  return { statements, skipped: skipped.list(), stretches: fold.end() };
}
