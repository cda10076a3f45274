import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EmbeddedServer, startServer } from '../../../src/embedded/server.js';
import type { Planner } from '../../../src/model/planner.js';
import { buildTwin } from '../../../src/planner/twin/build.js';
import { openSession, type Session } from '../../../src/postgres/session.js';
import { readSnapshot } from '../../../src/postgres/snapshot-reader.js';
import { realPlan, shapeOf } from '../shop.js';

const LEDGERS = `
  CREATE ROLE clerk LOGIN; CREATE ROLE auditor LOGIN;
  CREATE TABLE ledgers (id int PRIMARY KEY, tenant int NOT NULL, body text);
  INSERT INTO ledgers SELECT i, i % 400, 'b' || i % 50 FROM generate_series(1, 20000) AS i;
  CREATE INDEX ledgers_body_idx ON ledgers (body);
  CREATE INDEX ledgers_tenant_idx ON ledgers (tenant);
  ALTER TABLE ledgers ENABLE ROW LEVEL SECURITY;
  CREATE POLICY own ON ledgers TO clerk USING (tenant = current_setting('app.tenant')::int);
  GRANT SELECT ON ledgers TO clerk;
  CREATE TABLE bypassed (id int PRIMARY KEY, body text);
  INSERT INTO bypassed SELECT i, 'b' || i % 50 FROM generate_series(1, 20000) AS i;
  ALTER TABLE bypassed ENABLE ROW LEVEL SECURITY;
  CREATE TABLE several (id int PRIMARY KEY);
  INSERT INTO several SELECT generate_series(1, 1000);
  ALTER TABLE several ENABLE ROW LEVEL SECURITY;
  CREATE POLICY few ON several TO clerk USING (id < 10);
  CREATE POLICY most ON several TO auditor USING (id < 900);
  CREATE POLICY always ON several USING (id % 2 = 0);
  CREATE POLICY odd ON several AS RESTRICTIVE TO auditor, clerk USING (id % 3 = 1);
  GRANT SELECT ON several TO clerk, auditor;
  CREATE ROLE reader LOGIN BYPASSRLS IN ROLE pg_read_all_data, auditor;
  CREATE TABLE personal (id int PRIMARY KEY, owner text);
  INSERT INTO personal SELECT i, 'u' || i FROM generate_series(1, 1000) AS i;
  ALTER TABLE personal ENABLE ROW LEVEL SECURITY;
  CREATE POLICY own ON personal USING (owner = CURRENT_USER);
  GRANT SELECT ON personal TO clerk`;

describe('row-level security on a twin', () => {
  let server: EmbeddedServer;
  let session: Session;
  let twin: Planner;

  beforeAll(async () => {
    server = await startServer({ settings: { autovacuum: 'off' } });
    await server.createDatabase('source');
    session = await openSession(server.url('source'));
    await session.script(LEDGERS);
    await session.query('VACUUM');
    await session.query('ANALYZE');
    twin = await buildTwin(await readSnapshot(session), { server });
  });

  afterAll(async () => {
    await twin?.close();
    await session?.close();
    await server?.stop();
  });

  it('plans as a role to which the policies apply', async () => {
    const sql = "SELECT * FROM ledgers WHERE body > 'b48'";
    await session.script("SET app.tenant = '200'; SET ROLE clerk");
    const real = await realPlan(session, sql);
    await session.script('RESET ROLE');
    const owner = await realPlan(session, sql);
    const planned = await twin.explain(sql, []);
    expect(shapeOf(planned)).toBe(shapeOf(real));
    expect(planned.totalCost).toBe(real.totalCost);
    expect(planned.totalCost).not.toBe(owner.totalCost);
  });

  it('plans without policies what only the owner may use', async () => {
    const sql = "SELECT * FROM bypassed WHERE body = 'b7'";
    expect((await twin.explain(sql, [])).totalCost).toBe((await realPlan(session, sql)).totalCost);
  });

  it('does not plan where it takes a role or a session to know what the policies let through', async () => {
    const costs = await twin.costs(['SELECT * FROM several WHERE id = 5', 'SELECT * FROM personal WHERE id = 5'], []);
    expect(costs.map((cost) => (cost instanceof Error ? cost.message : 'planned'))).toEqual([
      'public.several has row-level security, and its policies are for different roles (clerk; auditor; auditor, clerk): read it as a member of those that the application has',
      'public.personal has row-level security, and its policies ask for the name of the role',
    ]);
  });

  it("plans several roles' policies as the role that the reading role is a member of", async () => {
    const reader = await openSession(server.url('source').replace('postgres@', 'reader@'));
    const asMember = await buildTwin(await readSnapshot(reader), { server });
    try {
      const sql = 'SELECT * FROM several WHERE id > 500';
      await session.script('SET ROLE auditor');
      const real = await realPlan(session, sql);
      await session.script('RESET ROLE');
      const planned = await asMember.explain(sql, []);
      expect([planned.filter, planned.rowsEstimate, planned.totalCost]).toEqual([
        real.filter,
        real.rowsEstimate,
        real.totalCost,
      ]);
      expect(planned.filter).toMatch(/id < 900\) OR .*id % 2/);
      expect(planned.filter).not.toMatch(/id < 10\b/);
    } finally {
      await asMember.close();
      await reader.close();
    }
  });

  it('leaves no role behind', async () => {
    const another = await buildTwin(await readSnapshot(session), { server });
    await another.close();
    const { rows } = await session.query("SELECT rolname FROM pg_roles WHERE rolname LIKE '%application'");
    expect(rows).toHaveLength(1);
  });
});
