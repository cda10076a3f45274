import type { Observer } from './relay.js';
import type { SessionObserver } from './session-observer.js';

/** How long bytes wait to be looked at. */
const WAIT_MS = 4;
/** What is looked at in one turn, in chunks and in bytes: some tenths of a millisecond's work. */
const PER_TURN = 64;
const BYTES_PER_TURN = 512 * 1024;
/** With more than this waiting, all is looked at on the spot, so that memory stays bounded. */
const BYTES_MOST = 4 * 1024 * 1024;
const ORIGIN_MS = performance.timeOrigin;

interface Seen {
  readonly session: SessionObserver;
  /** Null at the end. */
  readonly chunk: Buffer | null;
  readonly isClient: boolean;
  readonly atMs: number;
}

/**
 * Lets sessions look at what has passed a little later and many chunks at a time. Passing bytes on comes first, and the
 * code that reads them, once it is in the processor's caches, takes a third of the time that it takes chunk by chunk.
 */
export class ObservationQueue {
  private seen: Seen[] = [];
  private first = 0;
  private bytes = 0;
  private isWaiting = false;

  /** Gives what a connection reports to, for a session. */
  observerOf(session: SessionObserver): Observer {
    return {
      fromClient: (chunk) => this.add(session, chunk, true),
      fromServer: (chunk) => this.add(session, chunk, false),
      closed: () => this.push({ session, chunk: null, isClient: false, atMs: 0 }),
    };
  }

  /** Looks at all that waits. */
  drain(): void {
    while (this.first < this.seen.length) this.next();
    this.seen = [];
    this.first = 0;
  }

  private add(session: SessionObserver, chunk: Buffer, isClient: boolean): void {
    if (session.isBlind) return;
    this.bytes += chunk.length;
    this.push({ session, chunk, isClient, atMs: ORIGIN_MS + performance.now() });
  }

  private push(seen: Seen): void {
    this.seen.push(seen);
    if (this.bytes > BYTES_MOST) this.drain();
    else if (!this.isWaiting) {
      this.isWaiting = true;
      setTimeout(() => this.turn(), WAIT_MS);
    }
  }

  private turn(): void {
    const bytesLeft = this.bytes - BYTES_PER_TURN;
    for (let left = PER_TURN; left > 0 && this.bytes >= bytesLeft && this.first < this.seen.length; left -= 1)
      this.next();
    this.isWaiting = this.first < this.seen.length;
    if (this.isWaiting) setImmediate(() => this.turn());
    else this.drain();
  }

  private next(): void {
    const seen = this.seen[this.first];
    this.first += 1;
    if (seen === undefined) return;
    const { session, chunk, isClient, atMs } = seen;
    this.bytes -= chunk?.length ?? 0;
    if (chunk === null) session.closed();
    else if (isClient) session.fromClient(chunk, atMs);
    else session.fromServer(chunk, atMs);
  }
}
