import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type IndexSpec, indexSpecKey, type Planner } from '../../../src/model/planner.js';
import { buildTwin } from '../../../src/planner/twin/build.js';
import { readSnapshot } from '../../../src/postgres/snapshot-reader.js';
import { testDatabase } from '../../postgres.js';
import { twinServer } from '../../twin-server.js';
import { indexOn, makeShop } from '../shop.js';

const CUSTOMER = indexOn('orders', ['customer_id']);
const STATE = indexOn('orders', ['customer_id', 'state']);
const JOINED = indexOn('customers', ['joined_at']);

describe('a twin that leaves indexes switched on', () => {
  let twin: Planner;
  let asked = 0;

  beforeAll(async () => {
    const { session } = await testDatabase();
    await makeShop(session);
    twin = await buildTwin(await readSnapshot(session), { server: await twinServer() });
  });

  afterAll(() => twin?.close());

  /** What the plan of a text that was never asked for uses. */
  async function usedOf(indexes: readonly IndexSpec[], table = 'orders'): Promise<readonly string[] | undefined> {
    asked += 1;
    const where = table === 'orders' ? `customer_id = 7 AND state = 'paid'` : `joined_at = '2024-02-02'`;
    const [cost] = await twin.costs([`SELECT ${asked} FROM shop.${table} WHERE ${where}`], indexes);
    return cost instanceof Error ? undefined : cost?.hypotheticalUsed;
  }

  it('plans with just those that are asked for, whatever was asked for before', async () => {
    expect(await usedOf([CUSTOMER, STATE])).toEqual([indexSpecKey(STATE)]);
    expect(await usedOf([CUSTOMER])).toEqual([indexSpecKey(CUSTOMER)]);
    expect(await usedOf([JOINED], 'customers')).toEqual([indexSpecKey(JOINED)]);
    expect(await usedOf([JOINED, STATE])).toEqual([indexSpecKey(STATE)]);
    expect(await usedOf([], 'customers')).toEqual([]);
    expect(await usedOf([STATE], 'customers')).toEqual([]);
    expect(await usedOf([])).toEqual([]);
  });

  it('explains with none where none is asked for', async () => {
    await usedOf([STATE]);
    const sql = "SELECT 0 FROM shop.orders WHERE customer_id = 7 AND state = 'paid'";
    const plan = await twin.explain(sql, []);
    expect(await twin.costs([sql], [])).toMatchObject([{ totalCost: plan.totalCost, hypotheticalUsed: [] }]);
    const withIndex = await twin.explain(sql, [STATE]);
    expect(withIndex.totalCost).toBeLessThan(plan.totalCost / 2);
    expect(await twin.explainText(sql, [])).toContain(plan.totalCost.toFixed(2));
  });
});
