import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EmbeddedServer, startServer } from '../../../src/embedded/server.js';
import type { Snapshot } from '../../../src/model/snapshot.js';
import { buildTwin } from '../../../src/planner/twin/build.js';
import { openSession, type Session } from '../../../src/postgres/session.js';
import { readSnapshot } from '../../../src/postgres/snapshot-reader.js';
import { realPlan } from '../shop.js';

const WARES = `
  CREATE TYPE kind AS ENUM ('big', 'small', 'odd');
  CREATE TABLE wares (id int PRIMARY KEY, kind kind, colour text, box int, sold_at timestamptz, size int4range);
  INSERT INTO wares SELECT i, (ARRAY['big', 'small', 'odd'])[1 + i % 3]::kind, CASE WHEN i % 7 > 0 THEN 'it''s ' || i % 3 END,
                           i % 6, now(), int4range(i % 50, i % 50 + i % 9) FROM generate_series(1, 20000) AS i;
  CREATE STATISTICS wares_kinds (ndistinct, dependencies, mcv) ON kind, colour, box FROM wares;
  CREATE TABLE days (id int PRIMARY KEY, at timestamp);
  INSERT INTO days SELECT i, timestamp '2025-01-01' + i * interval '1 hour' FROM generate_series(1, 5000) AS i;
  CREATE STATISTICS days_days ON (date_trunc('day', at)) FROM days;
  CREATE TABLE lent AS SELECT i AS a, i AS b FROM generate_series(1, 500) AS i;
  CREATE STATISTICS lent_both ON a, b FROM lent;
  CREATE TABLE unseen (id int PRIMARY KEY);
  INSERT INTO unseen SELECT generate_series(1, 500);
  CREATE ROLE reader LOGIN IN ROLE pg_monitor;
  GRANT SELECT ON days, lent TO reader;
  ALTER TABLE wares OWNER TO reader;`;

const CORRELATED = [
  "SELECT * FROM wares WHERE kind = 'odd' AND colour = 'it''s 2' AND box = 5",
  "SELECT * FROM wares WHERE kind = 'odd' AND colour IS NULL",
  'SELECT kind, colour, box, count(*) FROM wares GROUP BY 1, 2, 3',
];

describe.each([15, 18] as const)('a twin of what a role with few rights may read, on PostgreSQL %i', (major) => {
  let server: EmbeddedServer;
  let session: Session;
  let snapshot: Snapshot;

  beforeAll(async () => {
    server = await startServer({ major, settings: { autovacuum: 'off' } });
    await server.createDatabase('source');
    session = await openSession(server.url('source'));
    await session.script(WARES);
    await session.query('VACUUM');
    await session.query('ANALYZE');
    const own = new URL(server.url('source'));
    own.username = 'reader';
    const reader = await openSession(own.href, { readOnly: true });
    snapshot = await readSnapshot(reader);
    await reader.close();
  });

  afterAll(async () => {
    await session?.close();
    await server?.stop();
  });

  it('plans with the extended statistics of tables that the role owns', async () => {
    const twin = await buildTwin(snapshot, { server });
    for (const sql of CORRELATED) {
      const [planned, real] = [await twin.explain(sql, []), await realPlan(session, sql)];
      expect([planned.totalCost, planned.rowsEstimate], sql).toEqual([real.totalCost, real.rowsEstimate]);
    }
    await twin.close();
  });

  it('plans nothing of which the role sees less than the planner reads', async () => {
    const twin = await buildTwin(snapshot, { server });
    const costs = await twin.costs(
      [
        'SELECT * FROM days',
        'SELECT * FROM lent',
        'SELECT * FROM unseen',
        'SELECT id FROM wares WHERE size @> 5',
        'SELECT id FROM wares',
      ],
      [],
    );
    await twin.close();
    const hidden = expect.stringMatching(
      /^the statistics of the ranges in public\.wares\.size are visible to superusers/,
    );
    expect(costs.map((cost) => (cost instanceof Error ? cost.message : 'planned'))).toEqual([
      'the statistics of public.days are not visible to the role that read them',
      'the statistics of public.lent are not visible to the role that read them',
      'the statistics of public.unseen are not visible to the role that read them',
      major < 17 ? hidden : 'planned',
      'planned',
    ]);
  });
});
