import { type IndexSpec, indexSpecKey } from '../../model/planner.js';
import { without } from './indexes-by-table.js';
import { planAhead } from './plan-ahead.js';
import { totalCost, type WorkloadCosts } from './workload-costs.js';

/** An index that takes less than this share off the workload's cost is not worth having, be there room or not. */
const WORKLOAD_SHARE_MIN = 0.001;
/** Where nothing tells how often statements are called, none hides another: it is worth having where a call of some cost … */
const CALL_COST_MIN = 400;
/** … falls to this part of it. */
const CALL_SHARE_MAX = 0.5;

/** Takes out, weakest first, what no plan uses and what hardly lowers the workload's cost. */
export async function dropMarginal(costs: WorkloadCosts, set: readonly IndexSpec[]): Promise<readonly IndexSpec[]> {
  const worth = totalCost(costs.statements, costs.base) * WORKLOAD_SHARE_MIN;
  const isCounted = costs.statements.some(({ statement }) => statement.calls > 1 || (statement.totalTimeMs ?? 0) > 0);
  let kept = set;
  for (;;) {
    await planAhead(
      costs,
      kept.map((index) => ({ indexes: without(kept, index), statements: costs.readersOf(index) })),
    );
    let weakest: { readonly index: IndexSpec; readonly gain: number } | null = null;
    for (const index of kept) {
      const gain = await gainOf(costs, kept, index);
      if (gain >= worth || (weakest !== null && gain >= weakest.gain)) continue;
      if (isCounted || !(await halvesSome(costs, kept, index))) weakest = { index, gain };
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

/** Tells whether a call of some statement costs half by the index, the rest of the set being there. */
async function halvesSome(costs: WorkloadCosts, set: readonly IndexSpec[], index: IndexSpec): Promise<boolean> {
  const readers = costs.readersOf(index);
  const under = await costs.under(set, readers);
  const after = await costs.under(without(set, index), readers);
  return readers.some((statement) => {
    const before = after.get(statement)?.perCall ?? 0;
    return before >= CALL_COST_MIN && (under.get(statement)?.perCall ?? before) <= before * CALL_SHARE_MAX;
  });
}
