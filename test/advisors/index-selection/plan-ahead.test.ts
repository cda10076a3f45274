import { describe, expect, it } from 'vitest';
import type { AnalyzedStatement } from '../../../src/advisors/advisor.js';
import { planAhead } from '../../../src/advisors/index-selection/plan-ahead.js';
import { WorkloadCosts } from '../../../src/advisors/index-selection/workload-costs.js';
import type { IndexSpec, PlanCost, Planner } from '../../../src/model/planner.js';
import { spec, statement } from './statements.js';

const AGENTS = statement('SELECT * FROM agents WHERE name = $1');
const COMMANDS = statement('SELECT * FROM commands WHERE kind = $1');
const BOTH = statement('SELECT * FROM agents JOIN commands ON agents.name = commands.kind');
const [NAME, STATUS, KIND] = [spec('agents', ['name']), spec('agents', ['name', 'status']), spec('commands', ['kind'])];

/** Costs that no plan lowers, and what the planner was asked: `2 under agents(name), commands(kind)`. */
async function opened(statements: readonly AnalyzedStatement[]) {
  const asked: string[] = [];
  const costs = async (texts: readonly string[], indexes: readonly IndexSpec[]): Promise<readonly PlanCost[]> => {
    const names = indexes.map(({ table, keys }) => `${table.name}(${keys.map(({ sql }) => sql).join()})`);
    asked.push(`${texts.length} under ${names.sort().join(', ')}`);
    return texts.map(() => ({ totalCost: 10, scatterCost: 0, hypotheticalUsed: [], existingUsed: [] }));
  };
  const workload = await WorkloadCosts.open({ costs } as unknown as Planner, statements);
  asked.length = 0;
  return { workload, asked };
}

describe('costs that will be asked for', () => {
  it('are planned together where they concern different tables, and are known then', async () => {
    const { workload, asked } = await opened([AGENTS, COMMANDS]);
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
    const { workload, asked } = await opened([AGENTS]);
    await planAhead(workload, [
      { indexes: [NAME], statements: [AGENTS] },
      { indexes: [STATUS], statements: [AGENTS] },
    ]);
    expect(asked).toEqual(['1 under agents(name)', '1 under agents(name,status)']);
  });

  it('are planned apart where a statement reads a table of the other question', async () => {
    const { workload, asked } = await opened([COMMANDS, BOTH]);
    await planAhead(workload, [
      { indexes: [KIND], statements: [COMMANDS] },
      { indexes: [NAME], statements: [BOTH] },
    ]);
    expect(asked).toEqual(['1 under commands(kind)', '1 under agents(name)']);
  });

  it('are not planned again', async () => {
    const { workload, asked } = await opened([AGENTS]);
    await workload.under([NAME], [AGENTS]);
    await planAhead(workload, [{ indexes: [NAME], statements: [AGENTS] }]);
    expect(asked).toHaveLength(1);
  });

  it('are planned on a guess only where they go along with what is asked', async () => {
    const { workload, asked } = await opened([AGENTS, COMMANDS, BOTH]);
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
