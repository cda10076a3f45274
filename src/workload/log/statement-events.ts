import type { StatementEvent } from '../../model/trace.js';
import { TextCache } from '../text-cache.js';
import { CoarseClock } from './coarse-clock.js';
import type { LogRecord } from './log-record.js';
import { readParameters } from './logged-parameters.js';
import { type LoggedPlan, readPlan } from './logged-plan.js';

/** With the time, and with the text where it was not logged before: log_min_duration_statement, log_duration. */
const DURATION = /^duration: (\d+(?:\.\d+)?) ms(?: {2}([\s\S]*))?$/;
/** Simple protocol; extended protocol, with the name of the prepared statement and the portal. */
const STATEMENT = /^(?:statement: |execute (fetch from )?[^:]*: )([\s\S]*)$/;
/** Said of one statement beside its execution. */
const STEP = /^(?:parse|bind) [^:]*: /;
/** A time as servers write it whose messages are translated: `Dauer: 1.234 ms`, `durée : 1.234 ms`. */
const FOREIGN = /^[^\d"]{2,40}: ?\d+[.,]\d{3}\D/;
/** Sessions whose statement still waits for its time. */
const WAITING_MOST = 50_000;
/** Characters of those: about 100 MB. */
const WAITING_LENGTH_MOST = 50_000_000;

/** Takes what a log tells. */
export interface StatementSink {
  /** A client's statement. */
  statement(event: StatementEvent): void;
  /** What the plan of a client's statement tells of a subquery that it ran again and again. */
  planned?(plan: LoggedPlan): void;
  /** A statement that a function or a trigger ran, as auto_explain.log_nested_statements tells it. */
  inner?(record: LogRecord, plan: LoggedPlan): void;
  /** A statement’s time in another language than English. */
  foreign?(message: string): void;
  /** Something was said of a session that no function and no trigger said. */
  outer?(session: string): void;
}

/**
 * Makes statements of a log's messages. A text and its time may come as one message or as two; parse and bind are steps
 * of an execution and no statements; further rows of a cursor are told apart; a plan is a statement of its own where
 * nothing else tells of it.
 */
export class StatementEvents {
  private readonly sink: StatementSink;
  private readonly waiting = new Map<string, StatementEvent>();
  /** Plans that came before their statement, or without one. */
  private readonly planned = new Map<string, StatementEvent>();
  /** The latest text of each session, once there are plans: a plan may come after its statement. */
  private readonly latest = new Map<string, string>();
  /** One string for all statements of one text: they are held in great numbers. */
  private readonly texts = new TextCache<string>();
  private readonly clock = new CoarseClock();
  private hasPlans = false;
  private waitingLength = 0;
  private sequence = 0;

  constructor(sink: StatementSink) {
    this.sink = sink;
  }

  add(record: LogRecord): void {
    if (record.context === null) this.sink.outer?.(record.session);
    const duration = DURATION.exec(record.message);
    if (duration === null) {
      const event = this.eventOf(record, record.message, null);
      if (event !== null) this.wait(record.session, event);
      else if (FOREIGN.test(record.message)) this.sink.foreign?.(record.message);
      return;
    }
    const [, time, text] = duration;
    if (text === undefined || text === '') this.settle(record.session, Number(time));
    else if (text.startsWith('plan:\n')) this.addPlan(record);
    else if (!STEP.test(text)) this.addWhole(record, text, Number(time));
  }

  /** Gives what still waits for a time: it has none. */
  end(): void {
    for (const session of [...this.waiting.keys(), ...this.planned.keys()]) this.release(session);
  }

  private addWhole(record: LogRecord, text: string, durationMs: number): void {
    const event = this.eventOf(record, text, durationMs);
    if (event === null) return;
    this.release(record.session, event.text);
    this.emit(event);
  }

  /** Of the simple protocol it comes before its time, of the extended one after it, when its portal is dropped. */
  private addPlan(record: LogRecord): void {
    const plan = readPlan(record.message);
    if (plan === null) return;
    if (record.context !== null) {
      this.sink.inner?.(record, plan);
      return;
    }
    const { session } = record;
    this.hasPlans = true;
    if (plan.subquery !== undefined) this.sink.planned?.(plan);
    const waiting = this.waiting.get(session);
    if (waiting?.text === plan.text) {
      this.waiting.set(session, { ...waiting, durationMs: plan.durationMs });
      return;
    }
    const isKnown = this.latest.get(session) === plan.text;
    this.latest.delete(session);
    if (isKnown) return;
    this.release(session);
    const { text, parameters, durationMs } = plan;
    keep(this.planned, session, this.toEvent(record, { text, parameters, durationMs, isFetch: false }));
  }

  private emit(event: StatementEvent): void {
    const { atMs, session, durationMs } = event;
    const endMs = atMs === null ? null : this.clock.endOf(session, atMs, durationMs ?? 0);
    this.sink.statement(endMs === atMs ? event : { ...event, atMs: endMs });
  }

  private eventOf(record: LogRecord, message: string, durationMs: number | null): StatementEvent | null {
    const found = STATEMENT.exec(message);
    if (found === null) return null;
    const [, fetch, sent = ''] = found;
    const parameters = readParameters(record.detail);
    const text = parameters === null ? sent : this.texts.of(sent, asIs);
    if (this.hasPlans) keep(this.latest, record.session, text);
    return this.toEvent(record, { text, parameters, durationMs, isFetch: fetch !== undefined });
  }

  private toEvent(
    { atMs, session, line, user, database, application, transaction }: LogRecord,
    { text, parameters, durationMs, isFetch }: Pick<StatementEvent, 'text' | 'parameters' | 'durationMs' | 'isFetch'>,
  ): StatementEvent {
    this.sequence += 1;
    // Written out: this runs for every line of a log, and spreads are slow.
    return {
      atMs,
      session,
      sequence: line ?? this.sequence,
      text,
      parameters,
      durationMs,
      user,
      database,
      application,
      transaction,
      isFetch,
    };
  }

  private wait(session: string, event: StatementEvent): void {
    this.release(session, event.text);
    this.waiting.set(session, event);
    this.waitingLength += lengthOf(event);
    while (this.waiting.size > WAITING_MOST || this.waitingLength > WAITING_LENGTH_MOST)
      this.release(this.waiting.keys().next().value ?? session);
  }

  /** Gives the statement of a session that waits, which does so no more. */
  private taken(session: string): StatementEvent | undefined {
    const event = this.waiting.get(session);
    if (event === undefined) return undefined;
    this.waiting.delete(session);
    this.waitingLength -= lengthOf(event);
    return event;
  }

  private settle(session: string, durationMs: number): void {
    const event = this.taken(session);
    if (event !== undefined) this.emit({ ...event, durationMs });
  }

  /** Gives what the session still had, but not the plan of the statement that is told now. */
  private release(session: string, text: string | null = null): void {
    const planned = this.planned.get(session);
    if (planned !== undefined) {
      this.planned.delete(session);
      if (planned.text !== text) this.emit(planned);
    }
    const event = this.taken(session);
    if (event !== undefined) this.emit(event);
  }
}

function lengthOf({ text, parameters }: StatementEvent): number {
  let length = text.length;
  for (const value of parameters ?? []) length += value?.length ?? 0;
  return length;
}

function asIs(text: string): string {
  return text;
}

/** Sets the entry of a session; of too many, the eldest is forgotten. */
function keep<Value>(map: Map<string, Value>, session: string, value: Value): void {
  map.delete(session);
  map.set(session, value);
  if (map.size > WAITING_MOST) map.delete(map.keys().next().value ?? session);
}
