import { describe, expect, it } from 'vitest';
import { hashPlans, type RawPlanNode, somePlanNode } from '../../src/bench/plan-hash.js';

function indexScan(parts: Record<string, unknown> = {}): RawPlanNode {
  return {
    'Node Type': 'Index Scan',
    Schema: 'public',
    'Relation Name': 'commands',
    'Index Name': 'commands_status_idx',
    'Index Cond': "((status)::text = 'sent'::text)",
    Filter: '(retries < 5)',
    'Total Cost': 8.3,
    'Actual Rows': 3,
    ...parts,
  };
}

describe('hashPlans', () => {
  it('is equal for the same shape with other values, costs and rows', () => {
    const other = indexScan({
      'Index Cond': "((status)::text = 'it''s'::text)",
      Filter: '(retries < 17)',
      'Total Cost': 99,
      'Actual Rows': 0,
    });
    expect(hashPlans([indexScan()])).toBe(hashPlans([other]));
  });

  it('is equal for the generic plan, whose values are parameters', () => {
    const generic = indexScan({ 'Index Cond': '((status)::text = $1)', Filter: '(retries < $2)' });
    const custom = indexScan({ 'Index Cond': "((status)::text = 'a')", Filter: '(retries < 5)' });
    expect(hashPlans([generic])).toBe(hashPlans([custom]));
  });

  it.each([
    ['the node', { 'Node Type': 'Index Only Scan' }],
    ['the index', { 'Index Name': 'commands_pkey' }],
    ['the column of a condition', { Filter: '(attempts < 5)' }],
    ['the number in a column name', { Filter: '(retries2 < 5)' }],
    ['the direction', { 'Scan Direction': 'Backward' }],
    ['a child', { Plans: [indexScan()] }],
  ])('differs when %s does', (_, parts) => {
    expect(hashPlans([indexScan(parts)])).not.toBe(hashPlans([indexScan()]));
  });

  it('differs when one parameter set of several has another plan', () => {
    const sequential = indexScan({ 'Node Type': 'Seq Scan' });
    expect(hashPlans([indexScan(), sequential])).not.toBe(hashPlans([indexScan(), indexScan()]));
  });
});

describe('somePlanNode', () => {
  it('looks at children of children', () => {
    const tree = { 'Node Type': 'Limit', Plans: [{ 'Node Type': 'Sort', Plans: [indexScan()] }] };
    expect(somePlanNode(tree, (node) => node['Node Type'] === 'Index Scan')).toBe(true);
    expect(somePlanNode(tree, (node) => node['Node Type'] === 'ModifyTable')).toBe(false);
  });
});
