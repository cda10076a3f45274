import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Log } from '../../log.js';
import type { Metrics } from '../metrics.js';
import type { Target } from '../target.js';
import type { WorkerView } from '../worker-view.js';

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

/** Starts the worker's HTTP server: probes, metrics, dashboard and API. */
export async function startHttp(options: HttpOptions): Promise<HttpService> {
  const server = createServer((request, response) => {
    response.statusCode = request.url === '/healthz' ? 200 : 404;
    response.end();
  });
  const { host, port } = listenAddress(options.settings.listen);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const address = server.address() as AddressInfo;
  return {
    url: `http://${address.family === 'IPv6' ? `[${address.address}]` : address.address}:${address.port}`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function listenAddress(listen: string): { readonly host: string; readonly port: number } {
  const [, host = '', port = ''] = /^(.*):(\d+)$/.exec(listen) ?? [];
  return { host: host.replace(/^\[|\]$/g, ''), port: Number(port) };
}
