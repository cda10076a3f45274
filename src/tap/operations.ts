import { MalformedMessage } from './body-reader.js';

/** What a client has asked for that the server answers, in the order in which it asked. */
export interface Operation {
  readonly kind:
    | 'query'
    | 'parse'
    | 'bind'
    | 'describe-statement'
    | 'describe-portal'
    | 'execute'
    | 'close'
    | 'sync'
    | 'call'
    /** The end of what a client copies in; it has no answer of its own. */
    | 'copy-end';
  /** The message's body, from `start` to `end`. */
  readonly body: Buffer;
  readonly start: number;
  readonly end: number;
  /** False where the body goes on behind `end`. */
  readonly isWhole: boolean;
  /** When it was sent, ms since 1970. */
  readonly atMs: number;
}

/** A client that sends more than this without reading the answers is passed on unread. */
const BYTES_MOST = 16 * 1024 * 1024;
const OPERATIONS_MOST = 100_000;
/** Of answered operations, so many may stand in front of the list before it is moved up. */
const ANSWERED_MOST = 64;

/** Operations that wait for their answers. */
export class PendingOperations {
  private list: Operation[] = [];
  private first = 0;
  private bytes = 0;

  push(operation: Operation): void {
    this.list.push(operation);
    this.bytes += operation.end - operation.start;
    if (this.bytes > BYTES_MOST || this.list.length - this.first > OPERATIONS_MOST)
      throw new MalformedMessage('more was asked for without an answer than can be followed');
  }

  /** The one that the server answers next; undefined where nothing waits. */
  head(): Operation | undefined {
    let operation = this.list[this.first];
    // The server passes by the end of a copy that has already failed.
    while (operation?.kind === 'copy-end') {
      this.shift();
      operation = this.list[this.first];
    }
    return operation;
  }

  shift(): void {
    const operation = this.list[this.first];
    if (operation === undefined) return;
    this.bytes -= operation.end - operation.start;
    this.first += 1;
    if (this.first === this.list.length) {
      this.list.length = 0;
      this.first = 0;
    } else if (this.first > ANSWERED_MOST) {
      this.list.splice(0, this.first);
      this.first = 0;
    }
  }

  /** Passes by all up to the next sync, as the server does after an error; false where none was sent yet. */
  dropUntilSync(): boolean {
    for (let head = this.list[this.first]; head !== undefined; head = this.list[this.first]) {
      if (head.kind === 'sync') return true;
      this.shift();
    }
    return false;
  }

  /**
   * Begins a copy from the client for the head: up to the copy's end the server passes by every sync. Gives whether the
   * end was sent already.
   */
  beginCopy(): boolean {
    const rest = this.list.slice(this.first);
    const end = rest.findIndex(({ kind }) => kind === 'copy-end');
    const kept = rest.filter(({ kind }, place) => place !== end && (kind !== 'sync' || (end !== -1 && place > end)));
    this.list = kept;
    this.first = 0;
    this.bytes = kept.reduce((sum, operation) => sum + operation.end - operation.start, 0);
    return end !== -1;
  }
}
