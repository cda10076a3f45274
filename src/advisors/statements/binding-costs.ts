import type { IndexSpec, Planner } from '../../model/planner.js';
import type { StatementBinding } from '../../model/workload.js';

/** Gives the planner cost of one call, the bindings by their shares; null where one of them cannot be planned. */
export async function costOf(
  bindings: readonly StatementBinding[],
  planner: Planner,
  indexes: readonly IndexSpec[] = [],
): Promise<number | null> {
  const costs = await planner.costs(
    bindings.map(({ sql }) => sql),
    indexes,
  );
  let sum = 0;
  for (const [place, cost] of costs.entries()) {
    if (cost instanceof Error) return null;
    sum += cost.totalCost * (bindings[place]?.share ?? 0);
  }
  return costs.length === 0 ? null : sum;
}
