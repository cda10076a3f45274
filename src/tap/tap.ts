import { createServer, type Server, type Socket, type SocketConnectOpts } from 'node:net';
import { messageOf, StewardError } from '../errors.js';
import type { Log } from '../log.js';
import type { TapCounts } from '../model/tap-record.js';
import { addressOf, readAddress } from './address.js';
import { ObservationQueue } from './observation-queue.js';
import type { OpenFile } from './open-file.js';
import { Recorder } from './recorder.js';
import { Relay } from './relay.js';
import { SessionObserver } from './session-observer.js';

export interface TapOptions {
  /** `127.0.0.1:6432`, or the path of a Unix socket; port 0 takes a free one. */
  readonly listen: string;
  /** Where the server is, in the same form. */
  readonly upstream: string;
  /** File of the recording; what is there already is kept. */
  readonly output: string;
  /** Whether values stand in the recording as they are; hashed where not given. */
  readonly values?: 'hashed' | 'plain';
  /** A file that has grown to this is ended and another one begun. */
  readonly rotateBytes?: number | undefined;
  /** Share of the sessions that are recorded, 0 to 1; all where not given. */
  readonly sample?: number;
  readonly toolVersion: string;
  readonly log: Log;
  /** Decides which sessions are recorded; gives numbers from 0 to below 1. */
  readonly random?: () => number;
  /** Opens files; the system's own where not given. */
  readonly openFile?: OpenFile;
}

/** A tap that runs. */
export interface Tap {
  /** Where it listens: `127.0.0.1:6432`. */
  readonly address: string;
  readonly counts: TapCounts;
  /** Files that were written, the first one first. */
  readonly files: readonly string[];
  /** Ends every connection and closes the recording. */
  stop(): Promise<void>;
}

/** Connections that wait to be taken; the kernel may allow fewer. */
const BACKLOG = 4096;
/** What is under way gets this long to be sent when the tap stops. */
const STOP_MS = 2000;

/** Starts a recorder between clients and a server. A StewardError says why it cannot listen or write. */
export async function startTap(options: TapOptions): Promise<Tap> {
  const { output: file, rotateBytes, values = 'hashed', sample = 1, upstream, toolVersion, log, openFile } = options;
  const place = requireAddress(upstream, '--upstream');
  const listen = requireAddress(options.listen, '--listen');
  if (options.listen === upstream) {
    const hint = 'name the server with --upstream and another address with --listen';
    throw new StewardError('usage', `the tap would be its own server: ${upstream}`, { hint });
  }
  const recorder = await Recorder.open({ file, rotateBytes, values, sample, upstream, toolVersion, log, openFile });
  const running = new RunningTap({ recorder, log, upstream, place, sample, random: options.random ?? Math.random });
  try {
    await running.listen(listen, options.listen);
  } catch (error) {
    await recorder.close();
    throw error;
  }
  return running;
}

interface Parts {
  readonly recorder: Recorder;
  readonly log: Log;
  readonly upstream: string;
  readonly place: SocketConnectOpts;
  readonly sample: number;
  readonly random: () => number;
}

class RunningTap implements Tap {
  private readonly parts: Parts;
  private readonly server: Server;
  private readonly relays = new Set<Relay>();
  private readonly observations = new ObservationQueue();
  private isUnreachable = false;
  private onEmpty: () => void = () => undefined;

  constructor(parts: Parts) {
    this.parts = parts;
    this.server = createServer({ allowHalfOpen: true, pauseOnConnect: true, noDelay: true }, (client) =>
      this.take(client),
    );
  }

  get address(): string {
    return addressOf(this.server);
  }

  get counts(): TapCounts {
    return this.parts.recorder.summary();
  }

  get files(): readonly string[] {
    return this.parts.recorder.files;
  }

  async listen(place: SocketConnectOpts, shown: string): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', (error) =>
        reject(
          new StewardError('runtime', `the tap cannot listen on ${shown}: ${messageOf(error)}`, {
            hint: 'pass an address of this machine and a free port with --listen',
            cause: error,
          }),
        ),
      );
      this.server.listen({ ...place, backlog: BACKLOG }, resolve);
    });
    this.server.removeAllListeners('error');
    this.server.on('error', (error) =>
      this.parts.log.warn({ reason: messageOf(error) }, 'a connection cannot be taken'),
    );
  }

  async stop(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    const empty = new Promise<void>((resolve) => {
      this.onEmpty = resolve;
      if (this.relays.size === 0) resolve();
    });
    for (const relay of this.relays) relay.end();
    const cut = setTimeout(() => {
      for (const relay of this.relays) relay.destroy();
    }, STOP_MS);
    await Promise.all([closed, empty]);
    clearTimeout(cut);
    this.observations.drain();
    await this.parts.recorder.close();
  }

  private take(client: Socket): void {
    const { recorder, place, sample, random, log } = this.parts;
    recorder.counts.connections += 1;
    const isSampled = sample >= 1 || random() < sample;
    if (!isSampled) recorder.counts.sampledOut += 1;
    const relay: Relay = new Relay({
      ...{ client, upstream: place },
      observer: isSampled ? this.observations.observerOf(new SessionObserver(recorder, log)) : null,
      onConnected: () => {
        this.isUnreachable = false;
      },
      onUnreachable: (reason) => this.unreachable(reason),
      onClosed: () => {
        this.relays.delete(relay);
        if (this.relays.size === 0) this.onEmpty();
      },
    });
    this.relays.add(relay);
  }

  /** Said once, and again after it was reachable. */
  private unreachable(reason: string): void {
    const { log, upstream } = this.parts;
    if (!this.isUnreachable) log.warn({ upstream, reason }, 'server cannot be reached');
    this.isUnreachable = true;
  }
}

function requireAddress(text: string, flag: string): SocketConnectOpts {
  const address = readAddress(text);
  if (address !== null) return address;
  throw new StewardError('usage', `${flag} ${text} is no address`, {
    hint: `write it as HOST:PORT, such as ${flag} 127.0.0.1:5432, or as the path of a Unix socket`,
  });
}
