import type { SkipTally } from '../skip-tally.js';
import { readerOf, recogniseFormat } from './log-format.js';
import type { RecordReader } from './log-record.js';
import type { StatementEvents } from './statement-events.js';

/** So many lines tell the format. */
const LINES_ASKED = 50;

/** Takes the lines of one file, whose format it tells by the first of them, and hands on their records. */
export class RecordFeed {
  private readonly events: StatementEvents;
  private readonly skipped: SkipTally;
  private reader: RecordReader | null = null;

  constructor(events: StatementEvents, skipped: SkipTally) {
    this.events = events;
    this.skipped = skipped;
  }

  lines(lines: readonly string[]): void {
    this.reader ??= readerOf(recogniseFormat(lines.slice(0, LINES_ASKED)), (line) =>
      this.skipped.add('a line of the log that is no message', line),
    );
    for (const line of lines) for (const record of this.reader.line(line)) this.events.add(record);
  }

  /** Hands on what was still open. */
  end(): void {
    for (const record of this.reader?.end() ?? []) this.events.add(record);
    this.reader = null;
  }
}
