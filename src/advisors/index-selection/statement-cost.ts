import type { PlanCost } from '../../model/planner.js';
import type { AnalyzedStatement } from '../advisor.js';

/** One statement's cost under some indexes. */
export interface StatementCost {
  /** Planner units of one call: the bindings' costs by their shares, with the blocks that the planner leaves out. */
  readonly perCall: number;
  /** The planner's own estimate of it: no plan that it would choose with fewer indexes is cheaper. */
  readonly planned: number;
  /** Planner units of the binding that costs most. */
  readonly worst: number;
  /** Keys of the hypothetical indexes that any of its plans uses. */
  readonly used: ReadonlySet<string>;
  /** Existing indexes that any of them uses, schema-qualified. */
  readonly existing: ReadonlySet<string>;
}

/** What statements cost, each under the same indexes. */
export type Costs = ReadonlyMap<AnalyzedStatement, StatementCost>;

/** Plans of nearly equal cost may come out in either order: a statement this near its best has nothing to gain. */
const NEAR_BEST = 1.001;

/** Gives the planner units that all calls save; 0 where the two are as good as equal. */
export function savedBetween(before: Costs, after: Costs, reader: AnalyzedStatement): number {
  const from = before.get(reader)?.perCall ?? 0;
  const to = after.get(reader)?.perCall ?? 0;
  return from > to && from < to * NEAR_BEST ? 0 : reader.statement.calls * (from - to);
}

/** Weighs a statement's texts by their shares, those that could be planned; the first error when none could. */
export function combineCosts(shares: readonly number[], costs: readonly (PlanCost | Error)[]): StatementCost | Error {
  let weighed = 0;
  let scattered = 0;
  let share = 0;
  let worst = 0;
  const used = new Set<string>();
  const existing = new Set<string>();
  for (const [position, cost] of costs.entries()) {
    if (cost instanceof Error) continue;
    weighed += cost.totalCost * (shares[position] ?? 0);
    scattered += cost.scatterCost * (shares[position] ?? 0);
    share += shares[position] ?? 0;
    worst = Math.max(worst, cost.totalCost + cost.scatterCost);
    for (const key of cost.hypotheticalUsed) used.add(key);
    for (const name of cost.existingUsed) existing.add(name);
  }
  if (share === 0)
    return costs.find((cost) => cost instanceof Error) ?? new Error('the statement has no executable form');
  return { perCall: (weighed + scattered) / share, planned: weighed / share, worst, used, existing };
}
