import { beforeAll, expect, it, vi } from 'vitest';
import { type TestDatabase, testDatabase } from '../postgres.js';
import { adviseOn, found } from './advise-on.js';

// Each run of advice starts a server of its own, which a busy machine makes a matter of many seconds.
vi.setConfig({ testTimeout: 120_000 });

let desk: TestDatabase;

beforeAll(async () => {
  desk = await testDatabase({
    template: 'desk',
    prepare: (session) =>
      session.script(`
        CREATE FUNCTION pick(n bigint, seed bigint, most bigint) RETURNS int LANGUAGE sql IMMUTABLE
          AS 'SELECT ((hashint8extended(n, seed) & 9007199254740991) % most)::int';
        CREATE TABLE tickets (
          id int PRIMARY KEY, tenant int NOT NULL, state text NOT NULL, queue text NOT NULL, tags text[] NOT NULL,
          bounced_at timestamptz, gone timestamptz, at timestamptz NOT NULL, note text NOT NULL
        );
        INSERT INTO tickets
        SELECT n, 1 + pick(n, 1, 17) * pick(n, 2, 18), CASE WHEN pick(n, 3, 50) = 0 THEN 'open' ELSE 'done' END,
          'q' || pick(n, 4, 4), ARRAY['t' || pick(n, 5, 60), 't' || 60 + pick(n, 6, 900)],
          CASE WHEN pick(n, 7, 60) = 0 THEN timestamptz '2026-01-01' + n * interval '7 min' END,
          CASE WHEN pick(n, 8, 30) < 10 THEN timestamptz '2026-01-01' END,
          timestamptz '2025-01-01' + n * interval '7 min', repeat('x', 150)
        FROM generate_series(1, 150000) n;
        ANALYZE tickets`),
  });
  await desk.session.query('VACUUM tickets');
});

const lately = { sql: "SELECT count(*) FROM tickets WHERE at >= '2026-12-10'", calls: 300 };
const ofMonth = {
  sql: "SELECT date_trunc('day', at), count(*) FROM tickets WHERE tenant = 20 AND at >= '2026-02-01' AND at < '2026-03-01' GROUP BY 1",
};

it('is found beside one that cannot be built, such as on what hangs on the time zone', async () => {
  const tagged = { sql: "SELECT id FROM tickets WHERE tags @> ARRAY['t300'] AND gone IS NULL" };
  expect(found(await adviseOn(desk.url, [tagged, ofMonth]))).toEqual([
    'tickets(gin tags) where gone IS NULL',
    'tickets(tenant,at)',
  ]);
});

it('is kept beside another one that serves more where it halves what a statement still costs', async () => {
  const page = 'SELECT id, note FROM tickets WHERE tenant = 12 AND gone IS NULL ORDER BY at DESC LIMIT 20';
  expect(found(await adviseOn(desk.url, [{ ...lately, calls: 90_000 }, { sql: page }]))).toEqual([
    'tickets(at)',
    'tickets(tenant,at DESC) where gone IS NULL',
  ]);
});

it('is not exchanged for a smaller one by which a statement that seldom runs costs a multiple', async () => {
  const dear = { sql: "SELECT id FROM tickets WHERE md5(note) = 'x'", calls: 20_000 };
  const sum = { sql: "SELECT count(DISTINCT queue) FROM tickets WHERE tenant = 20 AND at >= '2026-01-01'", calls: 20 };
  const entries = [dear, { ...lately, calls: 20 }, { ...ofMonth, calls: 20 }, sum];
  expect(found(await adviseOn(desk.url, entries))).toContain('tickets(tenant,at)');
});

it('holds what a grouping reads of the few rows that are left, however seldom it is asked for', async () => {
  const dear = { sql: "SELECT id FROM tickets WHERE md5(note) = 'x'", calls: 20_000 };
  const entries = [
    dear,
    {
      sql: "SELECT queue, state, count(*), min(at) FROM tickets WHERE state <> 'done' GROUP BY queue, state",
      calls: 9,
    },
    {
      sql: 'SELECT tenant, count(*), max(bounced_at) FROM tickets WHERE bounced_at IS NOT NULL GROUP BY tenant',
      calls: 9,
    },
  ];
  expect(found(await adviseOn(desk.url, entries))).toEqual(
    expect.arrayContaining([
      "tickets(queue,state,at) where state <> 'done'",
      'tickets(tenant,bounced_at) where bounced_at IS NOT NULL',
    ]),
  );
});
