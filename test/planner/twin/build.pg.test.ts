import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EmbeddedServer, startServer } from '../../../src/embedded/server.js';
import { indexSpecKey, type PlanCost, type Planner } from '../../../src/model/planner.js';
import { buildTwin } from '../../../src/planner/twin/build.js';
import { openSession, type Session } from '../../../src/postgres/session.js';
import { readSnapshot } from '../../../src/postgres/snapshot-reader.js';
import { indexOn, makeShop, realPlan, realPlanWith, shapeOf } from '../shop.js';

const STATEMENTS: Readonly<Record<string, string>> = {
  'a primary key': 'SELECT * FROM shop.orders WHERE id = 77',
  'an enum': "SELECT * FROM shop.orders WHERE state = 'lost' AND amount > 40",
  'an enum range': "SELECT count(*) FROM shop.orders WHERE state > 'paid'",
  'correlated columns': "SELECT * FROM shop.orders WHERE region = 'r3' AND city = 'r3c13' AND state = 'new'",
  'grouping by correlated columns': 'SELECT region, city, count(*) FROM shop.orders GROUP BY region, city',
  'an expression with statistics':
    "SELECT date_trunc('day', created_at AT TIME ZONE 'UTC'), count(*) FROM shop.orders GROUP BY 1",
  'rows behind the histogram': "SELECT * FROM shop.orders WHERE created_at > '2024-07-27 00:00+00'",
  'a partial index': "SELECT * FROM shop.orders WHERE customer_id = 5 AND state = 'new'",
  'an expression index': "SELECT * FROM shop.customers WHERE lower(email) = 'customer7@example.org'",
  'a join by a foreign key':
    "SELECT c.email, sum(o.amount) FROM shop.customers c JOIN shop.orders o ON o.customer_id = c.id WHERE c.country = 'c3' GROUP BY 1",
  'an update': "UPDATE shop.orders SET state = 'lost' WHERE customer_id = 9",
  'a column behind a dropped one': "SELECT * FROM shop.customers WHERE country = 'c1' ORDER BY joined_at DESC LIMIT 5",
};

const CANDIDATES = {
  composite: [
    'SELECT * FROM shop.orders WHERE customer_id = 5 AND created_at > now()',
    indexOn('orders', ['customer_id', 'created_at']),
  ],
  descending: [
    'SELECT * FROM shop.orders WHERE customer_id = 5 ORDER BY created_at DESC LIMIT 3',
    indexOn('orders', ['customer_id', 'created_at desc']),
  ],
  partial: [
    "SELECT * FROM shop.orders WHERE state = 'paid' AND amount > 49",
    indexOn('orders', ['amount'], { predicate: "state = 'paid'" }),
  ],
  enum: ["SELECT * FROM shop.orders WHERE state = 'lost' AND region = 'r1'", indexOn('orders', ['state', 'region'])],
  include: [
    "SELECT sum(amount) FROM shop.orders WHERE region = 'r1'",
    indexOn('orders', ['region'], { include: ['amount'] }),
  ],
  unique: [
    "SELECT * FROM shop.customers WHERE email = 'customer7@example.org'",
    indexOn('customers', ['email'], { unique: true }),
  ],
  expression: ["SELECT * FROM shop.customers WHERE upper(email) = 'X'", indexOn('customers', ['(upper(email))'])],
} as const;

describe.each([15, 18] as const)('a twin on PostgreSQL %i', (major) => {
  let server: EmbeddedServer;
  let session: Session;
  /** A copy in which indexes are really built, which leaves new counts in pg_class even when it is rolled back. */
  let copy: Session;
  let twin: Planner;

  beforeAll(async () => {
    server = await startServer({ major, settings: { autovacuum: 'off' } });
    await server.createDatabase('source');
    session = await openSession(server.url('source'));
    await makeShop(session);
    await session.close();
    await server.createDatabase('copy', { template: 'source' });
    [session, copy] = await Promise.all([openSession(server.url('source')), openSession(server.url('copy'))]);
    // The server of the source holds the twin as well: one start less.
    twin = await buildTwin(await readSnapshot(session), { server });
  });

  afterAll(async () => {
    await twin?.close();
    await Promise.all([session?.close(), copy?.close()]);
    await server?.stop();
  });

  it('says which server plans', () => {
    expect(twin.describe()).toBe(`twin ${server.version}`);
  });

  it.each(Object.entries(STATEMENTS))('plans %s as the source does, to the cent', async (_, sql) => {
    const real = await realPlan(session, sql);
    const planned = await twin.explain(sql, []);
    expect(shapeOf(planned)).toBe(shapeOf(real));
    expect(planned.totalCost).toBe(real.totalCost);
  });

  it.each(Object.entries(CANDIDATES))(
    'plans with a %s index as the source does when it is built',
    async (_, [sql, index]) => {
      const real = await realPlanWith(copy, sql, index);
      const planned = await twin.explain(sql, [index]);
      const { sizeBytes } = await twin.size(index);
      expect(shapeOf(planned)).toBe(shapeOf(real.plan));
      expect(Math.abs(planned.totalCost / real.plan.totalCost - 1)).toBeLessThan(0.03);
      // These indexes are small: a page more or less is what rounding makes.
      expect(Math.abs(sizeBytes / 8192 - real.blocks)).toBeLessThanOrEqual(Math.max(1, real.blocks * 0.06));
    },
  );

  it('forgets a candidate after the statement that it was given for', async () => {
    const [sql, index] = CANDIDATES.enum;
    const before = await twin.explain(sql, []);
    await twin.explain(sql, [index]);
    expect((await twin.explain(sql, [])).totalCost).toBe(before.totalCost);
  });

  it('costs parameters without values by the generic plan', async () => {
    const sql = 'SELECT * FROM shop.orders WHERE customer_id = $1 AND created_at > $2';
    const [cost] = await twin.costs([sql], [CANDIDATES.composite[1]]);
    expect(cost).toMatchObject({ hypotheticalUsed: [indexSpecKey(CANDIDATES.composite[1])] });
    expect(await twin.describeStatement(sql)).toEqual({ parameterTypes: ['integer', 'timestamp with time zone'] });
  });

  it('gives an Error for what cannot be planned and costs the others', async () => {
    const statements = [
      'SELECT * FROM shop.orders',
      'SELECT nothing FROM shop.orders',
      'DROP TABLE shop.orders',
      'SELECT 1; DROP TABLE shop.orders',
      'SELECT * FROM shop.customers',
    ];
    const costs = await twin.costs(statements, [CANDIDATES.enum[1]]);
    expect(costs.map((cost) => (cost instanceof Error ? cost.message : 'planned'))).toEqual([
      'planned',
      'column "nothing" does not exist',
      expect.stringMatching(/syntax error/),
      'the text holds more than one statement',
      'planned',
    ]);
  });

  it('gives an Error to each statement that a candidate which cannot be made concerns', async () => {
    const impossible = indexOn('orders', ['(random())']);
    const [orders, customers] = await twin.costs(
      ['SELECT * FROM shop.orders', 'SELECT * FROM shop.customers'],
      [impossible, CANDIDATES.unique[1]],
    );
    expect((orders as Error).message).toMatch(/cannot be planned with: .* must be marked IMMUTABLE/);
    expect(customers).not.toBeInstanceOf(Error);
  });

  it('makes a unique index although its two seed rows share the key', async () => {
    const index = indexOn('orders', ['(id IS NULL)'], { unique: true });
    const [cost] = await twin.costs(['SELECT * FROM shop.orders WHERE (id IS NULL)'], [index]);
    expect(cost).not.toBeInstanceOf(Error);
  });

  it('names existing indexes with their schema, and shows the text of a plan', async () => {
    const [cost] = (await twin.costs([STATEMENTS['a primary key'] ?? ''], [])) as PlanCost[];
    expect(cost?.existingUsed).toEqual(['shop.orders_pkey']);
    expect(await twin.explainText('SELECT * FROM shop.orders WHERE state = $1', [CANDIDATES.enum[1]])).toMatch(
      /Index Scan .*orders_state_region_idx/s,
    );
  });
});

describe('a twin of its own server', () => {
  it('ends the server when it is closed, with two databases too', async () => {
    const source = await startServer({ settings: { autovacuum: 'off' } });
    try {
      await source.createDatabase('source');
      const session = await openSession(source.url('source'), { readOnly: true });
      const filler = await openSession(source.url('source'));
      await makeShop(filler);
      const before = children();
      const twin = await buildTwin(await readSnapshot(session), { databases: 2 });
      expect(children()).toHaveLength(before.length + 1);
      const statements = Array.from({ length: 40 }, (_, id) => `SELECT * FROM shop.orders WHERE customer_id = ${id}`);
      const costs = await twin.costs(statements, [CANDIDATES.composite[1]]);
      expect(new Set(costs.map((cost) => (cost as PlanCost).hypotheticalUsed.join()))).toEqual(
        new Set([indexSpecKey(CANDIDATES.composite[1])]),
      );
      await twin.close();
      expect(children()).toEqual(before);
      await Promise.all([session.close(), filler.close()]);
    } finally {
      await source.stop();
    }
  });
});

/** Process ids of the servers that this process has started. */
function children(): readonly string[] {
  const { stdout } = spawnSync('pgrep', ['-P', String(process.pid), 'postgres'], { encoding: 'utf8' });
  return stdout.split('\n').filter((line) => line !== '');
}
