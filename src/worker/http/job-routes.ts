import type { JobRun, RunStatus } from '../../model/job.js';
import type { RunList } from '../run-list.js';
import type { Target } from '../target.js';
import type { JobView, WorkerView } from '../worker-view.js';
import type { Databases } from './databases.js';
import { MOMENT, PAGE_PARAMETERS, pageOf, readPageRequest, UUID } from './paging.js';
import { badParameter, Problem } from './problem.js';
import { readBody } from './request.js';
import { type Exchange, jsonReply, type Reply, type Route } from './route.js';

export interface JobRouteParts {
  readonly worker: WorkerView;
  readonly databases: Databases;
  readonly home: Target;
  readonly targets: readonly Target[];
  readonly runs: RunList;
  /** Told of a run that somebody has asked for. */
  readonly onStarted: (started: {
    readonly job: string;
    readonly target: string;
    readonly runId: string;
    readonly token: string | null;
  }) => void;
}

const JOBS = { list: 'jobs', parts: [/^[^\0]+$/] } as const;
const RUNS = { list: 'runs', parts: [MOMENT, UUID] } as const;
const STATUSES: readonly string[] = ['running', 'succeeded', 'failed', 'cancelled', 'skipped'];

/** Gives the API of jobs and their runs. */
export function jobRoutes(parts: JobRouteParts): readonly Route[] {
  return [
    {
      ...{ method: 'GET', path: '/api/v1/jobs', access: 'read', parameters: PAGE_PARAMETERS },
      answer: (exchange) => listJobs(parts, exchange),
    },
    {
      ...{ method: 'GET', path: '/api/v1/runs', access: 'read' },
      parameters: [...PAGE_PARAMETERS, 'job', 'target', 'status'],
      answer: (exchange) => listRuns(parts, exchange),
    },
    {
      ...{ method: 'POST', path: '/api/v1/jobs/:name/run', access: 'run', parameters: ['target'] },
      answer: (exchange) => startRun(parts, exchange),
    },
  ];
}

async function listJobs({ worker, databases, home, runs }: JobRouteParts, { query }: Exchange): Promise<Reply> {
  const request = readPageRequest(query, JOBS);
  const sorted = [...worker.jobs()].sort((left, right) => (left.name < right.name ? -1 : 1));
  const found = sorted.filter(({ name }) => name > (request.after?.[0] ?? '')).slice(0, request.limit + 1);
  const page = pageOf(found, request, { ...JOBS, keyOf: ({ name }) => [name] });
  const places = page.items.flatMap((job) => job.targets.map(({ target }) => ({ job: job.name, target })));
  const latest = await databases.read(home, (session) => runs.latest(session, places));
  return jsonReply(200, { ...page, items: page.items.map((job) => withLastRuns(job, latest)) });
}

function withLastRuns(job: JobView, latest: readonly JobRun[]): JobView & { readonly lastRuns: readonly JobRun[] } {
  const own = latest.filter((run) => run.job === job.name);
  const lastRuns = own.filter((run, index) => own.findIndex(({ target }) => target === run.target) === index);
  return { ...job, lastRuns };
}

async function listRuns({ databases, home, runs }: JobRouteParts, { query }: Exchange): Promise<Reply> {
  const request = readPageRequest(query, RUNS);
  const status = query.get('status');
  if (status !== undefined && !STATUSES.includes(status))
    throw badParameter(`status is ${JSON.stringify(status)}; allowed: ${STATUSES.join(', ')}`);
  const filter = { job: query.get('job'), target: query.get('target'), status: status as RunStatus | undefined };
  const found = await databases.read(home, (session) =>
    runs.newest(session, filter, { limit: request.limit + 1, after: request.after }),
  );
  const page = pageOf(found, request, { ...RUNS, keyOf: (run) => [run.startedAtExactly, run.runId] });
  return jsonReply(200, { ...page, items: page.items.map(({ startedAtExactly: _, ...run }) => run) });
}

async function startRun(parts: JobRouteParts, exchange: Exchange): Promise<Reply> {
  const job = exchange.params['name'] ?? '';
  const known = parts.worker.jobs().find(({ name }) => name === job);
  if (known === undefined) throw unknownJob(job);
  const target = chooseTarget(parts.targets, exchange.query.get('target') ?? (await targetInBody(exchange)));
  const answer = await parts.worker.startRun(job, target);
  if (answer.kind === 'unknown') throw unknownJob(job);
  if (answer.kind === 'refused')
    throw new Problem(503, { kind: 'not-ready', detail: answer.reason, headers: { 'Retry-After': '30' } });
  if (answer.kind === 'running')
    throw new Problem(409, {
      kind: 'already-running',
      detail: `run ${answer.runId} of ${job} is under way on ${target}; start it again when that one has ended`,
    });
  parts.onStarted({ job, target, runId: answer.runId, token: exchange.caller.token });
  return jsonReply(202, { runId: answer.runId });
}

function chooseTarget(targets: readonly Target[], wanted: string | undefined): string {
  const names = targets.map(({ name }) => name);
  const [only, ...more] = names;
  if (wanted === undefined && only !== undefined && more.length === 0) return only;
  if (wanted !== undefined && names.includes(wanted)) return wanted;
  const what = wanted === undefined ? 'there are several targets' : `there is no target ${JSON.stringify(wanted)}`;
  throw badParameter(`${what}; name one as ?target=…: ${names.join(', ')}`);
}

/** The body may be empty, or say `{ "target": "eu-1" }`. */
async function targetInBody({ request }: Exchange): Promise<string | undefined> {
  const body = (await readBody(request)).trim();
  if (body === '') return undefined;
  const target = parseTarget(body);
  if (target === null) throw badParameter('the body may be empty or a JSON object with one key, target: a text');
  return target;
}

/** Gives the target of a body, undefined where it names none, or null where it is no such object. */
function parseTarget(body: string): string | null | undefined {
  try {
    const read: unknown = JSON.parse(body);
    if (typeof read !== 'object' || Array.isArray(read)) return null;
    const { target, ...rest } = { ...read } as { readonly target?: unknown };
    const isText = typeof target === 'string' || target === undefined;
    return isText && Object.keys(rest).length === 0 ? target : null;
  } catch {
    return null;
  }
}

function unknownJob(job: string): Problem {
  return new Problem(404, {
    kind: 'unknown-job',
    detail: `there is no job ${JSON.stringify(job)}; GET /api/v1/jobs lists them`,
  });
}
