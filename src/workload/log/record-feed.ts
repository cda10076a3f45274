import type { SkipTally } from '../skip-tally.js';
import { ContainerLines, isOfContainer } from './container-lines.js';
import { type LogFormat, readerOf, recogniseFormat } from './log-format.js';
import type { RecordReader } from './log-record.js';
import type { StatementEvents } from './statement-events.js';

/** Reason for what is none of a server's. */
export const NO_MESSAGE = 'a line of the log that is no message';

/** So many lines tell the format. */
const LINES_ASKED = 50;

/**
 * Takes the lines of files and hands on their records. The format of each is told by the first of its lines that is a
 * message; a message that one file leaves open goes on in the next one of its format.
 */
export class RecordFeed {
  private readonly events: Pick<StatementEvents, 'add'>;
  private readonly skipped: SkipTally;
  private reader: RecordReader | null = null;
  private format: LogFormat | null = null;
  private container: ContainerLines | null = null;
  private isRecognised = false;

  constructor(events: Pick<StatementEvents, 'add'>, skipped: SkipTally) {
    this.events = events;
    this.skipped = skipped;
  }

  /** Says that another file begins. */
  begin(): void {
    this.isRecognised = false;
    this.container = null;
  }

  lines(lines: readonly string[]): void {
    if (!this.isRecognised) this.recognise(lines.slice(0, LINES_ASKED));
    const { container } = this;
    for (const line of lines) {
      const own = container === null ? line : container.line(line);
      if (own !== null) this.line(own);
    }
  }

  /** Hands on what was still open. */
  end(): void {
    for (const record of this.reader?.end() ?? []) this.events.add(record);
    this.reader = null;
    this.format = null;
  }

  private line(line: string): void {
    if (this.reader === null) this.tell(line);
    else for (const record of this.reader.line(line)) this.events.add(record);
  }

  private recognise(asked: readonly string[]): void {
    if (asked.some(isOfContainer)) this.container ??= new ContainerLines();
    const probe = new ContainerLines();
    const own = this.container === null ? asked : asked.flatMap((line) => probe.line(line) ?? []);
    const format = recogniseFormat(own);
    if (format === null) return;
    this.isRecognised = true;
    if (format === this.format) return;
    this.end();
    this.format = format;
    this.reader = readerOf(format, (line) => this.tell(line));
  }

  private tell(line: string): void {
    if (line !== '') this.skipped.add(NO_MESSAGE, line);
  }
}
