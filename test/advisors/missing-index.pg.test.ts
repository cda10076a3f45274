import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { AdviceReport } from '../../src/model/advice.js';
import { type TestDatabase, testDatabase } from '../postgres.js';
import { adviseOn, found, type WorkloadEntry } from './advise-on.js';
import { fillDepot } from './depot.js';
import { realBuffers } from './real-buffers.js';

// Each run of advice starts a server of its own, which a busy machine makes a matter of many seconds.
vi.setConfig({ testTimeout: 120_000 });

let depot: TestDatabase;

/** A depot of its own, for tests that change it. */
const freshDepot = () => testDatabase({ template: 'depot', prepare: fillDepot });

beforeAll(async () => {
  depot = await freshDepot();
});

/** Expects that the indexes, really built, at least halve what each statement reads. */
async function expectHalved(report: AdviceReport, entries: readonly WorkloadEntry[]): Promise<void> {
  const before = await realBuffers(depot.session, entries, []);
  const after = await realBuffers(depot.session, entries, report.indexSet.create);
  for (const [place, buffers] of after.entries())
    expect(buffers * 2, `buffers of ${entries[place]?.sql}, ${before[place]} before`).toBeLessThanOrEqual(
      before[place] ?? 0,
    );
}

describe('finds the index for', () => {
  it('a statement beside one that costs thousands of times as much, where no calls are counted', async () => {
    const pairs =
      'SELECT count(*) FROM events a JOIN events b ON a.created_at < b.created_at JOIN agents c ON c.id > a.agent_id';
    const report = await adviseOn(depot.url, [
      { sql: pairs, calls: 1 },
      { sql: "SELECT id FROM jobs WHERE md5(payload) = 'x'", calls: 1 },
    ]);
    expect(found(report)).toContain('jobs((md5(payload)))');
  });

  it('a table that is read whole for few rows, beside another on which the statement spends more', async () => {
    const { url, session } = await testDatabase();
    await session.script(`
      CREATE TABLE notes (id int PRIMARY KEY, owner int NOT NULL, topic int NOT NULL, body text NOT NULL);
      CREATE TABLE replies (id int PRIMARY KEY, topic int NOT NULL, body text NOT NULL);
      INSERT INTO notes SELECT n, n * 7919 % 1000, n * 31 % 999, repeat('x', 250) FROM generate_series(1, 20000) n;
      INSERT INTO replies SELECT n, n * 7919 % 1000, repeat('y', 250) FROM generate_series(1, 100000) n;
      CREATE INDEX ON replies (topic); ANALYZE`);
    const sql = 'SELECT n.body, r.body FROM notes n JOIN replies r ON r.topic = n.topic WHERE n.owner = 7';
    expect(found(await adviseOn(url, [{ sql }]))).toEqual(['notes(owner)']);
  });

  it('states with their times, the latest rows of one key and of each, a queue and a name', async () => {
    const entries = [
      {
        sql: "SELECT id FROM commands WHERE (status = 'pending' AND created_at < '2026-01-20') OR (status = 'sent' AND sent_at < '2026-01-20')",
      },
      { sql: 'SELECT id, body FROM events WHERE agent_id = $1 ORDER BY created_at DESC LIMIT 20', parameters: [17] },
      {
        sql: 'SELECT id, payload FROM jobs WHERE claimed_at IS NULL AND run_at < $1 ORDER BY priority, run_at LIMIT 10',
        parameters: ['2026-01-10'],
      },
      { sql: 'UPDATE agents SET notes = $2 WHERE name = $1', parameters: ['Agent-55', 'away'] },
      { sql: 'SELECT DISTINCT ON (agent_id) agent_id, created_at FROM events ORDER BY agent_id, created_at DESC' },
    ];
    const report = await adviseOn(depot.url, entries);
    expect(found(report)).toEqual([
      'agents(name)',
      "commands(created_at) where status = 'pending'",
      "commands(sent_at) where status = 'sent'",
      'events(agent_id,created_at DESC)',
      'jobs(priority,run_at) where claimed_at IS NULL',
    ]);
    await expectHalved(report, entries);
  });

  it('states that are parameters, the last row of each outer row, and what is old enough to go', async () => {
    const entries = [
      {
        sql: 'SELECT id FROM commands WHERE (status = $1 AND created_at < $2) OR (status = $3 AND sent_at < $2)',
        parameters: ['failed', '2026-01-02', 'failed'],
      },
      {
        sql: 'SELECT id, (SELECT max(created_at) FROM events WHERE agent_id = agents.id) FROM agents WHERE id < $1',
        parameters: [20],
      },
      { sql: 'DELETE FROM jobs WHERE run_at < $1', parameters: ['2026-01-01 01:00'] },
    ];
    const report = await adviseOn(depot.url, entries);
    expect(found(report)).toEqual([
      'commands(status,created_at)',
      'commands(status,sent_at)',
      'events(agent_id,created_at DESC)',
      'jobs(run_at)',
    ]);
    await expectHalved(report, entries);
  });

  it('a join and its filters, a grouping of recent rows, an expression and a list', async () => {
    const entries = [
      {
        sql: 'SELECT name, kind FROM agents JOIN commands ON agent_id = agents.id WHERE name = $1 AND commands.status = $2',
        parameters: ['Agent-55', 'failed'],
      },
      {
        sql: 'SELECT agent_id, count(*) FROM events WHERE created_at > $1 GROUP BY agent_id',
        parameters: ['2026-03-08'],
      },
      { sql: 'SELECT id FROM events WHERE package IN ($1, $2)', parameters: ['package-2999', 'package-2500'] },
      { sql: 'SELECT id FROM jobs WHERE md5(payload) = $1', parameters: ['x'] },
    ];
    const report = await adviseOn(depot.url, entries);
    expect(found(report)).toEqual([
      'agents(name)',
      'commands(agent_id,status)',
      'events(created_at)',
      'events(package)',
      'jobs((md5(payload)))',
    ]);
    await expectHalved(report, entries);
  });
});

describe('has nothing to say', () => {
  it('of small tables, of what most rows have, of keys, and of whole tables', async () => {
    const report = await adviseOn(depot.url, [
      { sql: 'SELECT title FROM regions WHERE title = $1' },
      { sql: "SELECT * FROM commands WHERE status = 'completed'" },
      // One row in ten, on every block: an index spares looking at the other nine, and no block.
      { sql: "SELECT sum(length(params)) FROM commands WHERE status = 'failed'" },
      { sql: 'SELECT * FROM commands WHERE id = $1' },
      { sql: 'SELECT kind, count(*) FROM commands GROUP BY kind' },
      { sql: 'SELECT * FROM events' },
    ]);
    expect(report.findings).toEqual([]);
    expect(report.indexSet).toMatchObject({ create: [], sizeBytes: 0, writeCost: 0 });
    expect(report.indexSet.workloadCostAfter).toBe(report.indexSet.workloadCostBefore);
  });

  it('where an index, its first columns or its reverse answer already', async () => {
    const { url, session } = await freshDepot();
    await session.query('CREATE INDEX ON events (agent_id, created_at)');
    await session.query("CREATE INDEX ON commands (created_at) WHERE status = 'pending'");
    const report = await adviseOn(url, [
      { sql: 'SELECT id FROM events WHERE agent_id = $1 ORDER BY created_at DESC LIMIT 20' },
      { sql: 'SELECT count(*) FROM events WHERE agent_id = $1' },
      { sql: 'SELECT max(created_at) FROM events WHERE agent_id = $1 AND created_at > $2' },
      { sql: "SELECT id FROM commands WHERE status = 'pending' AND created_at < now() - interval '1 day'" },
    ]);
    expect(found(report)).toEqual([]);
  });

  it('of an index that costs the writers of its column more than it spares the readers', async () => {
    const report = await adviseOn(depot.url, [
      { sql: 'SELECT id FROM commands WHERE sent_at > $1 AND sent_at < $2', calls: 10 },
      { sql: 'UPDATE commands SET sent_at = now() WHERE id = $1', calls: 5000 },
      { sql: 'SELECT id FROM jobs WHERE claimed_at > $1 AND claimed_at < $2', calls: 10 },
      { sql: 'UPDATE jobs SET claimed_at = now() WHERE id = $1', calls: 50_000 },
      { sql: 'SELECT id FROM events WHERE created_at > $1 AND created_at < $2', calls: 10 },
      { sql: 'INSERT INTO events SELECT * FROM events WHERE id = $1', calls: 50_000 },
    ]);
    expect(found(report)).toEqual(['commands(sent_at)']);
    expect(report.indexSet.writeCost).toBe(5000);
  });
});

describe('gives one index for several statements', () => {
  it('and no other that is its beginning, its reverse or its twin in another order', async () => {
    const report = await adviseOn(depot.url, [
      { sql: 'SELECT id FROM events WHERE agent_id = $1 AND package = $2 ORDER BY created_at DESC LIMIT 1' },
      { sql: 'SELECT count(*) FROM events WHERE agent_id = $1' },
      { sql: 'SELECT size_bytes FROM events WHERE package = $1 AND agent_id = $2' },
      { sql: 'SELECT id FROM events WHERE agent_id = $1 AND package = $2 ORDER BY created_at LIMIT 1' },
    ]);
    expect(found(report)).toHaveLength(1);
    expect(found(report)[0]).toMatch(/^events\(agent_id,package(,created_at( DESC)?)?\)$/);
  });
});

describe('the bounds', () => {
  it('are 32 blocks of table, and 100 planner units a call or a thousandth of the workload', async () => {
    const { url, session } = await testDatabase();
    // 4 rows fill a block.
    for (const [name, blocks] of [
      ['below', 31],
      ['above', 32],
    ] as const)
      await session.script(`
        CREATE TABLE ${name} (id int, name text STORAGE PLAIN);
        INSERT INTO ${name} SELECT n, repeat('x', 1900) || n FROM generate_series(1, ${blocks * 4}) AS n`);
    await session.script(`
      CREATE TABLE small AS SELECT n AS id, repeat('x', 100) AS name FROM generate_series(1, 3000) AS n;
      CREATE TABLE large AS SELECT n AS id, repeat('x', 100) AS name FROM generate_series(1, 30000) AS n`);
    await session.query('VACUUM ANALYZE');
    const select = (table: string) => ({ sql: `SELECT name FROM ${table} WHERE id = $1`, calls: 1 });
    const entries = ['below', 'above', 'small'].map(select);
    const whole = { sql: 'SELECT name FROM large' };
    expect(found(await adviseOn(url, [...entries, { ...whole, calls: 10 }]))).toEqual(['above(id)', 'small(id)']);
    expect(found(await adviseOn(url, [...entries, { ...whole, calls: 2000 }]))).toEqual([]);
  });
});

describe('what a finding says', () => {
  it('names table, statements, size and cost, with plans and a fix', async () => {
    const entries = [{ sql: 'SELECT * FROM agents WHERE name = $1', calls: 500, parameters: ['Agent-55'] }];
    const [finding] = (await adviseOn(depot.url, entries)).findings;
    const message = finding?.message.replace(/\b18\.\d+/g, '18.x');
    expect(message).toMatchInlineSnapshot(
      `"1 statement would read public.agents through this index of about 0.6 MB. The one that gains most falls from a planner cost of 578 to 8 a call, as planned on twin 18.x."`,
    );
    expect(finding?.title).toMatchInlineSnapshot(`"Missing index on public.agents (name)"`);
    expect(finding?.proof).toMatchObject({ grade: 'planned' });
    const [query] = finding?.queries ?? [];
    expect(query).toMatchObject({ role: 'statement', text: entries[0]?.sql, calls: 500 });
    expect(query?.planBefore).toContain('Seq Scan on agents');
    expect(query?.planAfter).toContain('agents_name_idx');
    expect(finding?.fix).toMatchObject({
      kind: 'create-index',
      sql: [{ sql: 'CREATE INDEX CONCURRENTLY agents_name_idx ON public.agents (name)', transactional: false }],
      undo: ['DROP INDEX CONCURRENTLY IF EXISTS public.agents_name_idx'],
    });
  });
});
