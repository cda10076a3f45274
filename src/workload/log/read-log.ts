import type { StatementEvent } from '../../model/trace.js';
import { findFiles } from '../find-files.js';
import type { SkipTally } from '../skip-tally.js';
import { readerOf, recogniseFormat } from './log-format.js';
import { logLines } from './log-lines.js';
import type { LogRecord, RecordReader } from './log-record.js';
import { StatementEvents } from './statement-events.js';

/** So many lines tell the format. */
const LINES_ASKED = 50;

/** Reads every statement of one or many logs, oldest file first; what is no message is counted as skipped. */
export async function readLog(path: string, skipped: SkipTally, emit: (event: StatementEvent) => void): Promise<void> {
  const files = await findFiles(path, { spec: 'log', extension: null });
  const events = new StatementEvents(emit);
  for (const file of await inOrder(files)) {
    for await (const record of recordsOf(file, skipped)) events.add(record);
  }
  events.end();
}

/** Rotated logs are named in many ways: the time of their first message says which is older. */
async function inOrder(files: readonly string[]): Promise<readonly string[]> {
  if (files.length === 1) return files;
  const dated = await Promise.all(files.map(async (file, index) => ({ file, index, atMs: await firstTime(file) })));
  dated.sort((one, other) => (one.atMs ?? 0) - (other.atMs ?? 0) || one.index - other.index);
  return dated.map(({ file }) => file);
}

async function firstTime(file: string): Promise<number | null> {
  for await (const lines of logLines(file)) {
    const reader = readerOf(recogniseFormat(lines.slice(0, LINES_ASKED)), () => undefined);
    const records = [...lines.slice(0, LINES_ASKED).flatMap((line) => reader.line(line)), ...reader.end()];
    return records.find(({ atMs }) => atMs !== null)?.atMs ?? null;
  }
  return null;
}

async function* recordsOf(file: string, skipped: SkipTally): AsyncGenerator<LogRecord, void, undefined> {
  let reader: RecordReader | null = null;
  const onUnreadable = (line: string) => skipped.add('a line of the log that is no message', line);
  for await (const lines of logLines(file)) {
    reader ??= readerOf(recogniseFormat(lines.slice(0, LINES_ASKED)), onUnreadable);
    for (const line of lines) yield* reader.line(line);
  }
  if (reader !== null) yield* reader.end();
}
