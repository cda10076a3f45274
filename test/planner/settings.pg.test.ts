import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Planner } from '../../src/model/planner.js';
import { openScratchPlanner } from '../../src/planner/scratch.js';
import { openTarget } from '../../src/planner/target.js';
import { buildTwin } from '../../src/planner/twin/build.js';
import { openSession, type Session } from '../../src/postgres/session.js';
import { readSnapshot } from '../../src/postgres/snapshot-reader.js';
import { testDatabase } from '../postgres.js';
import { twinServer } from '../twin-server.js';
import { makeShop, realPlan } from './shop.js';

const SORTED = 'SELECT * FROM shop.orders ORDER BY amount';
const SMALL = [{ name: 'work_mem', value: '64kB' }];

describe('planning with other settings', () => {
  const planners = new Map<string, Planner>();
  let session: Session;

  beforeAll(async () => {
    const copy = await testDatabase({ template: 'shop', prepare: makeShop });
    session = copy.session;
    const snapshot = await readSnapshot(session);
    const scratch = await openSession(copy.url);
    planners.set('twin', await buildTwin(snapshot, { server: await twinServer() }));
    planners.set('target', await openTarget(copy.url));
    planners.set('scratch', await openScratchPlanner(scratch, { snapshot, statementTimeoutMs: 5000 }));
  });

  afterAll(async () => {
    for (const planner of planners.values()) await planner.close();
  });

  it.each(['twin', 'target', 'scratch'])(
    'is as the database itself plans with them, on %s, and holds for one plan',
    async (name) => {
      const planner = planners.get(name);
      const own = await realPlan(session, SORTED);
      await session.query("SET work_mem = '64kB'");
      const small = await realPlan(session, SORTED);
      await session.query('RESET work_mem');
      expect(small.totalCost).toBeGreaterThan(own.totalCost);
      expect((await planner?.explain(SORTED, [], SMALL))?.totalCost).toBe(small.totalCost);
      expect((await planner?.explain(SORTED, []))?.totalCost).toBe(own.totalCost);
      expect((await planner?.explain(`${SORTED} DESC`, []))?.totalCost).toBe(own.totalCost);
    },
  );
});
