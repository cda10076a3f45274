import { expect, it } from 'vitest';
import { testDatabase } from '../postgres.js';
import { adviseOn } from './advise-on.js';
import { realBuffers } from './real-buffers.js';

const ENTRIES = [
  { sql: 'SELECT body FROM logs WHERE agent_id = $1 ORDER BY created_at DESC LIMIT 20', parameters: [17] },
  { sql: "SELECT count(*) FROM logs WHERE created_at < '2026-01-20' AND agent_id = $1", parameters: [17] },
];

it('a partitioned table gets its index partition by partition, and drops it as one', async () => {
  const { url, session } = await testDatabase();
  await session.script(`
    CREATE TABLE logs (id bigint, agent_id int, created_at timestamptz, body text) PARTITION BY RANGE (created_at);
    CREATE TABLE logs_1 PARTITION OF logs FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
    CREATE TABLE logs_2 PARTITION OF logs FOR VALUES FROM ('2026-02-01') TO ('2026-03-01');
    INSERT INTO logs
    SELECT n, n * 7919 % 1000, timestamptz '2026-01-01 00:00+00' + n * interval '1 minute', repeat('x', 60)
      FROM generate_series(1, 80000) AS n`);
  await session.query('VACUUM (ANALYZE) logs');
  const { findings, indexSet } = await adviseOn(url, ENTRIES, ['missing-index']);
  expect(findings.map(({ key }) => key)).toEqual(['missing-index:public.logs(agent_id,created_at)']);
  const before = await realBuffers(session, ENTRIES, []);
  const after = await realBuffers(session, ENTRIES, indexSet.create);
  for (const [place, buffers] of after.entries()) expect(buffers * 5).toBeLessThan(before[place] ?? 0);

  const [{ fix } = { fix: null }] = findings;
  expect(fix?.sql.map(({ sql, transactional }) => [sql.replace(/ ON .*/, ''), transactional])).toEqual([
    ['CREATE INDEX CONCURRENTLY logs_1_agent_id_created_at_idx', false],
    ['CREATE INDEX CONCURRENTLY logs_2_agent_id_created_at_idx', false],
    ['CREATE INDEX logs_agent_id_created_at_idx', true],
  ]);
  for (const { sql } of fix?.sql ?? []) await session.query(sql);
  expect((await adviseOn(url, ENTRIES, ['missing-index'])).findings).toEqual([]);
  for (const sql of fix?.undo ?? []) await session.query(sql);
  const { rows } = await session.query('SELECT 1 FROM pg_index WHERE indrelid::regclass::text LIKE $1', ['logs%']);
  expect(rows).toEqual([]);
}, 120_000);
