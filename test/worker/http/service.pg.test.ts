import { createHash } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { LIMIT, recordRun, serve, serveWithout, TOKEN } from './served.js';
import { workerOf } from './worker.js';

describe('the probes', () => {
  it('say that the process lives and is ready', async () => {
    const { url } = await serve();
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    const ready = await fetch(`${url}/readyz`);
    expect([ready.status, await ready.json()]).toEqual([200, { ready: true, reasons: [] }]);
  });

  it('answer 503 with every reason while the worker may not work', async () => {
    const { url } = await serve({ worker: workerOf({ obstacles: () => ['the worker drains'] }) });
    const ready = await fetch(`${url}/readyz`);
    expect([ready.status, await ready.json()]).toEqual([503, { ready: false, reasons: ['the worker drains'] }]);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
  });

  it('answer 503 while the database does not answer, and name no host', async () => {
    const { url } = await serveWithout();
    const ready = await fetch(`${url}/readyz`);
    expect(ready.status).toBe(503);
    expect(await ready.json()).toEqual({ ready: false, reasons: ['the home database does not answer'] });
  });

  it('are not limited', async () => {
    const { url } = await serve({ settings: settings({ requests: 1 }) });
    const statuses = [];
    for (const path of ['/healthz', '/readyz', '/metrics', '/healthz', '/readyz', '/metrics'])
      statuses.push((await fetch(`${url}${path}`)).status);
    expect(statuses).toEqual([200, 200, 200, 200, 200, 200]);
  });
});

describe('the API', () => {
  it('refuses who shows no token, a wrong one, or one without the scope', async () => {
    const { url } = await serve({
      settings: { ...settings(), tokens: [{ name: 'reader', sha256: sha256('read-me'), scopes: ['read'] }] },
    });
    const ask = async (authorization: string | null, path = '/api/v1/runs', method = 'GET') => {
      const headers: Record<string, string> = authorization === null ? {} : { Authorization: authorization };
      const answer = await fetch(`${url}${path}`, { method, headers });
      return [answer.status, answer.headers.get('www-authenticate')];
    };
    expect(await ask(null)).toEqual([401, 'Bearer']);
    expect(await ask('Basic Zm9vOmJhcg==')).toEqual([401, 'Bearer']);
    expect(await ask('Bearer wrong')).toEqual([401, 'Bearer error="invalid_token"']);
    expect(await ask('Bearer read-me')).toEqual([200, null]);
    expect(await ask('Bearer read-me', '/api/v1/jobs/verify-audit/run', 'POST')).toEqual([
      403,
      'Bearer error="insufficient_scope", scope="run"',
    ]);
  });

  it('refuses everybody where no token is configured', async () => {
    const { url } = await serve({ settings: { ...settings(), token: undefined } });
    const answer = await fetch(`${url}/api/v1/jobs`, { headers: { Authorization: 'Bearer ' } });
    expect(answer.status).toBe(401);
    expect((await read(answer)).detail).toContain('no token is configured');
  });

  it('tells errors as problems that name no statement', async () => {
    const { get, session } = await serve();
    await session.query('DROP TABLE steward.job_runs');
    const answer = await get('/api/v1/runs');
    expect(answer.status).toBe(503);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(answer.headers.get('retry-after')).toBe('5');
    expect(await answer.json()).toEqual({
      ...{ type: 'urn:pgsteward:problem:database', title: 'Service Unavailable', status: 503 },
      detail: expect.not.stringContaining('job_runs'),
      instance: expect.stringMatching(/^urn:uuid:/),
    });
  });

  it('lists the jobs with their last runs', async () => {
    const { get, session } = await serve();
    await recordRun(session, 'purge-sessions', { deleted: 3 });
    const runId = await recordRun(session, 'purge-sessions', { deleted: 4 });
    const { items, nextCursor } = await read(await get('/api/v1/jobs'));
    expect(nextCursor).toBeNull();
    expect(items).toMatchObject([
      { name: 'purge-sessions', schedule: '17 * * * *', lastRuns: [{ runId, counts: { deleted: 4 } }] },
      { name: 'verify-audit', schedule: null, nextFireAt: null, lastRuns: [] },
    ]);
    const first = await read(await get('/api/v1/jobs?limit=1'));
    const second = await read(await get(`/api/v1/jobs?limit=1&cursor=${first.nextCursor}`));
    expect([first.items[0]?.name, second.items[0]?.name, second.nextCursor]).toEqual([
      'purge-sessions',
      'verify-audit',
      null,
    ]);
  });

  it('gives every run once, page by page, although others begin meanwhile', async () => {
    const { get, session } = await serve();
    const recorded: string[] = [];
    for (let run = 0; run < 7; run += 1) recorded.push(await recordRun(session, 'verify-audit'));
    // Two that started in one microsecond.
    await session.query('UPDATE steward.job_runs SET started_at = (SELECT min(started_at) FROM steward.job_runs)');
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page: Body = await read(await get(`/api/v1/runs?limit=3${cursor === '' ? '' : `&cursor=${cursor}`}`));
      seen.push(...page.items.map(({ runId }) => runId));
      await recordRun(session, 'purge-sessions');
      cursor = page.nextCursor;
    }
    expect(seen).toHaveLength(7);
    expect(new Set(seen)).toEqual(new Set(recorded));
  });

  it('gives a run as the contract has it, and filters', async () => {
    const { get, session } = await serve();
    const runId = await recordRun(session, 'verify-audit', { rows: 2 });
    await recordRun(session, 'purge-sessions');
    const { items } = await read(await get('/api/v1/runs?job=verify-audit&target=home&status=succeeded'));
    expect(items).toEqual([
      {
        ...{ runId, job: 'verify-audit', target: 'home', fireAt: null, status: 'succeeded', counts: { rows: 2 } },
        ...{ startedAt: expect.stringMatching(/Z$/), finishedAt: expect.stringMatching(/Z$/), error: null },
      },
    ]);
    expect((await read(await get('/api/v1/runs?status=failed'))).items).toEqual([]);
  });

  it.each([
    'limit=0',
    'limit=201',
    'limit=ten',
    'limit=1&limit=2',
    'status=lost',
    'cursor=',
    'cursor=bm9uc2Vuc2U',
    `cursor=${Buffer.from('["jobs","purge-sessions"]').toString('base64url')}`,
    `cursor=${Buffer.from(`["runs","2026-01-01T00:00:00.000000Z","' OR 1=1"]`).toString('base64url')}`,
    'colour=red',
    'job=%00',
  ])('refuses %s as a parameter of the runs', async (query) => {
    const { get } = await shared();
    const answer = await get(`/api/v1/runs?${query}`);
    expect(answer.status).toBe(400);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
  });

  it('starts a run, and answers 409 while it lasts and 404 for no such job', async () => {
    const answers = {
      'purge-sessions': { kind: 'started', runId: 'r1' },
      'verify-audit': { kind: 'running', runId: 'r2' },
    };
    const { get } = await serve({
      worker: workerOf({
        startRun: async (job) => answers[job as 'verify-audit'] as { kind: 'started'; runId: string },
      }),
    });
    const start = (job: string, body?: string) =>
      get(`/api/v1/jobs/${job}/run`, { method: 'POST', ...(body === undefined ? {} : { body }) });
    const started = await start('purge-sessions');
    expect([started.status, await started.json()]).toEqual([202, { runId: 'r1' }]);
    expect((await start('purge-sessions', '{"target":"home"}')).status).toBe(202);
    expect((await start('verify-audit')).status).toBe(409);
    expect((await start('no-such-job')).status).toBe(404);
    expect((await start('purge-sessions', '{"target":"mars"}')).status).toBe(400);
    expect((await start('purge-sessions', '[]')).status).toBe(400);
  });

  it('answers 503 to a start while the worker drains', async () => {
    const { get } = await serve({
      worker: workerOf({ startRun: async () => ({ kind: 'refused', reason: 'the worker drains' }) }),
    });
    const answer = await get('/api/v1/jobs/verify-audit/run', { method: 'POST' });
    expect([answer.status, (await read(answer)).detail]).toEqual([503, 'the worker drains']);
  });

  it('wants a target where there are several', async () => {
    const wanted: string[] = [];
    const targets = ['eu-1', 'eu-2'].map((name) => ({ name, url: '', isHome: false }));
    const { get } = await serve({
      targets,
      worker: workerOf({
        startRun: async (_, target) => {
          wanted.push(target);
          return { kind: 'started', runId: 'r' };
        },
      }),
    });
    const start = (query: string) => get(`/api/v1/jobs/verify-audit/run${query}`, { method: 'POST' });
    expect((await start('')).status).toBe(400);
    expect((await start('?target=eu-2')).status).toBe(202);
    expect(wanted).toEqual(['eu-2']);
  });
});

describe('the limit of requests', () => {
  it('holds for all replicas together, and each token and the address have their own', async () => {
    const tokens = [{ name: 'other', sha256: sha256('other'), scopes: ['read' as const] }];
    const one = await serve({ settings: { ...settings({ requests: 4 }), tokens } });
    const two = await serveWithout({
      ...{ settings: { ...settings({ requests: 4 }), tokens }, home: one.home, targets: [one.home] },
    });
    const ask = (url: string, token: string | null) =>
      fetch(`${url}/api/v1/jobs`, { headers: token === null ? {} : { Authorization: `Bearer ${token}` } });
    const statuses: number[] = [];
    for (const url of [one.url, two.url, one.url, two.url, one.url, two.url])
      statuses.push((await ask(url, TOKEN)).status);
    expect(statuses).toEqual([200, 200, 200, 200, 429, 429]);
    const refused = await ask(one.url, TOKEN);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(refused.headers.get('content-type')).toBe('application/problem+json');
    expect((await ask(two.url, 'other')).status).toBe(200);
    expect((await ask(two.url, null)).status).toBe(401);
  });

  it('is kept by each replica alone while the database does not answer', async () => {
    const { url } = await serveWithout({ settings: settings({ requests: 2 }) });
    const ask = () => fetch(`${url}/nowhere`);
    expect([(await ask()).status, (await ask()).status, (await ask()).status]).toEqual([404, 404, 429]);
  });
});

describe('the server', () => {
  it('answers HEAD like GET without a body', async () => {
    const { get } = await shared();
    const [head, whole] = [await get('/api/v1/jobs', { method: 'HEAD' }), await get('/api/v1/jobs')];
    expect([head.status, await head.text()]).toEqual([200, '']);
    expect(head.headers.get('content-length')).toBe(String((await whole.text()).length));
  });

  it.each([
    ['DELETE', '/api/v1/runs', 405, 'GET, HEAD'],
    ['GET', '/api/v1/jobs/verify-audit/run', 405, 'POST'],
    ['OPTIONS', '/healthz', 405, 'GET, HEAD'],
    ['GET', '/api/v1/nothing', 404, null],
    ['GET', '/%zz', 400, null],
  ])('answers %s %s with %i', async (method, path, status, allow) => {
    const { get } = await shared();
    const answer = await get(path, { method });
    expect([answer.status, answer.headers.get('allow')]).toEqual([status, allow]);
  });

  it('refuses a body that is too long, announced or not', async () => {
    const { get } = await shared();
    const long = 'x'.repeat(70_000);
    const path = '/api/v1/jobs/verify-audit/run';
    expect((await get(path, { method: 'POST', body: long })).status).toBe(413);
    const pieces = new ReadableStream({
      start: (controller) => {
        controller.enqueue(Buffer.from(long));
        controller.close();
      },
    });
    const chunked = { method: 'POST', body: pieces, duplex: 'half' } as RequestInit;
    expect((await get(path, chunked)).status).toBe(413);
  });

  it('sends what keeps a browser from being misled', async () => {
    const { url } = await shared();
    const { headers } = await fetch(`${url}/nowhere`);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(headers.get('cache-control')).toBe('no-store');
  });

  it('answers what is not HTTP with a problem', async () => {
    const { url } = await shared();
    expect(await say(url, 'nonsense\r\n\r\n')).toMatch(/^HTTP\/1.1 400 Bad Request\r\n(?:.*\r\n)*.*problem\+json/);
    const long = `GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`;
    expect(await say(url, long)).toMatch(/^HTTP\/1.1 431 /);
  });

  it('takes no more requests once it is closed and ends those under way', async () => {
    const service = await serve();
    const agent = httpRequest(`${service.url}/healthz`);
    await new Promise((resolve) => agent.on('response', resolve).end());
    await service.close();
    await expect(fetch(`${service.url}/healthz`)).rejects.toThrow();
  });

  it('says which place is taken when it cannot listen', async () => {
    const { url } = await shared();
    const listen = url.replace('http://', '');
    await expect(serveWithout({ settings: { ...settings(), listen } })).rejects.toThrow(listen);
  });
});

/** What answers hold, of lists and of problems. */
interface Body {
  readonly items: readonly { readonly name: string; readonly runId: string }[];
  readonly nextCursor: string | null;
  readonly detail: string;
}

async function read(answer: Response): Promise<Body> {
  return (await answer.json()) as Body;
}

let kept: ReturnType<typeof serve> | undefined;
/** One service for the tests that change nothing. */
function shared(): ReturnType<typeof serve> {
  kept ??= serve();
  return kept;
}

function settings(limit: Partial<typeof LIMIT> = {}) {
  return { listen: '127.0.0.1:0', token: TOKEN, tokens: [], rateLimit: { ...LIMIT, ...limit } };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Writes to the socket and gives all that comes back. */
function say(url: string, text: string): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    let heard = '';
    const socket = connect(Number(port), hostname, () => socket.write(text));
    socket.on('data', (chunk) => {
      heard += chunk.toString();
    });
    socket.on('end', () => resolve(heard)).on('error', reject);
  });
}
