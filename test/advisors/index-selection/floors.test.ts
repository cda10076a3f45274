import { expect, it } from 'vitest';
import { learnFloors } from '../../../src/advisors/index-selection/floors.js';
import { pricedCosts } from './fake-planner.js';
import { spec, statement } from './statements.js';

const AGENTS = statement('SELECT * FROM agents WHERE name = $1 AND status = $2', { calls: 3 });
const [NAME, STATUS, BOTH] = [spec('agents', ['name']), spec('agents', ['status']), spec('agents', ['name', 'status'])];
const MOVES = [NAME, STATUS, BOTH].map((index) => ({ indexes: [index] }));

it('bounds what each move saves over all calls without planning it alone', async () => {
  const { workload, asked } = await pricedCosts([AGENTS], { 'agents(name,status)': 5, 'agents(name)': 20 });
  const least = await workload.under([NAME, STATUS, BOTH], [AGENTS]);
  const floors = await learnFloors(workload, MOVES, least);
  expect([BOTH, NAME, STATUS].map((index) => floors.savedMost(AGENTS, { indexes: [index] }))).toEqual([285, 240, 0]);
  expect(asked).toHaveLength(3);
});

it('takes for a move of several indexes the bound of the best of them', async () => {
  const { workload } = await pricedCosts([AGENTS], { 'agents(name,status)': 5, 'agents(name)': 20 });
  const least = await workload.under([NAME, STATUS, BOTH], [AGENTS]);
  const floors = await learnFloors(workload, MOVES, least);
  expect(floors.savedMost(AGENTS, { indexes: [STATUS, NAME] })).toBe(240);
});
