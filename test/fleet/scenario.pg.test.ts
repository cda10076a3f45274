import { describe, expect, it } from 'vitest';
import { generateFleet } from '../../src/fleet/generate.js';
import { installFleet } from '../../src/fleet/install.js';
import { fleetScenario } from '../../src/fleet/scenario.js';
import { fleetStatements } from '../../src/fleet/statements.js';
import { parameterCount } from '../../src/sql/parameters.js';
import { testDatabase } from '../postgres.js';

describe('the scenario of the fleet', () => {
  it('polls most, holds every hot statement and the reports of agents, each with values that it runs with', async () => {
    const { session } = await testDatabase();
    await installFleet(session, 'clean');
    await generateFleet(session, { scale: 'tiny' });
    const scenario = await fleetScenario(session, 1);
    const names = scenario.map(({ name }) => name);
    expect(names[0]).toBe('pending-commands');
    expect(names).toEqual(expect.arrayContaining(fleetStatements.filter(({ hot }) => hot).map(({ name }) => name)));
    expect(names).toEqual(expect.arrayContaining(['heartbeat', 'token-by-hash']));
    expect(scenario.some(({ writes }) => writes)).toBe(true);
    for (const { sql, parameterSets } of scenario) {
      expect(parameterSets.length).toBeGreaterThan(0);
      for (const values of parameterSets) {
        expect(values).toHaveLength(parameterCount(sql));
        await session.query('BEGIN');
        await session.query(sql, values);
        await session.query('ROLLBACK');
      }
    }
  });
});
