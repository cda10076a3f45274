import type { Log } from '../log.js';
import { MalformedMessage } from './body-reader.js';
import { Conversation } from './conversation.js';
import { Opening, type OpeningState } from './opening.js';
import type { Recorder, SessionRecorder } from './recorder.js';

/** Follows one connection and records what it runs, until it turns out to be none that can be read. */
export class SessionObserver {
  private readonly recorder: Recorder;
  private readonly log: Log;
  private opening: Opening | null = new Opening();
  private conversation: Conversation | null = null;
  private session: SessionRecorder | null = null;

  constructor(recorder: Recorder, log: Log) {
    this.recorder = recorder;
    this.log = log;
  }

  /** Whether nothing more can be seen. */
  get isBlind(): boolean {
    return this.opening === null && this.conversation === null;
  }

  /** Takes bytes of the client's that passed at a time, ms since 1970. */
  fromClient(chunk: Buffer, nowMs: number): void {
    try {
      if (this.conversation !== null) this.conversation.fromClient(chunk, nowMs);
      else if (this.opening !== null) this.enter(this.opening.fromClient(chunk), nowMs);
    } catch (error) {
      this.giveUp(error);
    }
  }

  fromServer(chunk: Buffer, nowMs: number): void {
    try {
      if (this.conversation !== null) this.conversation.fromServer(chunk, nowMs);
      else if (this.opening !== null) this.enter(this.opening.fromServer(chunk), nowMs);
    } catch (error) {
      this.giveUp(error);
    }
  }

  closed(): void {
    this.stop();
    this.session?.end('closed');
  }

  private enter(state: OpeningState, nowMs: number): void {
    if (state.kind === 'open') return;
    this.opening = null;
    if (state.kind === 'session') this.begin(state.parameters, state.rest, nowMs);
    else if (state.kind === 'encrypted') this.encrypted();
    else if (state.kind === 'unreadable') this.recorder.counts.unreadable += 1;
  }

  private encrypted(): void {
    const { counts } = this.recorder;
    counts.encrypted += 1;
    if (counts.encrypted > 1) return;
    const hint = 'connect to the tap with sslmode=disable and gssencmode=disable';
    this.log.warn({ hint }, 'a connection is encrypted: it is passed on, and nothing can be seen inside');
  }

  private begin(parameters: ReadonlyMap<string, string>, rest: Buffer, nowMs: number): void {
    const session = this.recorder.openSession(parameters);
    if (session === null) return;
    this.session = session;
    const { values, texts } = this.recorder;
    this.conversation = new Conversation({
      ...{ values, texts },
      onExecution: (execution) => {
        if (!session.write(execution)) this.stop();
      },
      onParameter: (name, value) => {
        if (name === 'application_name') session.rename(value);
      },
    });
    if (rest.length > 0) this.conversation.fromClient(rest, nowMs);
  }

  /** Whatever comes of reading must not reach the connection. */
  private giveUp(error: unknown): void {
    this.stop();
    if (this.session === null) this.recorder.counts.unreadable += 1;
    this.session?.end('unreadable');
    if (error instanceof MalformedMessage) this.log.warn({ reason: error.message }, 'a session cannot be followed');
    else this.log.error({ err: error }, 'a session cannot be read');
  }

  private stop(): void {
    this.opening = null;
    this.conversation = null;
  }
}
