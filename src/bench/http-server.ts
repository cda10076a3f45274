import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { messageOf } from '../errors.js';
import type { Session } from '../postgres/session.js';
import type { Side } from './driver.js';
import { callStatement, type Lanes } from './lane.js';
import { type LoadStatement, parametersOf } from './scenario.js';

/** A small server on loopback that answers `/q/<name>?side=…&lane=…&set=…` by calling that statement. */
export interface StatementServer {
  readonly url: string;
  /** Makes a statement known under its name. */
  add(statement: LoadStatement): void;
  /** Message of the first call that failed since the last time this was asked, or null. */
  takeError(): string | null;
  close(): Promise<void>;
}

/** Starts the server on a free port of 127.0.0.1; each lane of a side has so many of its sessions. */
export async function startStatementServer(lanes: Lanes, sessionsPerLane: number): Promise<StatementServer> {
  const statements = new Map<string, LoadStatement>();
  const pools = poolsOf(lanes, sessionsPerLane);
  let firstError: string | null = null;
  const server = createServer((request, response) => {
    answer(request, { statements, pools }).then(
      (status) => end(response, status),
      (error: unknown) => {
        firstError ??= messageOf(error);
        end(response, 500);
      },
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    add: (statement) => statements.set(statement.name, statement),
    takeError: () => {
      const error = firstError;
      firstError = null;
      return error;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Path of one request; `GET` and `POST` mean the same. */
export function statementPath(
  statement: LoadStatement,
  { side, lane, set }: { readonly side: Side; readonly lane: number; readonly set: number },
): string {
  return `/q/${encodeURIComponent(statement.name)}?side=${side}&lane=${lane}&set=${set}`;
}

/** Pools by side and lane, as a request names them. */
function poolsOf(lanes: Lanes, sessionsPerLane: number): ReadonlyMap<string, Pool> {
  const pools = new Map<string, Pool>();
  for (const [side, { sessions }] of Object.entries(lanes)) {
    for (let lane = 0; lane * sessionsPerLane < sessions.length; lane += 1) {
      const own = sessions.slice(lane * sessionsPerLane, (lane + 1) * sessionsPerLane);
      pools.set(`${side} ${lane}`, new Pool(own));
    }
  }
  return pools;
}

/** Path that is answered without the database, for the request that opens a connection. */
export const PING_PATH = '/ping';

interface Routes {
  readonly statements: ReadonlyMap<string, LoadStatement>;
  readonly pools: ReadonlyMap<string, Pool>;
}

async function answer(request: IncomingMessage, routes: Routes): Promise<number> {
  const [path = '', query = ''] = (request.url ?? '').split('?');
  if (path === PING_PATH) return 200;
  const parameters = new URLSearchParams(query);
  const statement = routes.statements.get(decodeURIComponent(path.replace(/^\/q\//, '')));
  const pool = routes.pools.get(`${parameters.get('side')} ${parameters.get('lane')}`);
  if (statement === undefined || pool === undefined) return 404;
  const session = await pool.take();
  try {
    await callStatement(session, statement, parametersOf(statement, Number(parameters.get('set') ?? 0)));
    return 200;
  } finally {
    pool.give(session);
  }
}

function end(response: ServerResponse, status: number): void {
  response.statusCode = status;
  response.end();
}

/** Lends sessions; who comes when all are lent waits in line. */
class Pool {
  private readonly free: Session[];
  private readonly waiting: ((session: Session) => void)[] = [];

  constructor(sessions: readonly Session[]) {
    this.free = [...sessions];
  }

  async take(): Promise<Session> {
    const session = this.free.pop();
    return session ?? new Promise((resolve) => this.waiting.push(resolve));
  }

  give(session: Session): void {
    const next = this.waiting.shift();
    if (next === undefined) this.free.push(session);
    else next(session);
  }
}
