import type { StatementEvent } from '../../src/model/trace.js';
import { readLog } from '../../src/workload/log/read-log.js';
import { shapeOf } from '../../src/workload/log/statement-shape.js';
import { SkipTally } from '../../src/workload/skip-tally.js';
import { readTrace } from '../../src/workload/trace/read-trace.js';
import { fingerprintOf } from './labels.js';
import type { Source } from './log-server.js';

const EQUAL_LEAST = 5;

/** Gives the statements that a session runs at least five times, constants aside: what is commonly taken for a loop. */
export async function fiveEqualInSession(source: Source, file: string): Promise<ReadonlySet<string>> {
  const counts = new Map<string, number>();
  const found = new Set<string>();
  const statement = ({ session, text }: StatementEvent) => {
    if (!/^\s*(?:select|with|insert|update|delete)\b/i.test(text)) return;
    const key = `${session} ${shapeOf(text)}`;
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    if (count === EQUAL_LEAST) found.add(fingerprintOf(text));
  };
  if (source === 'tap') await readTrace(file, new SkipTally(), statement);
  else await readLog(file, new SkipTally(), { statement });
  return found;
}
