import { expect, it } from 'vitest';
import { type Layer, peel } from '../../../src/advisors/index-selection/peel.js';
import { nameOf, pricedCosts } from './fake-planner.js';
import { spec, statement } from './statements.js';

const AGENTS = statement('SELECT * FROM agents WHERE name = $1 AND status = $2');
const COMMANDS = statement('SELECT * FROM commands WHERE kind = $1');
const [NAME, STATUS, BOTH] = [spec('agents', ['name']), spec('agents', ['status']), spec('agents', ['name', 'status'])];
const KIND = spec('commands', ['kind']);
const PRICES = { 'agents(name,status)': 5, 'agents(name)': 20, 'commands(kind)': 10 };

/** Looks at every layer as long as it brings a statement below a planner cost. */
function peelingOf(of: typeof AGENTS, offered: readonly (typeof NAME)[], below = 101) {
  const layers: string[] = [];
  const look = ({ picked, planned }: Layer) => {
    layers.push(`${planned}: ${picked.map(nameOf).join(', ')}`);
    return planned < below;
  };
  return { layers, peeling: { statement: of, there: [], offered, look } };
}

it('takes off what plans pick, the best first, and at last all that none of them uses', async () => {
  const { workload } = await pricedCosts([AGENTS], PRICES);
  const { layers, peeling } = peelingOf(AGENTS, [NAME, STATUS, BOTH]);
  await peel(workload, [peeling]);
  expect(layers).toEqual(['5: agents(name,status)', '20: agents(name)', '100: agents(status)']);
});

it('plans nothing more once all that is left brings too little', async () => {
  const { workload, asked } = await pricedCosts([AGENTS], PRICES);
  const { layers, peeling } = peelingOf(AGENTS, [NAME, STATUS, BOTH], 20);
  await peel(workload, [peeling]);
  expect(layers).toHaveLength(2);
  expect(asked).toEqual([
    '1 under agents(name), agents(name,status), agents(status)',
    '1 under agents(name), agents(status)',
  ]);
});

it('plans the layers of statements on different tables together', async () => {
  const { workload, asked } = await pricedCosts([AGENTS, COMMANDS], PRICES);
  await peel(workload, [peelingOf(AGENTS, [NAME]).peeling, peelingOf(COMMANDS, [KIND]).peeling]);
  expect(asked).toEqual(['2 under agents(name), commands(kind)']);
});
