import { describe, expect, it } from 'vitest';
import { diffPlans } from '../../src/report/plan-diff.js';

const changed = (lines: readonly { readonly text: string; readonly kept: boolean }[]) =>
  lines.filter(({ kept }) => !kept).map(({ text }) => text.trim());

describe('diffPlans', () => {
  it('marks the nodes that one plan has and the other has not', () => {
    const before =
      'Limit  (cost=1..2 rows=3)\n  ->  Sort  (cost=9..9)\n        ->  Seq Scan on t  (cost=0..9)\nExecution Time: 3 ms';
    const after = 'Limit  (cost=1..4 rows=5)\n  ->  Index Scan using i on t  (cost=0..1)\nExecution Time: 1 ms';
    const diff = diffPlans(before, after);
    expect(changed(diff.before)).toEqual(['->  Sort  (cost=9..9)', '->  Seq Scan on t  (cost=0..9)']);
    expect(changed(diff.after)).toEqual(['->  Index Scan using i on t  (cost=0..1)']);
  });

  it('marks nothing where only costs, times and counts differ', () => {
    const diff = diffPlans(
      'Seq Scan on t (actual time=1..2 rows=3)\n  Buffers: shared hit=5',
      'Seq Scan on t (actual time=8..9 rows=1)\n  Buffers: shared hit=7',
    );
    expect([...changed(diff.before), ...changed(diff.after)]).toEqual([]);
  });

  it('marks everything where nothing is shared, and copes with an empty plan', () => {
    expect(changed(diffPlans('Result', '').before)).toEqual(['Result']);
  });
});
