import { beforeAll, describe, expect, it, vi } from 'vitest';
import { type TestDatabase, testDatabase } from '../../postgres.js';
import { adviseOn } from '../advise-on.js';
import { fillDepot } from '../depot.js';

// Each run of advice starts a server of its own, which a busy machine makes a matter of many seconds.
vi.setConfig({ testTimeout: 120_000 });

let depot: TestDatabase;
beforeAll(async () => {
  depot = await testDatabase({ template: 'depot', prepare: fillDepot });
});

describe('an index that makes another one needless', () => {
  it('names that one, and leaves one that enforces something alone', async () => {
    const own = await testDatabase({ template: 'depot', prepare: fillDepot });
    await own.session.script(
      'CREATE INDEX old ON events (agent_id); CREATE INDEX part ON events (agent_id) WHERE size_bytes > 5; ALTER TABLE events ADD UNIQUE (agent_id, id)',
    );
    const { indexSet, findings } = await adviseOn(own.url, [
      { sql: 'SELECT body FROM events WHERE agent_id = $1 ORDER BY created_at DESC LIMIT 20' },
    ]);
    expect(indexSet.create).toHaveLength(1);
    expect(indexSet.drop).toEqual(['DROP INDEX public.old']);
    const [missing] = findings.filter(({ ruleId }) => ruleId === 'missing-index');
    expect(missing?.message).toContain('Once it is there, public.old serves nothing that it does not serve too.');
  });
});

describe('each statement of the report', () => {
  it('says which index serves it, which one would, and why none does', async () => {
    const { statements, findings } = await adviseOn(depot.url, [
      { sql: 'SELECT body FROM events WHERE id = $1' },
      { sql: 'SELECT body FROM events WHERE agent_id = $1 ORDER BY created_at DESC LIMIT 20' },
      { sql: 'SELECT title FROM regions WHERE title = $1' },
      { sql: 'SELECT count(*) FROM jobs' },
      { sql: "SELECT notes FROM agents WHERE status = 'online'" },
    ]);
    const said = (table: string, what: string) =>
      statements
        .filter(({ text }) => text.includes(`FROM ${table}`) && text.includes(what))
        .map(({ servedBy, indexes, reason }) => ({ servedBy, indexes, reason }));
    expect(said('events', 'id = $1')).toContainEqual({
      servedBy: ['public.events_pkey'],
      indexes: [],
      reason: 'it has no condition, join or order for which an index is still missing',
    });
    expect(said('events', 'ORDER BY')).toEqual([
      { servedBy: [], indexes: ['events_agent_id_created_at_desc_idx'], reason: null },
    ]);
    expect(said('regions', '')).toEqual([
      { servedBy: [], indexes: [], reason: 'it reads only tables of fewer than 32 blocks' },
    ]);
    expect(said('jobs', '')).toMatchObject([{ indexes: [], reason: expect.stringMatching(/^it has no condition/) }]);
    expect(said('agents', '')).toMatchObject([{ indexes: [], reason: expect.stringMatching(/none takes 5 % off/) }]);
    expect(findings[0]?.alternatives?.map(({ title, reason }) => `${title}: ${reason}`)).toEqual([
      expect.stringMatching(/^An index on \(agent_id\): the statement that gains most would cost [\d,]+ with it/),
    ]);
  });

  it('is the same, byte for byte, in five runs', async () => {
    const run = async () => {
      const report = await adviseOn(depot.url, [
        { sql: 'SELECT id FROM commands WHERE (status = $1 AND created_at < $2) OR (status = $3 AND sent_at < $2)' },
        { sql: 'SELECT agent_id, count(*) FROM events WHERE created_at > $1 GROUP BY agent_id' },
        { sql: 'SELECT id FROM jobs WHERE claimed_at IS NULL AND run_at < $1 ORDER BY priority, run_at LIMIT 10' },
      ]);
      const findings = report.findings.map((finding) => ({ ...finding, location: null }));
      return JSON.stringify([findings, report.indexSet, report.statements]);
    };
    const first = await run();
    for (let again = 0; again < 4; again++) expect(await run()).toBe(first);
  });
});
