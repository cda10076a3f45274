import { describe, expect, it } from 'vitest';
import { subqueryShares } from '../../../src/postgres/subquery-shares.js';
import { readPlanText } from '../../../src/workload/log/plan-text.js';

const PLAN = `Sort  (cost=10.00..20.00 rows=3 width=8) (actual time=90.1..100.0 rows=3 loops=1)
  Sort Key: a.name
  Buffers: shared hit=150 read=50, temp read=3 written=3
  InitPlan 1 (returns $0)
    ->  Result  (cost=0.00..0.01 rows=1 width=4) (actual time=0.001..0.002 rows=1 loops=1)
  ->  Seq Scan on agents a  (cost=0.00..9.00 rows=3 width=8) (actual time=1.0..99.0 rows=3 loops=1)
        Filter: ((SubPlan 2) > 1)
        Buffers: shared hit=150 read=50
        SubPlan 2
          ->  Aggregate  (cost=1.00..2.00 rows=1 width=8) (actual time=10.0..20.0 rows=1 loops=4)
                Buffers: shared hit=100
                ->  Index Scan using "by agent" on shop."the events" e  (cost=0.1..0.9 rows=9 width=4) (actual time=0.1..0.2 rows=9 loops=4)
                      Buffers: shared hit=100
        SubPlan 3
          ->  Seq Scan on jobs  (cost=0.1..0.9 rows=9 width=4) (never executed)`;

describe('a plan in text', () => {
  it('tells what its subqueries took', () => {
    const plan = readPlanText(PLAN);
    expect(plan === null ? [] : subqueryShares(plan)).toEqual([
      { relation: 'shop."the events"', runs: 4, timeShare: 0.8, buffersShare: 0.5 },
    ]);
  });

  it('tells of no time and no buffers that were not taken', () => {
    const bare = PLAN.replaceAll(/time=\S+ /g, '').replaceAll(/\n\s*Buffers: .*/g, '');
    const plan = readPlanText(bare);
    expect(plan === null ? [] : subqueryShares(plan)).toMatchObject([{ runs: 4, timeShare: null, buffersShare: null }]);
  });

  it('is none without a node', () => {
    expect(readPlanText('Query Text: SELECT 1')).toBeNull();
  });
});
