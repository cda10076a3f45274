import { findFiles } from '../find-files.js';
import { oldestFirst } from '../oldest-first.js';
import type { SkipTally } from '../skip-tally.js';
import { readerOf, recogniseFormat } from './log-format.js';
import { linesUntilCut, logLines } from './log-lines.js';
import { RecordFeed } from './record-feed.js';
import { StatementEvents, type StatementSink } from './statement-events.js';

/** Reads every statement of one or many logs, oldest file first; what is no message is counted as skipped. */
export async function readLog(path: string, skipped: SkipTally, sink: StatementSink): Promise<void> {
  const events = new StatementEvents(sink);
  for (const file of await inOrder(await logFiles(path)))
    await feedFile(file, { feed: new RecordFeed(events, skipped), skipped });
  events.end();
}

/** Gives the files of a SPEC's path. */
export function logFiles(path: string): Promise<readonly string[]> {
  return findFiles(path, { spec: 'log', extension: null });
}

/** Reads a whole file. */
export async function feedFile(
  file: string,
  { feed, skipped }: { readonly feed: RecordFeed; readonly skipped: SkipTally },
): Promise<void> {
  for await (const lines of linesUntilCut(file, { skipped })) feed.lines(lines);
  feed.end();
}

/** Rotated logs are named in many ways: the time of their first message says which is older. */
export function inOrder(files: readonly string[]): Promise<readonly string[]> {
  return oldestFirst(files, firstTime);
}

/** So many lines are looked at for a time. */
const LINES_ASKED = 50;

async function firstTime(file: string): Promise<number | null> {
  for await (const lines of logLines(file)) {
    const asked = lines.slice(0, LINES_ASKED);
    const reader = readerOf(recogniseFormat(asked), () => undefined);
    const records = [...asked.flatMap((line) => reader.line(line)), ...reader.end()];
    return records.find(({ atMs }) => atMs !== null)?.atMs ?? null;
  }
  return null;
}
