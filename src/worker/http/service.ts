import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { messageOf, StewardError } from '../../errors.js';
import type { Log } from '../../log.js';
import type { Metrics } from '../metrics.js';
import type { Target } from '../target.js';
import type { WorkerView } from '../worker-view.js';
import { Databases } from './databases.js';
import { createDispatcher } from './dispatch.js';
import { answerBrokenRequest } from './reply.js';

/** What the HTTP side needs. */
export interface HttpOptions {
  readonly settings: HttpSettings;
  readonly worker: WorkerView;
  readonly metrics: Metrics;
  /** Databases that are looked after. */
  readonly targets: readonly Target[];
  /** Where the rate limits stand that all replicas share: `databaseUrl` if there is one, else the first target. */
  readonly home: Target;
  /** Schema of pgsteward's own tables. */
  readonly ownSchema: string;
  readonly version: string;
  readonly log: Log;
  /** `HTTP_LIMITS` where not given. */
  readonly limits?: HttpLimits;
}

/** How long those who ask may take, in milliseconds, and how many there may be at a time. */
export interface HttpLimits {
  /** For the whole head, and for the whole request, to arrive. */
  readonly headMs: number;
  readonly requestMs: number;
  /** From an answer to the next request of the same connection. */
  readonly idleMs: number;
  /** For the next part of an answer to be taken. */
  readonly answerMs: number;
  /** How often heads and requests are looked after. */
  readonly checkMs: number;
  readonly connectionsMost: number;
}

/** The `http` section of the configuration. */
export interface HttpSettings {
  /** `127.0.0.1:9187`; port 0 takes a free one. */
  readonly listen: string;
  /** A token of both scopes. */
  readonly token?: string | undefined;
  readonly tokens: readonly TokenSetting[];
  readonly rateLimit: { readonly requests: number; readonly windowSeconds: number };
}

export interface TokenSetting {
  readonly name: string;
  /** SHA-256 of the token, 64 hex digits. */
  readonly sha256: string;
  readonly scopes: readonly ('read' | 'run')[];
}

export interface HttpService {
  /** Where it listens: `http://127.0.0.1:9187`. */
  readonly url: string;
  /** Takes no new connection, ends those that are idle, and waits a little for answers under way. */
  close(): Promise<void>;
}

/** Whoever is slower is answered with 408, or cut off where an answer is under way already. */
const HTTP_LIMITS: HttpLimits = {
  ...{ headMs: 10_000, requestMs: 15_000, idleMs: 5000, answerMs: 60_000, checkMs: 1000 },
  connectionsMost: 512,
};
/** How long a close waits for answers under way. */
const CLOSE_MS = 2000;

/** Starts the worker's HTTP server: probes, metrics, dashboard and API. */
export async function startHttp(options: HttpOptions): Promise<HttpService> {
  const databases = new Databases();
  const server = serverOf(options.limits ?? HTTP_LIMITS, createDispatcher(options, databases));
  server.on('clientError', answerBrokenRequest);
  await listen(server, options.settings.listen);
  return {
    url: urlOf(server),
    close: async () => {
      await closeServer(server);
      await databases.close();
    },
  };
}

function serverOf(limits: HttpLimits, listener: RequestListener): Server {
  const { headMs, requestMs, idleMs, answerMs, checkMs, connectionsMost } = limits;
  const server = createServer(
    {
      ...{ headersTimeout: headMs, requestTimeout: requestMs, keepAliveTimeout: idleMs },
      connectionsCheckingInterval: checkMs,
    },
    listener,
  );
  // Counts from the last byte that went either way; no answer takes the worker as long.
  server.timeout = answerMs;
  server.maxConnections = connectionsMost;
  return server;
}

function listen(server: Server, place: string): Promise<void> {
  const [, host = '', port = ''] = /^(.*):(\d+)$/.exec(place) ?? [];
  return new Promise((resolve, reject) => {
    server.once('error', (error) =>
      reject(
        new StewardError('runtime', `the HTTP server cannot listen on ${place}: ${messageOf(error)}`, {
          hint: 'set http.listen, or PGSTEWARD_HTTP_LISTEN, to an address of this machine and a free port',
          cause: error,
        }),
      ),
    );
    server.listen(Number(port), host.replace(/^\[|\]$/g, ''), resolve);
  });
}

function urlOf(server: Server): string {
  const { family, address, port } = server.address() as AddressInfo;
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}

async function closeServer(server: Server): Promise<void> {
  const cut = setTimeout(() => server.closeAllConnections(), CLOSE_MS);
  await new Promise<void>((resolve) => server.close(() => resolve()));
  clearTimeout(cut);
}
