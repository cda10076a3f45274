import { describe, expect, it } from 'vitest';
import { generateFleet } from '../../src/fleet/generate.js';
import { type FleetVariant, installFleet } from '../../src/fleet/install.js';
import { fleetStatements } from '../../src/fleet/statements.js';
import { runFleetWorkload } from '../../src/fleet/workload.js';
import type { Session } from '../../src/postgres/session.js';
import { testDatabase } from '../postgres.js';

const generated = (variant: FleetVariant) =>
  testDatabase({
    template: variant,
    prepare: async (session) => {
      await installFleet(session, variant);
      await generateFleet(session, { scale: 'tiny' });
      await session.query('CREATE EXTENSION pg_stat_statements');
    },
  });

describe('the workload of the fleet', () => {
  it('leaves its statements in pg_stat_statements, each with its calls, and nothing else', async () => {
    const { url, session } = await generated('clean');
    const { calls, statements } = await runFleetWorkload(url, { rounds: 2 });
    expect(Object.keys(calls).sort()).toEqual(fleetStatements.map(({ name }) => name).sort());
    expect(Object.values(calls).reduce((sum, n) => sum + n, 0)).toBe(statements);
    const recorded = await recordedCalls(session);
    const texts = fleetStatements.map(({ sql }) => withoutConstants(sql));
    expect([...recorded.keys()].filter((text) => !texts.includes(text))).toEqual([]);
    const differing = fleetStatements
      .map(({ name, sql }) => ({ name, ran: calls[name], recorded: recorded.get(withoutConstants(sql)) }))
      .filter((statement) => statement.ran !== statement.recorded);
    expect(differing).toEqual([]);
  });

  it('polls most often, sweeps once a period and loops over every agent', async () => {
    const { url } = await generated('clean');
    const { calls, refused } = await runFleetWorkload(url, { rounds: 2, connections: 2 });
    const mostFrequent = Object.entries(calls).sort(([, a], [, b]) => b - a)[0];
    expect(mostFrequent?.[0]).toBe('pending-commands');
    expect(calls).toMatchObject({ 'sweep-pending-commands': 2, 'sweep-sent-commands': 2, 'last-scan-per-agent': 1 });
    expect(calls).toMatchObject({ 'agent-list': 1, 'agent-statistics': 10, 'approve-update': 50 });
    expect(refused).toBe(0);
  });

  it('loses the log of its time-outs on the flawed fleet, and goes on', async () => {
    const { url, session } = await generated('flawed');
    const { refused, calls } = await runFleetWorkload(url, { rounds: 3 });
    expect(refused).toBe(3);
    expect(calls['time-out-command']).toBe(3);
    const { rows } = await session.query("SELECT 1 FROM update_logs WHERE result = 'timed_out'");
    expect(rows).toEqual([]);
  });

  it('keeps the shape of the data when it runs again', async () => {
    const { url, session } = await generated('clean');
    const before = await shapeOf(session);
    await runFleetWorkload(url, { rounds: 2 });
    const once = await shapeOf(session);
    await runFleetWorkload(url, { rounds: 2 });
    const twice = await shapeOf(session);
    expect({ ...once, rows: null }).toEqual({ ...before, rows: null });
    expect({ ...twice, rows: null }).toEqual({ ...before, rows: null });
    expect(once.rows - before.rows).toBeLessThan(200);
    expect(twice.rows - once.rows).toBeLessThan(200);
  });

  it('ends after the period in which its time has passed', async () => {
    const { url } = await generated('clean');
    const { calls } = await runFleetWorkload(url, { durationMs: 1 });
    expect(calls['sweep-pending-commands']).toBe(1);
  });

  it('closes its connections when a statement fails', async () => {
    const { url, session } = await generated('clean');
    await session.query('ALTER TABLE agent_specs DROP COLUMN cpu_model');
    await expect(runFleetWorkload(url, { rounds: 1 })).rejects.toThrow(/cpu_model/);
    // A backend is listed for some moments after its client has gone.
    await expect
      .poll(async () => {
        const { rows } = await session.query(
          "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'fleet-server'",
        );
        return rows.length;
      })
      .toBe(0);
  });
});

/** Calls by statement text; pg_stat_statements writes each constant as a parameter. */
async function recordedCalls(session: Session): Promise<Map<string, number>> {
  const { rows } = await session.query<{ query: string; calls: number }>(`
    SELECT query, calls::int FROM pg_stat_statements
     WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database()) AND query !~ 'pg_(database|stat)'`);
  return new Map(rows.map(({ query, calls }) => [withoutConstants(query), calls]));
}

function withoutConstants(sql: string): string {
  return sql
    .replace(/ \/\*, \.\.\. \*\//g, '')
    .replace(/'[^']*'|\$\d+|\b\d+\b|\bNULL\b/g, '?')
    .replace(/\(\?(, \?)+\)/g, '(?)');
}

async function shapeOf(session: Session) {
  const { rows } = await session.query<{ open: number; stuck: number; approved: number; rows: number }>(`
    SELECT (SELECT count(*)::int FROM agent_commands WHERE status IN ('pending', 'sent', 'running')) AS open,
           (SELECT count(*)::int FROM agent_commands WHERE status = 'pending' AND created_at < now() - interval '2 hours') AS stuck,
           (SELECT count(*)::int FROM current_package_state WHERE status = 'approved') AS approved,
           (SELECT count(*)::int FROM update_logs) AS rows`);
  return rows[0] ?? { open: 0, stuck: 0, approved: 0, rows: 0 };
}
