import { describe, expect, it } from 'vitest';
import type { ActualFigures } from '../../src/model/plan.js';
import { type RunNode, subqueryShares } from '../../src/postgres/subquery-shares.js';

function node(actual: Partial<ActualFigures>, parts: Partial<RunNode> = {}): RunNode {
  const none = { rows: 0, loops: 1, durationMs: 0, sharedHitBuffers: 0, sharedReadBuffers: 0, rowsRemovedByFilter: 0 };
  return {
    ...{ relation: null, schema: null, parentRelationship: null, children: [] },
    ...parts,
    actual: { ...none, ...actual },
  };
}

const subPlan = (relation: string, actual: Partial<ActualFigures>) =>
  node(actual, { relation, parentRelationship: 'SubPlan' });

describe('the subqueries of an executed plan', () => {
  it('come by the buffers that they read, then by their runs, each with its shares of the whole', () => {
    const plan = node(
      { durationMs: 200, sharedHitBuffers: 80, sharedReadBuffers: 20 },
      {
        children: [
          subPlan('seldom', { loops: 3, sharedHitBuffers: 10, durationMs: 20 }),
          subPlan('dear', { loops: 2, sharedHitBuffers: 40, sharedReadBuffers: 20, durationMs: 100 }),
          subPlan('often', { loops: 5, sharedHitBuffers: 10, durationMs: 300 }),
        ],
      },
    );
    expect(subqueryShares(plan)).toEqual([
      { relation: 'dear', runs: 2, timeShare: 0.5, buffersShare: 0.6 },
      // The time of parallel workers may be more than the clock's.
      { relation: 'often', runs: 5, timeShare: 1, buffersShare: 0.1 },
      { relation: 'seldom', runs: 3, timeShare: 0.1, buffersShare: 0.1 },
    ]);
  });

  it('are none where they are run once, and have no share of what was not measured', () => {
    const scan = node({}, { relation: 'events', schema: 'log' });
    const plan = node(
      { durationMs: 0 },
      {
        children: [
          subPlan('hashed', { loops: 1, sharedHitBuffers: 9 }),
          node({ loops: 4 }, { parentRelationship: 'SubPlan', children: [scan] }),
        ],
      },
    );
    expect(subqueryShares(plan)).toEqual([{ relation: 'log.events', runs: 4, timeShare: null, buffersShare: null }]);
  });
});
