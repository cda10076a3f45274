import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EmbeddedServer, startServer } from '../../../src/embedded/server.js';
import { indexSpecKey, type PlanCost, type Planner } from '../../../src/model/planner.js';
import { buildTwin } from '../../../src/planner/twin/build.js';
import { openSession, type Session } from '../../../src/postgres/session.js';
import { readSnapshot } from '../../../src/postgres/snapshot-reader.js';
import { HARBOUR_STATEMENTS, makeHarbour } from '../harbour.js';
import { indexOn, realPlan, realPlanWith, shapeOf } from '../shop.js';

const harbour = (table: string, keys: readonly string[], predicate: string | null = null) =>
  indexOn(table, keys, { table: { schema: 'harbour', name: table }, predicate });

const CANDIDATES = {
  'a partitioned table': [
    "SELECT * FROM harbour.calls WHERE quay = 3 AND at > '2025-01-01'",
    harbour('calls', ['quay', 'at']),
  ],
  'pruned partitions': [
    "SELECT * FROM harbour.calls WHERE fee = 5 AND at BETWEEN '2025-02-01' AND '2025-03-01'",
    harbour('calls', ['fee']),
  ],
  'a partial index of partitions': [
    'SELECT * FROM harbour.calls WHERE quay = 3 AND fee > 890',
    harbour('calls', ['fee'], 'quay = 3'),
  ],
  'hash partitions': ["SELECT * FROM harbour.crates WHERE owner_name = 'o9'", harbour('crates', ['owner_name'])],
  'a materialized view': ['SELECT * FROM harbour.quays WHERE calls = 7', harbour('quays', ['calls'])],
  'a table under a view': [
    "SELECT * FROM harbour.visits WHERE quay = 1 AND name = 'Åsa4'",
    harbour('ships', ['name', 'id']),
  ],
  'a parent of children': ["SELECT * FROM harbour.events WHERE kind = 'k1'", harbour('events', ['kind'])],
} as const;

describe.each([15, 18] as const)('a twin of what schemas hold beside tables, on PostgreSQL %i', (major) => {
  let server: EmbeddedServer;
  let session: Session;
  let copy: Session;
  let twin: Planner;

  beforeAll(async () => {
    server = await startServer({ major, settings: { autovacuum: 'off' } });
    await server.createDatabase('source');
    session = await openSession(server.url('source'));
    await makeHarbour(session);
    await session.close();
    await server.createDatabase('copy', { template: 'source' });
    [session, copy] = await Promise.all([openSession(server.url('source')), openSession(server.url('copy'))]);
    twin = await buildTwin(await readSnapshot(session), { server });
  });

  afterAll(async () => {
    await twin?.close();
    await Promise.all([session?.close(), copy?.close()]);
    await server?.stop();
  });

  it.each(Object.entries(HARBOUR_STATEMENTS))('plans %s as the source does', async (_, sql) => {
    const real = await realPlan(session, sql);
    const planned = await twin.explain(sql, []);
    expect(shapeOf(planned)).toBe(shapeOf(real));
    expect(Math.abs(planned.totalCost / real.totalCost - 1)).toBeLessThan(0.001);
  });

  it.each(Object.entries(CANDIDATES))(
    'plans with an index on %s as the source does when it is built',
    async (_, [sql, index]) => {
      const real = await realPlanWith(copy, sql, index);
      const planned = await twin.explain(sql, [index]);
      expect(shapeOf(planned)).toBe(shapeOf(real.plan));
      expect(Math.abs(planned.totalCost / real.plan.totalCost - 1)).toBeLessThan(0.03);
    },
  );

  it('names the index of the whole where plans show those of its partitions', async () => {
    const [sql, index] = CANDIDATES['a partitioned table'];
    const [cost] = (await twin.costs([sql], [index])) as PlanCost[];
    expect(cost?.hypotheticalUsed).toEqual([indexSpecKey(index)]);
    const own = harbour('calls_2025', ['quay', 'at']);
    const [alone] = (await twin.costs(
      ["SELECT * FROM harbour.calls_2025 WHERE quay = 3 AND at < '2025-01-09'"],
      [own],
    )) as PlanCost[];
    expect(alone?.hypotheticalUsed).toEqual([indexSpecKey(own)]);
    const whole = await twin.size(index);
    expect(whole.rowsEstimate).toBe(60_000);
    expect(whole.sizeBytes).toBeGreaterThan((await twin.size(own)).sizeBytes);
  });

  it('refuses to plan with what a function would read from tables', async () => {
    const [cost] = await twin.costs(['SELECT * FROM harbour.ships WHERE kg = harbour.heaviest()'], []);
    expect((cost as Error).message).toBe(
      'the function harbour.heaviest reads tables while the statement is planned, and a twin has none of their rows',
    );
  });
});
