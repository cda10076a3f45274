import { describe, expect, it } from 'vitest';
import { generateFleet } from '../../src/fleet/generate.js';
import { installFleet } from '../../src/fleet/install.js';
import type { Session } from '../../src/postgres/session.js';
import { testDatabase } from '../postgres.js';
import { type ReplayedEvent, replay } from './replay.js';
import { describeSchema } from './schema.js';

const installed = () => testDatabase({ template: 'clean', prepare: (session) => installFleet(session, 'clean') });
const generated = () =>
  testDatabase({
    template: 'generated',
    prepare: async (session) => {
      await installFleet(session, 'clean');
      await generateFleet(session, { scale: 'tiny' });
    },
  });

describe('a generated fleet', () => {
  it('has the sizes of its scale', async () => {
    const { session } = await installed();
    const sizes = await generateFleet(session, { scale: 'tiny', seed: 3 });
    expect(sizes).toMatchObject({ agents: 10, agent_commands: 4000, update_logs: 6000, update_events: 8000 });
    expect(sizes).toMatchObject({ current_package_state: 4000, refresh_tokens: 4000 });
    expect(Object.values(sizes).filter((rows) => rows === 0)).toEqual([]);
  });

  it('is the same for the same seed, in the flawed schema too, and another for another seed', async () => {
    const [first, flawed, other] = await Promise.all([generated(), testDatabase(), installed()]);
    await installFleet(flawed.session, 'flawed');
    await generateFleet(flawed.session, { scale: 'tiny' });
    await generateFleet(other.session, { scale: 'tiny', seed: 2 });
    const checksums = await checksumsOf(first.session);
    expect(await checksumsOf(flawed.session)).toEqual(checksums);
    const differing = Object.entries(await checksumsOf(other.session)).filter(
      ([table, sum]) => checksums[table] !== sum,
    );
    expect(differing.length).toBe(Object.keys(checksums).length);
  });

  it('leaves the schema as it was', async () => {
    for (const variant of ['clean', 'flawed'] as const) {
      const { session } = await testDatabase();
      await installFleet(session, variant);
      const before = await describeSchema(session);
      await generateFleet(session, { scale: 'tiny' });
      expect(await describeSchema(session)).toEqual(before);
      const { rows } = await session.query('SELECT conname FROM pg_constraint WHERE NOT convalidated');
      expect(rows).toEqual([]);
    }
  });

  it('folds its events as one would by hand', async () => {
    const { session } = await generated();
    const { rows } = await session.query<{ state: Record<string, string>; events: ReplayedEvent[] }>(`
      SELECT to_jsonb(s) AS state, jsonb_agg(to_jsonb(e) ORDER BY e.created_at, e.id) AS events
        FROM current_package_state s JOIN update_events e USING (agent_id, package_type, package_name)
       GROUP BY s.id`);
    expect(rows).toHaveLength(4000);
    const wrong = rows.filter(({ state, events }) => {
      const folded = replay(events);
      const status = state['status'] === 'approved' ? 'pending' : state['status'];
      return (
        folded.status !== status ||
        folded.available !== state['available_version'] ||
        folded.severity !== state['severity']
      );
    });
    expect(wrong).toEqual([]);
  });

  it('has few open commands, some of them stuck, and agents that have none or no events', async () => {
    const { session } = await generated();
    expect(await numberOf(session, "FROM agent_commands WHERE status IN ('pending', 'sent', 'running')")).toBeLessThan(
      100,
    );
    expect(
      await numberOf(
        session,
        "FROM agent_commands WHERE status = 'pending' AND created_at < now() - interval '1 hour'",
      ),
    ).toBeGreaterThan(0);
    expect(await numberOf(session, 'FROM agents WHERE id NOT IN (SELECT agent_id FROM agent_commands)')).toBe(1);
    expect(await numberOf(session, 'FROM agents WHERE id NOT IN (SELECT agent_id FROM update_events)')).toBe(1);
  });

  it('keeps its times in their order', async () => {
    const { session } = await generated();
    expect(await numberOf(session, 'FROM agent_commands WHERE sent_at < created_at OR completed_at < sent_at')).toBe(0);
    expect(await numberOf(session, 'FROM agent_commands WHERE greatest(created_at, sent_at) > now()')).toBe(0);
    expect(await numberOf(session, 'FROM update_events WHERE created_at > now()')).toBe(0);
    expect(await numberOf(session, 'FROM refresh_tokens WHERE last_used_at > now() OR revoked_at > now()')).toBe(0);
  });

  it('has statistics of every table, and pages that a vacuum has yet to visit', async () => {
    const { session } = await generated();
    expect(
      await numberOf(session, 'FROM pg_class WHERE relnamespace = 2200 AND relkind = $$r$$ AND reltuples <= 0'),
    ).toBe(0);
    expect(
      await numberOf(session, "FROM pg_class WHERE relname = 'agent_commands' AND relallvisible >= relpages"),
    ).toBe(0);
  });

  it('has tokens and events that nobody ever purged', async () => {
    const { session } = await installed();
    await generateFleet(session, { scale: 'tiny' });
    await session.query('SELECT pg_stat_force_next_flush()');
    const { rows } = await session.query(
      'SELECT relname FROM pg_stat_user_tables WHERE n_tup_del > 0 AND n_dead_tup > 0 ORDER BY relname',
    );
    expect(rows).toEqual([{ relname: 'system_events' }]);
    expect(await numberOf(session, 'FROM refresh_tokens WHERE expires_at < now()')).toBeGreaterThan(1000);
  });

  it('is rolled back as a whole when a step fails', async () => {
    const { session } = await installed();
    const before = await describeSchema(session);
    await session.query("ALTER TABLE client_errors ADD CHECK (message <> 'error 1')");
    await expect(generateFleet(session, { scale: 'tiny' })).rejects.toThrow(/client_errors_message_check/);
    expect(await numberOf(session, 'FROM agents')).toBe(0);
    await session.query('ALTER TABLE client_errors DROP CONSTRAINT client_errors_message_check');
    expect(await describeSchema(session)).toEqual(before);
  });

  it('is refused where there is no fleet, or one with rows', async () => {
    const [empty, full] = await Promise.all([testDatabase(), generated()]);
    await expect(generateFleet(empty.session, { scale: 'tiny' })).rejects.toThrow(/has no table public.agents/);
    await expect(generateFleet(full.session, { scale: 'tiny' })).rejects.toThrow(/public.agents holds rows already/);
  });

  it('asks for a whole number as its seed', async () => {
    const { session } = await installed();
    await expect(generateFleet(session, { scale: 'tiny', seed: 1.5 })).rejects.toThrow(/1.5 is not a whole number/);
  });
});

/** A checksum of each table without its times, which count back from the current hour. */
async function checksumsOf(session: Session): Promise<Record<string, string>> {
  const tables = await session.query<{ name: string; times: string[] }>(`
    SELECT c.relname AS name, coalesce(array_agg(a.attname::text) FILTER (WHERE a.atttypid = 'timestamptz'::regtype), '{}') AS times
      FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
     WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.relname <> 'schema_migrations' GROUP BY c.relname`);
  const sums: Record<string, string> = {};
  for (const { name, times } of tables.rows) {
    const { rows } = await session.query<{ sum: string }>(
      `SELECT md5(string_agg((to_jsonb(t) - $1::text[])::text, '' ORDER BY id)) AS sum FROM "${name}" t`,
      [times],
    );
    sums[name] = rows[0]?.sum ?? '';
  }
  return sums;
}

async function numberOf(session: Session, clause: string): Promise<number> {
  const { rows } = await session.query<{ n: number }>(`SELECT count(*)::int AS n ${clause}`);
  return rows[0]?.n ?? -1;
}
