import { StretchFold } from '../lineage/stretch-fold.js';
import type { StatementsRead } from '../pg-stat-statements.js';
import { SkipTally } from '../skip-tally.js';
import { withSmallHeap } from './heap-growth.js';
import { InnerLoops } from './inner-loops.js';
import { readLog } from './read-log.js';
import type { StatementSink } from './statement-events.js';
import { StatementTally } from './statement-tally.js';

const TIMELESS = 'a statement whose time is not understood: counted, but looked at for no loop';

/** Reason for a time that is not understood. */
export const FOREIGN_MESSAGE = "a message in another language than English: SET lc_messages = 'C'";

/** What is added up of a log while it is read, in memory that does not grow with it. */
export interface LogFold {
  readonly sink: StatementSink;
  readonly skipped: SkipTally;
  readonly stretches: StretchFold;
  /** Gives the statements that were read so far, with calls, times and parameters, and what may be loops. */
  read(): StatementsRead;
}

/** Makes what adds up a log's statements; of one that is followed, loops are asked for before its end. */
export function logFold(options: { readonly isFollowed?: boolean } = {}): LogFold {
  const skipped = new SkipTally();
  const tally = new StatementTally(skipped);
  const stretches = new StretchFold(options);
  const inner = new InnerLoops();
  const sink: StatementSink = {
    statement: (event) => {
      if (event.atMs === null) skipped.add(TIMELESS, event.text);
      tally.add(event);
      stretches.add(event);
    },
    planned: (plan) => tally.addPlan(plan),
    inner: (record, plan) => inner.add(record, plan),
    outer: (session) => inner.close(session),
    foreign: (message) => skipped.add(FOREIGN_MESSAGE, message),
  };
  const read = () => {
    const statements = tally.statements();
    return { statements, skipped: skipped.list(), stretches: stretches.end(), innerLoops: inner.end() };
  };
  return { sink, skipped, stretches, read };
}

/** Reads the statements of a server's logs, with how often and how long, and parameters that they were called with and what may be loops. */
export async function readLogWorkload(path: string): Promise<StatementsRead> {
  const fold = logFold();
  await withSmallHeap(() => readLog(path, fold.skipped, fold.sink));
  return fold.read();
}
