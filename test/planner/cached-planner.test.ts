import { describe, expect, it } from 'vitest';
import type { PlanNode } from '../../src/model/plan.js';
import { type IndexSpec, indexSpecKey } from '../../src/model/planner.js';
import type { RelationName } from '../../src/model/relation-name.js';
import { cachedPlanner } from '../../src/planner/cached-planner.js';
import type { PlanBackend } from '../../src/planner/plan-backend.js';
import { Refusal } from '../../src/planner/refusal.js';
import { indexOn } from './shop.js';

const ORDERS = indexOn('orders', ['state']);
const ORDERS_TOO = indexOn('orders', ['region']);
const UNIQUE = indexOn('orders', ['id'], { unique: true });
const IMPOSSIBLE = indexOn('orders', ['(random())']);
const CUSTOMERS = indexOn('customers', ['email']);

describe('a cached planner', () => {
  it('asks once for a statement and the indexes on the tables that it reads', async () => {
    const { planner, asked } = setUp();
    const first = await planner.costs(['orders'], [ORDERS]);
    const again = await planner.costs(['orders'], [CUSTOMERS, ORDERS]);
    expect(again).toEqual(first);
    expect(asked).toEqual(['orders with nothing', 'orders with shop.orders(state)']);
    expect(planner.counters).toEqual({ requests: 2, hits: 1, explains: 2 });
  });

  it('knows the cost without indexes from the plan that told which tables a statement reads', async () => {
    const { planner, asked } = setUp();
    await planner.costs(['orders'], []);
    await planner.costs(['orders'], [CUSTOMERS]);
    expect(asked).toEqual(['orders with nothing']);
    expect(planner.counters).toEqual({ requests: 2, hits: 1, explains: 1 });
  });

  it('knows that a plan stays the best when indexes that it does not use vanish', async () => {
    const { planner, asked } = setUp();
    const [both] = await planner.costs(['orders'], [ORDERS, ORDERS_TOO]);
    expect(both).toMatchObject({ hypotheticalUsed: [indexSpecKey(ORDERS)] });
    expect(await planner.costs(['orders'], [ORDERS])).toEqual([both]);
    expect(asked).toHaveLength(2);
  });

  it('does not say so of unique indexes, which tell the planner more than where rows are', async () => {
    const { planner, asked } = setUp();
    await planner.costs(['orders'], [ORDERS, UNIQUE]);
    await planner.costs(['orders'], [ORDERS]);
    expect(asked).toHaveLength(3);
  });

  it('gives results in the order of the statements, an Error for what has no plan', async () => {
    const { planner } = setUp();
    const costs = await planner.costs(['customers', 'broken', 'orders', 'customers'], [ORDERS]);
    expect(costs.map((cost) => (cost instanceof Error ? cost.message : cost.totalCost))).toEqual([
      100,
      'broken',
      10,
      100,
    ]);
  });

  it('gives an Error to the statements that an index which cannot be made concerns, and costs the others', async () => {
    const { planner } = setUp();
    const [orders, customers] = await planner.costs(['orders', 'customers'], [ORDERS, IMPOSSIBLE, CUSTOMERS]);
    expect(orders).toEqual(new Error('impossible'));
    expect(customers).toMatchObject({ totalCost: 10, hypotheticalUsed: [indexSpecKey(CUSTOMERS)] });
  });

  it('leaves such an index out where it is lenient and has another', async () => {
    const { planner } = setUp(undefined, { lenient: true });
    const [orders] = await planner.costs(['orders'], [IMPOSSIBLE, ORDERS]);
    expect(orders).toMatchObject({ totalCost: 10, hypotheticalUsed: [indexSpecKey(ORDERS)] });
    expect(await planner.costs(['orders'], [IMPOSSIBLE])).toEqual([new Error('impossible')]);
  });

  it('says so where its backend cannot plan without an index, of the statements on its table alone', async () => {
    const { planner } = setUp();
    const masked = [{ schema: 'shop', name: 'i', table: ORDERS.table }];
    const [orders, customers] = await planner.costsWithout(['orders', 'customers'], [CUSTOMERS], masked);
    expect(orders).toEqual(new Error('nothing 1.0 cannot plan as if an index were not there'));
    expect(customers).toMatchObject({ totalCost: 10 });
  });

  it('refuses plans of a relation that is not to be trusted', async () => {
    const { planner } = setUp(({ name }) => (name === 'orders' ? 'statistics of orders are hidden' : null));
    const [orders, customers] = await planner.costs(['orders', 'customers'], []);
    expect(orders).toEqual(new Refusal('statistics of orders are hidden'));
    expect(customers).not.toBeInstanceOf(Error);
    await expect(planner.explain('orders', [])).rejects.toThrow('statistics of orders are hidden');
  });
});

/** A planner whose one backend uses the first index on the table that the statement is the name of. */
function setUp(refusal: (relation: RelationName) => string | null = () => null, options?: { lenient: boolean }) {
  const asked: string[] = [];
  const names = new Map<string, string>();
  const planOf = (statement: string, indexes: readonly IndexSpec[]): PlanNode | Error => {
    const used = indexes.find(({ table }) => table.name === statement);
    if (statement === 'broken') return new Error('broken');
    if (used !== undefined) names.set(`index of ${statement}`, indexSpecKey(used));
    return scan(statement, used === undefined ? null : `index of ${statement}`);
  };
  const backend: PlanBackend = {
    describe: () => 'nothing 1.0',
    plans: async (statements, indexes) => {
      const listed = indexes.map(({ table, keys }) => `shop.${table.name}(${keys.map(({ sql }) => sql).join()})`);
      asked.push(...statements.map((statement) => `${statement} with ${listed.join(' ') || 'nothing'}`));
      return statements.map((statement) => planOf(statement, indexes));
    },
    prepare: async (indexes) => indexes.map((index) => (index === IMPOSSIBLE ? new Error('impossible') : null)),
    planText: async () => '',
    parameterTypes: async () => [],
    size: async () => ({ sizeBytes: 0, rowsEstimate: 0 }),
    hypotheticalKey: (name) => names.get(name) ?? null,
    refusal,
    close: async () => undefined,
  };
  return { planner: cachedPlanner([backend], async () => undefined, options), asked };
}

function scan(relation: string, index: string | null): PlanNode {
  return {
    ...{ nodeType: index === null ? 'Seq Scan' : 'Index Scan', relation, schema: 'shop', alias: relation, index },
    ...{ startupCost: 0, totalCost: index === null ? 100 : 10, rowsEstimate: 1, widthBytes: 8 },
    ...{ indexCondition: null, filter: null, sortKeys: [], parentRelationship: null, subplanName: null },
    ...{ children: [], actual: null, details: {} },
  };
}
