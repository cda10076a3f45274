import { expect, it } from 'vitest';
import { openTarget } from '../../src/planner/target.js';
import { testDatabase } from '../postgres.js';
import { indexOn, makeShop, realPlan } from './shop.js';

it('plans on the target as it is, read-only', async () => {
  const { url, session } = await testDatabase({ template: 'shop', prepare: makeShop });
  const planner = await openTarget(url);
  try {
    const sql = "UPDATE shop.orders SET state = 'lost' WHERE id = 5";
    const real = await realPlan(session, sql);
    expect(planner.describe()).toMatch(/^target 18\.\d+$/);
    expect((await planner.explain(sql, [])).totalCost).toBe(real.totalCost);
    expect(await planner.explainText('SELECT * FROM shop.orders WHERE id = $1', [])).toMatch(
      /^Index Scan using orders_pkey/,
    );
    const [fine, broken, several] = await planner.costs([sql, 'SELECT nothing', 'SELECT 1; SELECT 2'], []);
    expect(fine).toMatchObject({ totalCost: real.totalCost, existingUsed: ['shop.orders_pkey'] });
    expect(broken).toBeInstanceOf(Error);
    expect(several).toEqual(new Error('the text holds more than one statement'));
    expect((await planner.describeStatement('SELECT * FROM shop.orders WHERE state = $1')).parameterTypes).toEqual([
      'shop.state',
    ]);
  } finally {
    await planner.close();
  }
});

it('says that it cannot plan with hypothetical indexes', async () => {
  const { url } = await testDatabase({ template: 'shop', prepare: makeShop });
  const planner = await openTarget(url);
  try {
    const [cost] = await planner.costs(['SELECT * FROM shop.orders'], [indexOn('orders', ['state'])]);
    expect((cost as Error).message).toMatch(/--planner twin/);
    await expect(planner.size(indexOn('orders', ['state']))).rejects.toThrow('--planner twin');
  } finally {
    await planner.close();
  }
});
