import { randomUUID } from 'node:crypto';
import type { IncomingMessage, RequestListener } from 'node:http';
import { messageOf, StewardError, sqlStateOf } from '../../errors.js';
import type { Log } from '../../log.js';
import { RunList } from '../run-list.js';
import { Access } from './access.js';
import type { Databases } from './databases.js';
import { findingRoutes } from './finding-routes.js';
import { jobRoutes } from './job-routes.js';
import { metricsRoute } from './metrics-route.js';
import { pageRoutes, signInReply } from './page-routes.js';
import { probeRoutes } from './probes.js';
import { Problem, problemReply } from './problem.js';
import { RateLimit } from './rate-limit.js';
import { sendReply } from './reply.js';
import { readQuery, refuseLongBody, splitTarget } from './request.js';
import type { Reply, Route } from './route.js';
import { findRoute } from './router.js';
import type { HttpOptions } from './service.js';
import { timeOutRoutes } from './time-out-routes.js';

/** Gives what answers each request of the service. */
export function createDispatcher(options: HttpOptions, databases: Databases): RequestListener {
  const { metrics, log } = options;
  const dispatch = dispatcher(options, databases);
  return (request, response) => {
    const asked = { requestId: randomUUID(), startedAt: performance.now(), route: 'none' };
    dispatch(request, asked)
      .catch((error: unknown) => problemReply(asProblem(error, asked.requestId, log), asked.requestId))
      .then((reply) => {
        sendReply(request, response, reply);
        const durationMs = performance.now() - asked.startedAt;
        const { route, requestId } = asked;
        metrics.onRequest({ route, method: request.method ?? '', status: reply.status, durationMs });
        log.debug({ requestId, route, method: request.method, status: reply.status, durationMs }, 'request answered');
      })
      .catch((error: unknown) => {
        log.error({ reason: messageOf(error) }, 'request could not be answered');
        response.destroy();
      });
  };
}

interface Asked {
  readonly requestId: string;
  /** The path as the route has it, once it is found. */
  route: string;
}

function dispatcher(options: HttpOptions, databases: Databases) {
  const { settings, home, ownSchema, metrics, version, log } = options;
  const access = new Access(settings);
  const limit = new RateLimit({
    ...{ limit: settings.rateLimit, databases, home, ownSchema },
    onFallback: (error) => {
      metrics.onRateLimitFallback();
      log.warn({ reason: messageOf(error) }, 'requests are counted by this replica alone');
    },
  });
  const routes = routesOf(options, { databases, access });
  return async (request: IncomingMessage, asked: Asked): Promise<Reply> => {
    const { path, search } = splitTarget(request.url ?? '/');
    const found = findRoute(routes, request.method ?? '', path);
    const route = found instanceof Problem ? null : found.route;
    if (route !== null) asked.route = route.path;
    const caller = access.identify(request, { byCookie: route?.access === 'dashboard' });
    if (route?.isProbe !== true) await limit.count(caller.limitKey);
    if (found instanceof Problem) throw found;
    if (found.route.access === 'read' || found.route.access === 'run') access.require(found.route.access, caller);
    refuseLongBody(request);
    if (found.route.access === 'dashboard' && !access.maySeeDashboard(caller, request))
      return signInReply({ access, version }, caller.isRefused);
    const query = readQuery(search, found.route.isProbe === true ? null : (found.route.parameters ?? []));
    return found.route.answer({ request, requestId: asked.requestId, params: found.params, query, caller });
  };
}

function routesOf(
  options: HttpOptions,
  { databases, access }: { readonly databases: Databases; readonly access: Access },
): readonly Route[] {
  const { worker, home, targets, ownSchema, log, metrics, version } = options;
  const runs = new RunList(ownSchema);
  return [
    ...probeRoutes({ worker, databases, home, log }),
    metricsRoute({ metrics, worker, databases, home, ownSchema, runs, log }),
    ...pageRoutes({ worker, metrics, databases, home, targets, ownSchema, runs, version, log, access }),
    ...findingRoutes({ databases, targets, ownSchema, log }),
    ...timeOutRoutes({ databases, targets, log }),
    ...jobRoutes({
      ...{ worker, databases, home, targets, runs },
      onStarted: (started) => log.info(started, 'run asked for'),
    }),
  ];
}

/** What went wrong on our side is told to the log; the caller gets a sentence without its particulars. */
function asProblem(error: unknown, requestId: string, log: Log): Problem {
  if (error instanceof Problem) return error;
  const fromDatabase = sqlStateOf(error) !== null || (error instanceof StewardError && error.code === 'database');
  const fields = { requestId, reason: messageOf(error), sqlState: sqlStateOf(error) };
  if (!fromDatabase) {
    log.error(fields, 'request failed');
    return new Problem(500, { kind: 'internal', detail: 'the worker failed; its log has the reason under this id' });
  }
  log.warn(fields, 'database did not answer a request');
  const what = isRefusal(fields.sqlState) ? 'refused what the answer needs' : 'that the answer needs does not answer';
  const detail = `a database ${what}; the log has the reason under this id`;
  return new Problem(503, { kind: 'database', detail, headers: { 'Retry-After': '5' } });
}

/** Of what was asked: no right, no such table. Not of a server that is away, full, stopping or late. */
function isRefusal(sqlState: string | null): boolean {
  return sqlState !== null && !/^(08|53|57|58|XX)/.test(sqlState);
}
