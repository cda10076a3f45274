import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { ensureOwnTables, ownTables } from '../../../src/migrate/own-tables.js';
import type { Session } from '../../../src/postgres/session.js';
import { type HttpOptions, type HttpService, startHttp } from '../../../src/worker/http/service.js';
import { createMetrics } from '../../../src/worker/metrics.js';
import { type Claim, RunStore } from '../../../src/worker/run-store.js';
import type { Target } from '../../../src/worker/target.js';
import { afterFile } from '../../per-file.js';
import { type TestDatabase, testDatabase } from '../../postgres.js';
import { workerOf } from './worker.js';

/** A token of both scopes. */
export const TOKEN = 'a-token-of-tests';
export const LIMIT = { requests: 1000, windowSeconds: 60 };

export interface Served extends HttpService {
  readonly session: Session;
  readonly home: Target;
  /** Asks with the token. */
  get(path: string, init?: RequestInit): Promise<Response>;
}

/** A service on a database with the own tables, or on the one that is given, and a worker of two jobs. */
export async function serve(changes: Partial<HttpOptions> = {}, database?: TestDatabase): Promise<Served> {
  const { url, session } = database ?? (await withOwnTables());
  const home = changes.home ?? { name: 'home', url, isHome: true };
  const service = await serveWithout({ home, targets: [home], ...changes });
  const get = (path: string, init: RequestInit = {}) =>
    fetch(`${service.url}${path}`, { ...init, headers: { Authorization: `Bearer ${TOKEN}`, ...init.headers } });
  return { ...service, session, home, get };
}

function withOwnTables(): Promise<TestDatabase> {
  return testDatabase({
    template: 'own-tables',
    prepare: (fresh) => ensureOwnTables(fresh, ownTables('steward')),
  });
}

/** A service without a database that answers. */
export async function serveWithout(changes: Partial<HttpOptions> = {}): Promise<HttpService> {
  const home = { name: 'home', url: 'postgres://nobody@127.0.0.1:1/none', isHome: true };
  const settings = { listen: '127.0.0.1:0', token: TOKEN, tokens: [], rateLimit: LIMIT };
  const service = await startHttp({
    ...{ settings, worker: workerOf(), metrics: createMetrics(), targets: [home], home, ownSchema: 'steward' },
    ...{ version: '0.0.0', log: pino({ level: 'silent' }), ...changes },
  });
  afterFile(() => service.close());
  return service;
}

/** Leaves a finished run in the ledger and gives its id. */
export async function recordRun(session: Session, job: string, counts: Readonly<Record<string, number>> = {}) {
  const claim = await startedRun(session, job);
  const store = new RunStore('steward');
  await store.advance(session, claim, { counts });
  await store.finish(session, claim, { status: 'succeeded', error: null });
  return claim.runId;
}

/** Leaves a run under way in the ledger. */
export async function startedRun(session: Session, job: string): Promise<Claim> {
  const request = { runId: randomUUID(), job, target: 'home', fireAt: null, holder: 'me', leaseSeconds: 30 };
  const answer = await new RunStore('steward').claim(session, request);
  if (answer.kind !== 'claimed') throw new Error(`the claim was refused: ${answer.kind}`);
  return answer.claim;
}
