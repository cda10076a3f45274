import { StewardError } from '../../errors.js';
import { findFiles } from '../find-files.js';
import { oldestFirst } from '../oldest-first.js';
import { SkipTally } from '../skip-tally.js';
import { linesUntilCut, logLines } from './log-lines.js';
import { RecordFeed } from './record-feed.js';
import { StatementEvents, type StatementSink } from './statement-events.js';

/** Reason for one of several files. */
export const UNREADABLE_FILE = 'a file that cannot be read';

/** Reads every statement of one or many logs, oldest file first; what is no message is counted as skipped. */
export async function readLog(path: string, skipped: SkipTally, sink: StatementSink): Promise<void> {
  const events = new StatementEvents(sink);
  const feed = new RecordFeed(events, skipped);
  const files = await logFiles(path, skipped);
  for (const file of await inOrder(files)) await feedFile(file, { feed, skipped, isOnly: files.length === 1 });
  feed.end();
  events.end();
}

/** The formats that one server writes side by side, by the names that it gives them; the first tells the most. */
const EXTENSIONS = ['.json', '.csv', '.log', ''];
const NAME = /^(.*?)(\.json|\.csv|\.log|)(\.\d+|)(?:\.gz)?$/s;

/**
 * Gives the files of a SPEC's path. Of what a server writes in several formats at once, one is read: all hold the same
 * messages.
 */
export async function logFiles(path: string, skipped: SkipTally = new SkipTally()): Promise<readonly string[]> {
  const files = await findFiles(path, { spec: 'log', extension: null });
  const best = new Map<string, number>();
  const placeOf = (file: string) => {
    const [, stem = file, extension = '', number = ''] = NAME.exec(file) ?? [];
    return { stem: stem + number, rank: EXTENSIONS.indexOf(extension) };
  };
  for (const file of files) {
    const { stem, rank } = placeOf(file);
    best.set(stem, Math.min(rank, best.get(stem) ?? rank));
  }
  return files.filter((file) => {
    const { stem, rank } = placeOf(file);
    const isBest = rank === best.get(stem);
    if (!isBest) skipped.add('a file beside one of the same name in a format that tells more', file);
    return isBest;
  });
}

/** Reads a whole file; of several, one that cannot be read is counted as skipped. */
export async function feedFile(
  file: string,
  { feed, skipped, isOnly }: { readonly feed: RecordFeed; readonly skipped: SkipTally; readonly isOnly: boolean },
): Promise<void> {
  feed.begin();
  try {
    for await (const lines of linesUntilCut(file, { skipped })) feed.lines(lines);
  } catch (error) {
    if (isOnly || !(error instanceof StewardError)) throw error;
    skipped.add(UNREADABLE_FILE, error.message);
  }
}

/** Rotated logs are named in many ways: the time of their first message says which is older. */
export function inOrder(files: readonly string[]): Promise<readonly string[]> {
  return oldestFirst(files, firstTime);
}

/** So many lines are looked at for a time. */
const LINES_ASKED = 50;

/** Null for a file that cannot be read as well: that shows when it is read. */
async function firstTime(file: string): Promise<number | null> {
  const times: number[] = [];
  const feed = new RecordFeed({ add: ({ atMs }) => times.push(...(atMs === null ? [] : [atMs])) }, new SkipTally());
  let asked = 0;
  try {
    for await (const lines of logLines(file)) {
      feed.lines(lines.slice(0, LINES_ASKED));
      asked += lines.length;
      if (asked >= LINES_ASKED) break;
    }
  } catch (error) {
    if (!(error instanceof StewardError)) throw error;
  }
  feed.end();
  return times[0] ?? null;
}
