import { csvLogReader } from './csv-log.js';
import { jsonLogReader } from './json-log.js';
import type { OnUnreadable, RecordReader } from './log-record.js';
import { isMessageLine, stderrLogReader } from './stderr-log.js';

/** How a log is written: PostgreSQL's log_destination. */
export type LogFormat = 'jsonlog' | 'csvlog' | 'stderr';

const READERS: Readonly<Record<LogFormat, (onUnreadable: OnUnreadable) => RecordReader>> = {
  jsonlog: jsonLogReader,
  csvlog: csvLogReader,
  stderr: stderrLogReader,
};

/**
 * Tells a log's format by the line it begins with: a rotated file may begin within a message, so several are asked.
 * Null where none of them is a message of any format.
 */
export function recogniseFormat(lines: readonly string[]): LogFormat | null {
  for (const line of lines) {
    if (/^\s*\{.*"(message|error_severity)":/.test(line)) return 'jsonlog';
    if (/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[^,]*,("[^"]*")?,("[^"]*")?,\d*,/.test(line)) return 'csvlog';
    if (isMessageLine(line)) return 'stderr';
  }
  return null;
}

/** Makes the reader of a format. */
export function readerOf(format: LogFormat, onUnreadable: OnUnreadable): RecordReader {
  return READERS[format](onUnreadable);
}
