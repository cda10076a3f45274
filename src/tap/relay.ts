import { connect, type Socket, type SocketConnectOpts } from 'node:net';
import { refuse } from './refusal.js';

/** Sees what passes through one connection, and never says anything to either side. */
export interface Observer {
  fromClient(chunk: Buffer): void;
  fromServer(chunk: Buffer): void;
  closed(): void;
}

export interface RelayOptions {
  /** Paused, and open for half-closed connections. */
  readonly client: Socket;
  readonly upstream: SocketConnectOpts;
  /** Null where nothing is to be seen of the connection. */
  readonly observer: Observer | null;
  onConnected(): void;
  onClosed(): void;
  onUnreachable(reason: string): void;
}

/** The kernel then asks every second, ten times, whether the other side is there. */
const KEEP_ALIVE_AFTER_MS = 30_000;
const CONNECT_MS_MOST = 15_000;
/** How long one side may take to read what was sent before the other one closed. */
const LINGER_MS = 30_000;

/** Passes bytes between a client and a server, both ways and unchanged, at the pace of whoever reads. */
export class Relay {
  private readonly options: RelayOptions;
  private readonly upstream: Socket;
  private observer: Observer | null;
  private openSides = 2;
  private isConnected = false;

  constructor(options: RelayOptions) {
    this.options = options;
    this.observer = options.observer;
    const { client } = options;
    this.upstream = connect({ ...options.upstream, allowHalfOpen: true, noDelay: true });
    this.upstream.setTimeout(CONNECT_MS_MOST, () => this.upstream.destroy(new Error('it does not answer')));
    this.upstream.once('connect', () => this.connected());
    this.upstream.on('error', (error) => this.failed(error));
    this.upstream.once('close', () => this.sideClosed(this.isConnected ? client : null));
    client.on('error', () => client.destroy());
    client.once('close', () => this.sideClosed(this.upstream));
  }

  /** Ends both sides, when what is under way has been sent. */
  end(): void {
    this.options.client.destroySoon();
    this.upstream.destroySoon();
  }

  destroy(): void {
    this.options.client.destroy();
    this.upstream.destroy();
  }

  private connected(): void {
    const { client, onConnected } = this.options;
    this.isConnected = true;
    onConnected();
    this.upstream.setTimeout(0);
    for (const socket of [client, this.upstream]) socket.setKeepAlive(true, KEEP_ALIVE_AFTER_MS);
    pass(client, this.upstream, (chunk) => this.observer?.fromClient(chunk));
    pass(this.upstream, client, (chunk) => this.observer?.fromServer(chunk));
  }

  private failed(error: NodeJS.ErrnoException): void {
    this.upstream.destroy();
    if (this.isConnected) return;
    // Where a name has several addresses, the errors of all of them come as one without words.
    const reason = error.message === '' ? (error.code ?? error.name) : error.message;
    this.options.onUnreachable(reason);
    refuse(this.options.client, reason);
  }

  private sideClosed(other: Socket | null): void {
    this.openSides -= 1;
    if (this.openSides === 0) {
      this.observer?.closed();
      this.observer = null;
      this.options.onClosed();
    } else if (other !== null && !other.destroyed) {
      other.destroySoon();
      const lingering = setTimeout(() => other.destroy(), LINGER_MS);
      other.once('close', () => clearTimeout(lingering));
    }
  }
}

/** The bytes go on first and are looked at then, so that nobody waits for it. */
function pass(from: Socket, to: Socket, see: (chunk: Buffer) => void): void {
  from.on('data', (chunk: Buffer) => {
    if (!to.write(chunk)) from.pause();
    see(chunk);
  });
  to.on('drain', () => from.resume());
  from.once('end', () => to.end());
  from.resume();
}
