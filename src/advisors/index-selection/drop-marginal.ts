import { type IndexSpec, indexSpecKey } from '../../model/planner.js';
import { without } from './indexes-by-table.js';
import { planAhead } from './plan-ahead.js';
import { totalCost, type WorkloadCosts } from './workload-costs.js';

/** An index that takes less than this share off the workload's cost is not worth having, be there room or not. */
const WORKLOAD_SHARE_MIN = 0.001;

/** Takes out, weakest first, what no plan uses and what hardly lowers the workload's cost. */
export async function dropMarginal(costs: WorkloadCosts, set: readonly IndexSpec[]): Promise<readonly IndexSpec[]> {
  const worth = totalCost(costs.statements, costs.base) * WORKLOAD_SHARE_MIN;
  let kept = set;
  for (;;) {
    await planAhead(
      costs,
      kept.map((index) => ({ indexes: without(kept, index), statements: costs.readersOf(index) })),
    );
    let weakest: { readonly index: IndexSpec; readonly gain: number } | null = null;
    for (const index of kept) {
      const gain = await gainOf(costs, kept, index);
      if (gain < worth && (weakest === null || gain < weakest.gain)) weakest = { index, gain };
    }
    if (weakest === null) return kept;
    kept = without(kept, weakest.index);
  }
}

/** Planner units that the workload saves by the index, the rest of the set being there, less what it costs to write. */
async function gainOf(costs: WorkloadCosts, set: readonly IndexSpec[], index: IndexSpec): Promise<number> {
  const key = indexSpecKey(index);
  const under = await costs.under(set, costs.readersOf(index));
  const users = [...under].filter(([, cost]) => cost.used.has(key)).map(([statement]) => statement);
  if (users.length === 0) return 0;
  const after = await costs.under(without(set, index), users);
  return totalCost(users, after) - totalCost(users, under) - costs.writeCost(index);
}
