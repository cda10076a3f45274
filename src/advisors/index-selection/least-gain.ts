import { totalCost, type WorkloadCosts } from './workload-costs.js';

/** Share of the workload's cost under which an index is not worth its upkeep. */
const WORKLOAD_GAIN_MIN = 1e-6;
/** Where nothing counts the calls, a dear statement hides no other: this many planner units are worth an index anyway. */
const UNCOUNTED_GAIN_MIN = 100;

/** Gives the gain, in planner units, up to which an index is not worth having. */
export function leastGain(costs: WorkloadCosts): number {
  const share = WORKLOAD_GAIN_MIN * totalCost(costs.statements, costs.base);
  const isCounted = costs.statements.some(({ statement }) => statement.calls > 1 || (statement.totalTimeMs ?? 0) > 0);
  return isCounted ? share : Math.min(share, UNCOUNTED_GAIN_MIN);
}
