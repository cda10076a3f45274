import { describe, expect, it } from 'vitest';
import { planAhead } from '../../../src/advisors/index-selection/plan-ahead.js';
import { pricedCosts } from './fake-planner.js';
import { spec, statement } from './statements.js';

const AGENTS = statement('SELECT * FROM agents WHERE name = $1');
const COMMANDS = statement('SELECT * FROM commands WHERE kind = $1');
const BOTH = statement('SELECT * FROM agents JOIN commands ON agents.name = commands.kind');
const [NAME, STATUS, KIND] = [spec('agents', ['name']), spec('agents', ['name', 'status']), spec('commands', ['kind'])];

describe('costs that will be asked for', () => {
  it('are planned together where they concern different tables, and are known then', async () => {
    const { workload, asked } = await pricedCosts([AGENTS, COMMANDS]);
    await planAhead(workload, [
      { indexes: [NAME], statements: [AGENTS] },
      { indexes: [KIND], statements: [COMMANDS] },
    ]);
    expect(asked).toEqual(['2 under agents(name), commands(kind)']);
    await workload.under([NAME], [AGENTS]);
    await workload.under([KIND], [COMMANDS]);
    expect(asked).toHaveLength(1);
  });

  it('are planned apart where a table would have two sets of indexes', async () => {
    const { workload, asked } = await pricedCosts([AGENTS]);
    await planAhead(workload, [
      { indexes: [NAME], statements: [AGENTS] },
      { indexes: [STATUS], statements: [AGENTS] },
    ]);
    expect(asked).toEqual(['1 under agents(name)', '1 under agents(name,status)']);
  });

  it('are planned apart where a statement reads a table of the other question', async () => {
    const { workload, asked } = await pricedCosts([COMMANDS, BOTH]);
    await planAhead(workload, [
      { indexes: [KIND], statements: [COMMANDS] },
      { indexes: [NAME], statements: [BOTH] },
    ]);
    expect(asked).toEqual(['1 under commands(kind)', '1 under agents(name)']);
  });

  it('are not planned again', async () => {
    const { workload, asked } = await pricedCosts([AGENTS]);
    await workload.under([NAME], [AGENTS]);
    await planAhead(workload, [{ indexes: [NAME], statements: [AGENTS] }]);
    expect(asked).toHaveLength(1);
  });

  it('are planned on a guess only where they go along with what is asked', async () => {
    const { workload, asked } = await pricedCosts([AGENTS, COMMANDS, BOTH]);
    const guessed = () => [
      { indexes: [KIND], statements: [COMMANDS] },
      { indexes: [STATUS], statements: [BOTH] },
    ];
    await planAhead(workload, [{ indexes: [NAME], statements: [AGENTS] }], guessed);
    expect(asked).toEqual(['2 under agents(name), commands(kind)']);
    await planAhead(workload, [{ indexes: [NAME], statements: [AGENTS] }], guessed);
    expect(asked).toHaveLength(1);
  });
});

it('gives the same whichever of two requests is answered first', async () => {
  const third = spec('agents', ['name', 'is_updating']);
  const usedWhen = async (order: readonly number[]) => {
    const { workload, hold } = await pricedCosts([AGENTS], { 'agents(name)': 10, 'agents(name,status)': 10 });
    const answer = hold();
    // Two plans of one cost, of which the planner takes the one that it comes upon first.
    const planned = planAhead(workload, [
      { indexes: [NAME, STATUS], statements: [AGENTS] },
      { indexes: [STATUS, NAME, third], statements: [AGENTS] },
    ]);
    for (const place of order) await answer(place);
    await planned;
    return (await workload.under([NAME, STATUS], [AGENTS])).get(AGENTS)?.used;
  };
  expect(await usedWhen([1, 0])).toEqual(await usedWhen([0, 1]));
});
