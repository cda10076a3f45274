import { describe, expect, it } from 'vitest';
import { parsePlan } from '../../src/postgres/explain.js';

const EXPLAINED = [
  {
    Plan: {
      'Node Type': 'Sort',
      'Startup Cost': 8.3,
      'Total Cost': 8.4,
      'Plan Rows': 3,
      'Plan Width': 12,
      'Sort Key': ['created_at DESC'],
      Plans: [
        {
          'Node Type': 'Index Scan',
          'Parent Relationship': 'Outer',
          Schema: 'public',
          'Relation Name': 'orders',
          Alias: 'o',
          'Index Name': 'orders_pkey',
          'Startup Cost': 0.3,
          'Total Cost': 8.3,
          'Plan Rows': 3,
          'Plan Width': 12,
          'Index Cond': '(id = 7)',
          Filter: '(amount > 1)',
          'Actual Rows': 2.5,
          'Actual Loops': 4,
          'Actual Total Time': 0.5,
          'Shared Hit Blocks': 12,
          'Shared Read Blocks': 3,
          'Rows Removed by Filter': 1,
          Workers: [],
        },
      ],
    },
  },
];

describe('a plan', () => {
  it('is a tree of nodes with estimates, conditions, and the rest by its own key', () => {
    const plan = parsePlan(EXPLAINED);
    expect(plan).toMatchObject({ nodeType: 'Sort', totalCost: 8.4, sortKeys: ['created_at DESC'], actual: null });
    expect(plan.children[0]).toMatchObject({
      relation: 'orders',
      schema: 'public',
      alias: 'o',
      index: 'orders_pkey',
      indexCondition: '(id = 7)',
      filter: '(amount > 1)',
      parentRelationship: 'Outer',
    });
    expect(plan.children[0]?.details).toHaveProperty('Workers');
  });

  it('has measured figures of all loops together where it was executed', () => {
    expect(parsePlan(EXPLAINED).children[0]?.actual).toEqual({
      rows: 10,
      loops: 4,
      durationMs: 2,
      sharedHitBuffers: 12,
      sharedReadBuffers: 3,
      rowsRemovedByFilter: 4,
    });
  });

  it('is read from text as well, and is not made of anything else', () => {
    expect(parsePlan(JSON.stringify(EXPLAINED))).toEqual(parsePlan(EXPLAINED));
    expect(() => parsePlan('{"plan": 1}')).toThrow(/holds no plan/);
  });
});
