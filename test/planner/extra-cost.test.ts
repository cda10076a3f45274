import { expect, it } from 'vitest';
import type { PlanNode } from '../../src/model/plan.js';
import { extraCostOf } from '../../src/planner/extra-cost.js';

const EXTRA = 60;

const node = (nodeType: string, children: readonly PlanNode[] = [], changes: Partial<PlanNode> = {}): PlanNode => ({
  nodeType,
  ...{ relation: null, schema: null, alias: null, index: null, indexCondition: null, filter: null, sortKeys: [] },
  ...{ startupCost: 0, totalCost: 100, rowsEstimate: 10, widthBytes: 8, parentRelationship: null, subplanName: null },
  ...{ children, actual: null, details: {} },
  ...changes,
});

const scan = (changes: Partial<PlanNode> = {}) => node('Index Scan', [], changes);
const extra = (plan: PlanNode) => extraCostOf(plan, ({ nodeType }) => (nodeType === 'Index Scan' ? EXTRA : 0));

it('counts what each scan costs beyond its estimate once', () => {
  expect(extra(scan())).toBe(EXTRA);
  expect(extra(node('Append', [scan(), scan()]))).toBe(2 * EXTRA);
});

it('counts the part of it that a LIMIT reads, and all of it below a sort', () => {
  expect(extra(node('Limit', [scan()], { totalCost: 25 }))).toBe(EXTRA / 4);
  const sorted = node('Sort', [scan()], { startupCost: 100, totalCost: 101 });
  expect(extra(node('Limit', [sorted], { startupCost: 100, totalCost: 100.1 }))).toBe(EXTRA);
  const counted = node('Aggregate', [scan()], { startupCost: 100, totalCost: 101, details: { Strategy: 'Plain' } });
  expect(extra(node('Limit', [counted], { startupCost: 100, totalCost: 101 }))).toBe(EXTRA);
});

it('passes scans by that run once for each row of another', () => {
  const inner = scan({ parentRelationship: 'Inner' });
  expect(extra(node('Nested Loop', [scan({ parentRelationship: 'Outer' }), inner]))).toBe(EXTRA);
  expect(extra(node('Merge Join', [scan({ parentRelationship: 'Outer' }), inner]))).toBe(2 * EXTRA);
  expect(extra(node('Seq Scan', [scan({ parentRelationship: 'SubPlan' })]))).toBe(0);
  expect(extra(node('Limit', [node('Result'), scan({ parentRelationship: 'InitPlan' })], { totalCost: 1 }))).toBe(
    EXTRA,
  );
});
