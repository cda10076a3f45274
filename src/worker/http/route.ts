import type { IncomingMessage } from 'node:http';
import type { Caller } from './access.js';

/** One address of the service and what answers there. */
export interface Route {
  readonly method: 'GET' | 'POST';
  /** `/api/v1/jobs/:name/run`; a part that begins with a colon takes any text. */
  readonly path: string;
  /** Who may ask: anyone; whoever may see the dashboard; a bearer of the scope. */
  readonly access: 'anyone' | 'dashboard' | 'read' | 'run';
  /** Probes are not counted against a limit. */
  readonly isProbe?: true;
  /** Names of the parameters that it takes behind the question mark. */
  readonly parameters?: readonly string[];
  answer(exchange: Exchange): Promise<Reply>;
}

/** A request as a route sees it. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly requestId: string;
  /** Parts of the path that the route names, decoded. */
  readonly params: Readonly<Record<string, string>>;
  /** Parameters behind the question mark: only those that the route takes, each once. */
  readonly query: ReadonlyMap<string, string>;
  readonly caller: Caller;
}

/** An answer, whole. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Gives an answer of JSON. */
export function jsonReply(status: number, content: unknown, headers: Readonly<Record<string, string>> = {}): Reply {
  return {
    status,
    headers: { 'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'no-store', ...headers },
    body: `${JSON.stringify(content)}\n`,
  };
}
