import type { StatementEvent } from '../../model/trace.js';
import type { LogRecord } from './log-record.js';
import { readParameters } from './logged-parameters.js';

/** With the time, and with the text where it was not logged before: log_min_duration_statement, log_duration. */
const DURATION = /^duration: (\d+(?:\.\d+)?) ms(?: {2}([\s\S]*))?$/;
/** Simple protocol; extended protocol, with the name of the prepared statement and the portal. */
const STATEMENT = /^(?:statement: |execute (fetch from )?[^:]*: )([\s\S]*)$/;
/** Said of one statement beside its execution. */
const STEP = /^(?:parse|bind) [^:]*: /;
/** Sessions whose statement still waits for its time. */
const WAITING_MOST = 50_000;

/**
 * Makes statements of a log's messages. A text and its time may come as one message or as two; parse and bind are steps
 * of an execution and no statements; further rows of a cursor are told apart.
 */
export class StatementEvents {
  private readonly emit: (event: StatementEvent) => void;
  private readonly waiting = new Map<string, StatementEvent>();
  private sequence = 0;

  constructor(emit: (event: StatementEvent) => void) {
    this.emit = emit;
  }

  add(record: LogRecord): void {
    const duration = DURATION.exec(record.message);
    if (duration === null) {
      const event = this.eventOf(record, record.message, null);
      if (event !== null) this.wait(record.session, event);
      return;
    }
    const [, time, text] = duration;
    if (text === undefined || text === '') this.settle(record.session, Number(time));
    else if (!STEP.test(text)) this.addWhole(record, text, Number(time));
  }

  /** Gives what still waits for a time: it has none. */
  end(): void {
    for (const event of this.waiting.values()) this.emit(event);
    this.waiting.clear();
  }

  private addWhole(record: LogRecord, text: string, durationMs: number): void {
    const event = this.eventOf(record, text, durationMs);
    if (event === null) return;
    this.release(record.session);
    this.emit(event);
  }

  private eventOf(record: LogRecord, message: string, durationMs: number | null): StatementEvent | null {
    const found = STATEMENT.exec(message);
    if (found === null) return null;
    this.sequence += 1;
    const { atMs, session, line, user, database, application, transaction, detail } = record;
    return {
      ...{ atMs, session, sequence: line ?? this.sequence, text: found[2] ?? '', parameters: readParameters(detail) },
      ...{ durationMs, user, database, application, transaction, isFetch: found[1] !== undefined },
    };
  }

  private wait(session: string, event: StatementEvent): void {
    this.release(session);
    this.waiting.set(session, event);
    if (this.waiting.size > WAITING_MOST) this.release(this.waiting.keys().next().value ?? session);
  }

  private settle(session: string, durationMs: number): void {
    const event = this.waiting.get(session);
    if (event === undefined) return;
    this.waiting.delete(session);
    this.emit({ ...event, durationMs });
  }

  private release(session: string): void {
    const event = this.waiting.get(session);
    this.waiting.delete(session);
    if (event !== undefined) this.emit(event);
  }
}
