import { describe, expect, it } from 'vitest';
import { generateFleet } from '../../src/fleet/generate.js';
import { type FleetVariant, installFleet } from '../../src/fleet/install.js';
import { type FleetSample, sampleFleet } from '../../src/fleet/sample.js';
import type { FleetStatement } from '../../src/fleet/statement.js';
import { fleetStatement, fleetStatements } from '../../src/fleet/statements.js';
import type { Session } from '../../src/postgres/session.js';
import { testDatabase } from '../postgres.js';

const generated = (variant: FleetVariant) =>
  testDatabase({
    template: variant,
    prepare: async (session) => {
      await installFleet(session, variant);
      await generateFleet(session, { scale: 'tiny' });
    },
  });

describe('the statements of the fleet', () => {
  it('are many, each under one name, and eight of them are hot reads', () => {
    expect(fleetStatements.length).toBeGreaterThanOrEqual(24);
    expect(new Set(fleetStatements.map(({ name }) => name)).size).toBe(fleetStatements.length);
    expect(new Set(fleetStatements.map(({ sql }) => sql)).size).toBe(fleetStatements.length);
    expect(fleetStatements.filter(({ hot }) => hot)).toHaveLength(8);
    expect(fleetStatements.filter(({ hot, writes }) => hot && writes)).toEqual([]);
  });

  it.each(['clean', 'flawed'] as const)('run on the %s fleet with sampled parameters', async (variant) => {
    const { session } = await generated(variant);
    const sample = await sampleFleet(session, 7);
    for (const { name, sql, parameters } of fleetStatements) {
      const run = () => session.query(sql, parameters(sample));
      if (variant === 'flawed' && name === 'insert-timeout-log') await expect(run()).rejects.toThrow(/violates check/);
      else await expect(run(), name).resolves.toBeDefined();
    }
  });

  it('bind parameters that find rows', async () => {
    const { session } = await generated('clean');
    const sample = await sampleFleet(session, 7);
    const empty: string[] = [];
    for (const { name, sql, writes, parameters } of fleetStatements) {
      if (writes) continue;
      let rows = 0;
      for (let attempt = 0; attempt < 40 && rows === 0; attempt += 1) {
        rows = (await session.query(sql, parameters(sample))).rowCount;
      }
      if (rows === 0) empty.push(name);
    }
    expect(empty).toEqual([]);
  });

  it('draw the same parameters for the same seed', async () => {
    const { session } = await generated('clean');
    const [first, second] = [await sampleFleet(session, 5), await sampleFleet(session, 5)];
    // What a statement binds relative to the clock differs between two samples; keys do not.
    const keyed = fleetStatements.filter(({ name }) => /agent|package|token-by-hash|text-ids/.test(name));
    expect(keyed.map(({ parameters }) => parameters(first))).toEqual(keyed.map(({ parameters }) => parameters(second)));
  });

  it('name what is asked for when there is no such statement', () => {
    expect(() => fleetStatement('no-such')).toThrow('the fleet has no statement no-such');
  });

  it('read far less once the flawed fleet has the indexes that it lacks', async () => {
    const { session } = await generated('flawed');
    const sample = await sampleFleet(session, 7);
    const names = ['sweep-pending-commands', 'sweep-sent-commands', 'last-scan-per-agent'];
    const read = async () => {
      const buffers: number[] = [];
      for (const name of names) buffers.push(await buffersOf(session, fleetStatement(name), sample));
      return buffers;
    };
    const before = await read();
    await session.script(`
      CREATE INDEX ON agent_commands (created_at) WHERE status = 'pending';
      CREATE INDEX ON agent_commands (sent_at) WHERE status = 'sent';
      CREATE INDEX ON update_events (agent_id, created_at DESC)`);
    const after = await read();
    const ratios = before.map((buffers, index) => buffers / (after[index] ?? Number.NaN));
    // The last scan gains with the number of events: ten times and more at the scale of the demo.
    expect(ratios.map((ratio, index) => ratio > (index < 2 ? 10 : 2))).toEqual([true, true, true]);
  });

  it('hold the audit’s mistakes: the join multiplies rows and the shadowed EXISTS changes none', async () => {
    const { session } = await generated('clean');
    const sample = await sampleFleet(session, 7);
    const [agentId] = sample.agentIds;
    const states = await session.query(
      "SELECT 1 FROM current_package_state WHERE agent_id = $1 AND status = 'failed'",
      [agentId],
    );
    const joined = await session.query(fleetStatement('joined-without-agent').sql, [agentId]);
    expect(joined.rowCount).toBeGreaterThan(states.rowCount);
    const archive = fleetStatement('archive-retried-commands');
    expect((await session.query(archive.sql, archive.parameters(sample))).rowCount).toBe(0);
    const qualified = archive.sql.replace('= id AND', '= agent_commands.id AND');
    expect((await session.query(qualified, archive.parameters(sample))).rowCount).toBeGreaterThan(0);
  });
});

interface AnalyzedPlan {
  readonly Plan: { readonly 'Shared Hit Blocks': number; readonly 'Shared Read Blocks': number };
}

async function buffersOf(session: Session, statement: FleetStatement, sample: FleetSample): Promise<number> {
  const { rows } = await session.query<{ 'QUERY PLAN': readonly AnalyzedPlan[] }>(
    `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${statement.sql}`,
    statement.parameters(sample),
  );
  const plan = rows[0]?.['QUERY PLAN'][0]?.Plan;
  return plan === undefined ? Number.NaN : plan['Shared Hit Blocks'] + plan['Shared Read Blocks'];
}
