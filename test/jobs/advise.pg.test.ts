import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createAdviseKind } from '../../src/jobs/advise.js';
import { readJobs } from '../../src/jobs/definitions.js';
import { KeptFindings } from '../../src/jobs/findings/kept-findings.js';
import { ensureOwnTables, ownTables } from '../../src/migrate/own-tables.js';
import type { AdviceReport } from '../../src/model/advice.js';
import type { WorkerEvent } from '../../src/worker/worker-event.js';
import { testDatabase } from '../postgres.js';
import { callDefinition, callJob } from '../worker/by-hand.js';
import { findingOf } from './findings.js';

const SECRET = 'a secret of the webhook';

describe('the job advise', () => {
  it('keeps what it finds with first and last seen, and closes what is gone', async () => {
    const { list, advise } = await adviser();
    expect((await advise(['a', 'b'])).counts).toEqual({ found: 2, new: 2, resolved: 0, announced: 2 });
    const before = await list();
    expect((await advise(['b', 'c'])).counts).toEqual({ found: 2, new: 1, resolved: 1, announced: 1 });
    const after = await list();
    const keyed = (key: string) => [before, after].map((findings) => findings.find((each) => each.key === key));
    expect(keyed('a')[1]?.resolvedAt).not.toBeNull();
    expect(keyed('b')[1]?.firstSeenAt).toBe(keyed('b')[0]?.firstSeenAt);
    expect(keyed('b')[1]?.lastSeenAt).not.toBe(keyed('b')[0]?.lastSeenAt);
    // What comes back is new again.
    expect((await advise(['a', 'b', 'c'])).counts).toEqual({ found: 3, new: 1, resolved: 0, announced: 1 });
  });

  it('leaves what a rule could not judge as it was', async () => {
    const { advise } = await adviser();
    await advise(['a']);
    expect((await advise([], { skippedRules: [{ ruleId: 'missing-index', reason: 'no statistics' }] })).counts).toEqual(
      {
        ...{ found: 0, new: 0, resolved: 0 },
      },
    );
  });

  it('closes what a rule has looked into and withheld', async () => {
    const { advise } = await adviser();
    await advise(['a']);
    const withheld = [{ ruleId: 'missing-index', key: 'a', reason: 'it is no faster' }];
    expect((await advise([], { withheld })).counts).toEqual({ found: 0, new: 0, resolved: 1 });
  });

  it('tells metrics of new findings once', async () => {
    const { advise } = await adviser();
    const events: WorkerEvent[] = [];
    await advise(['a'], {}, events);
    await advise(['a'], {}, events);
    const figures = events.flatMap((event) => (event.kind === 'batch done' ? event.figures : []));
    expect(figures).toEqual([{ name: 'findings_new', labels: { rule: 'missing-index', severity: 'warn' }, value: 1 }]);
  });

  it('sends new findings to the webhook, signed, and no text of statements', async () => {
    const hook = await receiver([200]);
    const { advise } = await adviser({ url: hook.url });
    await advise(['a']);
    await advise(['a']);
    expect(hook.received).toHaveLength(1);
    const [{ headers, body } = { headers: {}, body: '' }] = hook.received;
    const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
    expect(headers['webhook-signature']).toBe(`v1,${createHmac('sha256', SECRET).update(signed).digest('base64')}`);
    expect(JSON.parse(body)).toMatchObject({ type: 'findings.new', job: 'advise', findings: [{ key: 'a' }] });
    expect(body).not.toContain('SELECT secret');
  });

  it('tries a webhook again, under one id, and the next run does where it never took them', async () => {
    const hook = await receiver([503, 200]);
    const { advise } = await adviser({ url: hook.url });
    expect((await advise(['a'])).status).toBe('succeeded');
    const ids = hook.received.map(({ headers }) => headers['webhook-id']);
    expect([ids.length, new Set(ids).size]).toEqual([2, 1]);
    const refusing = await receiver([404, 200]);
    const other = await adviser({ url: refusing.url });
    const refused = await other.advise(['a']);
    expect([refused.status, refused.error]).toEqual(['failed', expect.stringContaining('it answered 404')]);
    expect((await other.advise(['a'])).counts).toMatchObject({ announced: 1 });
  });

  it('asks advise itself, and says which rule there is not', async () => {
    const { url, session } = await testDatabase();
    await session.script(`CREATE TABLE orders (id int PRIMARY KEY, customer int);
      CREATE INDEX one ON orders (customer); CREATE INDEX two ON orders (customer);
      INSERT INTO orders SELECT n, n % 500 FROM generate_series(1, 5000) AS n; ANALYZE orders`);
    const folder = mkdtempSync(join(tmpdir(), 'pgsteward-advise-'));
    writeFileSync(join(folder, 'workload.sql'), 'SELECT id FROM orders WHERE customer = 7;');
    const ask = (changes: object) => {
      const keys = { planner: 'target', workload: [`sql:${folder}/workload.sql`], ...changes };
      return callJob({ url, name: 'advise', jobs: { advise: keys } });
    };
    expect(await ask({ rules: ['nothing'] })).toMatchObject({ status: 'failed', error: 'there is no rule "nothing"' });
    expect(await ask({ rules: ['redundant-index'] })).toMatchObject({ error: null, counts: { new: 1, announced: 1 } });
    const [kept] = await new KeptFindings('steward').list(session, { state: 'open', limit: 5 });
    expect(kept).toMatchObject({ ruleId: 'redundant-index', relations: ['public.orders'] });
    rmSync(folder, { recursive: true });
  });
});

const closers: (() => void)[] = [];
afterAll(() => {
  for (const close of closers) close();
});

/** An HTTP server that answers as it is told, the last answer again and again. */
async function receiver(statuses: readonly number[]) {
  const received: { readonly headers: IncomingHttpHeaders; readonly body: string }[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    response.statusCode = statuses[received.length] ?? statuses.at(-1) ?? 500;
    received.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => server.close());
  return { received, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook` };
}

/** A database of its own, and advice on it that finds what it is told. */
async function adviser(webhook: { readonly url: string } | null = null) {
  const { url, session } = await testDatabase({
    template: 'own-tables',
    prepare: (fresh) => ensureOwnTables(fresh, ownTables('steward')),
  });
  const advise = (keys: readonly string[], changes: Partial<AdviceReport> = {}, events: WorkerEvent[] = []) => {
    const kind = createAdviseKind(async () => ({ ...reportOf(keys), ...changes }));
    const config = kind.schema.parse({ webhook: webhook === null ? null : { ...webhook, secret: SECRET } });
    const shipped = readJobs({}).find(({ name }) => name === 'advise');
    if (shipped === undefined) throw new Error('no job advise');
    return callDefinition({ ...shipped, kind, config }, { url, changes: { onEvent: (event) => events.push(event) } });
  };
  const list = () => new KeptFindings('steward').list(session, { state: 'all', limit: 50 });
  return { list, advise };
}

function reportOf(keys: readonly string[]): AdviceReport {
  return {
    ...{ schemaVersion: 1, tool: { name: 'pgsteward', version: '0' }, startedAt: '', durationMs: 0 },
    server: { version: '18.4', major: 18, plannedOn: 'twin 18.4' },
    workload: { source: [], statements: 0, calls: 0, totalTimeMs: 0, skipped: [] },
    ...{ findings: keys.map(findingOf), statements: [], skippedRules: [] },
    indexSet: { create: [], drop: [], sizeBytes: 0, workloadCostBefore: 0, workloadCostAfter: 0, writeCost: 0 },
  };
}
