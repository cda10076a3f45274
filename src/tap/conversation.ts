import { readParameterStatus, readSqlState } from './backend-bodies.js';
import { BodyReader, MalformedMessage } from './body-reader.js';
import { type Description, readDescription } from './description.js';
import { type ExecutionSink, Executions } from './executions.js';
import { readTarget, readTypes } from './frontend-bodies.js';
import { type BodyPlace, MessageFramer } from './message-framer.js';
import { BACKEND, BACKEND_WANTED, FRONTEND, FRONTEND_WANTED } from './message-types.js';
import { type Operation, PendingOperations } from './operations.js';
import type { TextReader } from './recorded-text.js';
import type { ValueWriter } from './value-writer.js';

export interface ConversationOptions {
  readonly values: ValueWriter;
  readonly texts: TextReader;
  readonly onExecution: ExecutionSink;
  /** A setting that the server reports: `application_name`. */
  onParameter(name: string, value: string): void;
}

/** An operation without a body keeps none of the bytes that it came in with. */
const NOTHING = Buffer.alloc(0);
const TRANSACTION_NONE = 'I'.charCodeAt(0);
/** Operations of the extended protocol: after an error in one the server passes by all up to the next sync. */
const EXTENDED: ReadonlySet<Operation['kind']> = new Set([
  ...(['parse', 'bind', 'describe-statement', 'describe-portal', 'execute', 'close'] as const),
]);

/**
 * Follows what client and server say to each other from the start of a session on, and gives what was executed. A
 * MalformedMessage says that the session cannot be followed any further.
 */
export class Conversation {
  private readonly options: ConversationOptions;
  private readonly pending = new PendingOperations();
  private readonly executions: Executions;
  private readonly frontend: MessageFramer;
  private readonly backend: MessageFramer;
  /** What is done at each message of the server's; the others say nothing of what is run. */
  private readonly answers: Readonly<Record<number, (body: Buffer, place: BodyPlace) => void>> = {
    [BACKEND.commandComplete]: (body, place) =>
      this.endExecution((head) => this.executions.complete(head, { body, place, nowMs: this.nowMs })),
    [BACKEND.portalSuspended]: () => this.endExecution((head) => this.executions.suspend(head, this.nowMs)),
    [BACKEND.emptyQuery]: () => this.endExecution(() => undefined),
    [BACKEND.ready]: (body, { start }) => this.ready(body[start] ?? 0),
    [BACKEND.parseComplete]: () => this.executions.parsed(this.answered('parse')),
    [BACKEND.bindComplete]: () => this.executions.bound(this.answered('bind')),
    [BACKEND.closeComplete]: () => this.executions.closed(this.answered('close')),
    [BACKEND.rowDescription]: (body, place) => this.described((known) => readDescription(body, place, known)),
    [BACKEND.noData]: () => this.described(() => null),
    [BACKEND.parameterDescription]: (body, { start, end }) =>
      this.parametersDescribed(new BodyReader(body, start, end)),
    [BACKEND.error]: (body, place) => this.failed(readSqlState(body, place)),
    [BACKEND.copyIn]: () => {
      this.awaitsCopyEnd = !this.pending.beginCopy();
    },
    [BACKEND.parameterStatus]: (body, place) => this.parameterChanged(...readParameterStatus(body, place)),
  };
  private nowMs = 0;
  private ignoresUntilSync = false;
  private awaitsCopyEnd = false;

  constructor(options: ConversationOptions) {
    this.options = options;
    this.executions = new Executions(options);
    this.frontend = new MessageFramer({
      wanted: (type) => FRONTEND_WANTED[type] ?? -1,
      message: (type, body, place) => this.fromClientMessage(type, body, place),
    });
    this.backend = new MessageFramer({
      wanted: (type) => (type === BACKEND.dataRow ? this.wantedOfRow() : (BACKEND_WANTED[type] ?? -1)),
      message: (type, body, place) => this.fromServerMessage(type, body, place),
    });
  }

  /** Takes bytes of the client's; `nowMs` is ms since 1970. */
  fromClient(chunk: Buffer, nowMs: number): void {
    this.nowMs = nowMs;
    this.frontend.push(chunk);
  }

  fromServer(chunk: Buffer, nowMs: number): void {
    this.nowMs = nowMs;
    this.backend.push(chunk);
  }

  private fromClientMessage(type: number, body: Buffer, { start, end, length }: BodyPlace): void {
    if (this.ignoresUntilSync && type !== FRONTEND.sync) return;
    const kind = type === FRONTEND.describe ? describeKind(body, start) : KINDS[type];
    if (kind === undefined) return;
    if (this.awaitsCopyEnd && (kind === 'copy-end' || kind === 'sync')) {
      this.awaitsCopyEnd = kind === 'sync';
      return;
    }
    this.ignoresUntilSync = false;
    const kept = end === start ? NOTHING : body;
    this.pending.push({ kind, body: kept, start, end, isWhole: end - start === length, atMs: this.nowMs });
  }

  private wantedOfRow(): number {
    return this.executions.wantedOfRow(this.pending.head());
  }

  private fromServerMessage(type: number, body: Buffer, place: BodyPlace): void {
    if (type === BACKEND.dataRow) this.executions.row(body, place);
    else this.answers[type]?.(body, place);
  }

  private parameterChanged(name: string, value: string): void {
    if (name === 'standard_conforming_strings') this.executions.backslashes = value === 'off';
    this.options.onParameter(name, value);
  }

  private head(): Operation {
    const head = this.pending.head();
    if (head === undefined) throw new MalformedMessage('an answer to nothing');
    return head;
  }

  private answered(kind: Operation['kind']): Operation {
    const head = this.head();
    if (head.kind !== kind) throw new MalformedMessage(`an answer to ${kind} where ${head.kind} was asked`);
    this.pending.shift();
    return head;
  }

  /** One query may hold several statements, and lasts until the server is ready for the next one. */
  private endExecution(end: (head: Operation) => void): void {
    const head = this.head();
    if (head.kind !== 'query' && head.kind !== 'execute') throw new MalformedMessage(`a result of ${head.kind}`);
    end(head);
    if (head.kind === 'execute') this.pending.shift();
  }

  private described(read: (known: Description | null) => Description | null): void {
    const head = this.head();
    if (head.kind === 'query') this.executions.queryDescribed(read);
    else if (head.kind === 'describe-portal' || head.kind === 'describe-statement') {
      this.executions.described(readTarget(head), read);
      this.pending.shift();
    } else throw new MalformedMessage(`a description of ${head.kind}`);
  }

  /** The description of the rows follows. */
  private parametersDescribed(reader: BodyReader): void {
    const head = this.head();
    if (head.kind !== 'describe-statement') throw new MalformedMessage(`parameters of ${head.kind}`);
    this.executions.parametersDescribed(head, readTypes(reader));
  }

  private failed(sqlState: string): void {
    const head = this.pending.head();
    // Said of the connection as a whole: that it is ended.
    if (head === undefined) return;
    this.executions.fail(head, { sqlState, nowMs: this.nowMs });
    this.awaitsCopyEnd = false;
    if (EXTENDED.has(head.kind)) this.ignoresUntilSync = !this.pending.dropUntilSync();
  }

  private ready(status: number): void {
    const head = this.pending.head();
    if (head !== undefined) {
      if (head.kind !== 'sync' && head.kind !== 'query' && head.kind !== 'call')
        throw new MalformedMessage(`the end of ${head.kind}`);
      this.pending.shift();
    }
    this.awaitsCopyEnd = false;
    this.executions.ready(status !== TRANSACTION_NONE);
  }
}

const KINDS: Readonly<Record<number, Operation['kind']>> = {
  [FRONTEND.query]: 'query',
  [FRONTEND.parse]: 'parse',
  [FRONTEND.bind]: 'bind',
  [FRONTEND.execute]: 'execute',
  [FRONTEND.close]: 'close',
  [FRONTEND.sync]: 'sync',
  [FRONTEND.functionCall]: 'call',
  [FRONTEND.copyDone]: 'copy-end',
  [FRONTEND.copyFail]: 'copy-end',
};

function describeKind(body: Buffer, start: number): Operation['kind'] {
  return body[start] === 'P'.charCodeAt(0) ? 'describe-portal' : 'describe-statement';
}
